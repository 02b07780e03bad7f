/** Files of one folder by the paths that a browser asks for, and never one outside it: not by "..", nor by a link that leads out. */
import { readFile, realpath, stat } from "node:fs/promises";
import { extname, join, resolve, sep } from "node:path";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".safetensors": "application/octet-stream",
};

/** @param path below the folder, with slashes; undefined where there is no such file in it. */
export async function openFile(folder: string, path: string): Promise<{ type: string; body: Uint8Array } | undefined> {
  try {
    const root = await realpath(resolve(folder));
    const file = await realpath(join(root, path));
    if (!file.startsWith(root + sep) || !(await stat(file)).isFile()) return undefined;
    return { type: TYPES[extname(file).toLowerCase()] ?? "application/octet-stream", body: await readFile(file) };
  } catch {
    // Not there, or not to be read: to a browser the same.
    return undefined;
  }
}
