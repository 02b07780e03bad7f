/** A run's folder as bytes, to be sent, and back. All its files but the lock and temporary ones. */
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, sep } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { z } from "zod";
import { AscentError } from "../../errors.ts";
import { isTemporary, writeFileAtomic } from "../atomic.ts";
import { fileError } from "../fileError.ts";
import { runFiles } from "../runs/folder.ts";

const form = z.record(z.string(), z.base64());

export function packRunFolder(folder: string): Buffer {
  const files: Record<string, string> = {};
  try {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || entry.name === runFiles.lock || isTemporary(entry.name)) continue;
      const path = join(entry.parentPath, entry.name);
      files[path.slice(folder.length + 1).replaceAll(sep, "/")] = readFileSync(path).toString("base64");
    }
  } catch (error) {
    throw fileError("read", folder, error);
  }
  return gzipSync(JSON.stringify(files));
}

/**
 * Writes the files into the folder; the summary last, which says that the run is finished.
 *
 * @throws AscentError "file" for bytes that hold no run's folder, or names that lead out of it.
 */
export function unpackRunFolder(bytes: Uint8Array, folder: string): void {
  const files = filesOf(bytes);
  const last = (name: string) => (name === runFiles.summary ? 1 : 0);
  for (const [name, content] of Object.entries(files).sort(([a], [b]) => last(a) - last(b))) {
    const path = join(folder, name);
    if (normalize(path) !== path || !path.startsWith(join(folder, sep))) throw damaged(`a file named ${name}`);
    try {
      mkdirSync(dirname(path), { recursive: true });
    } catch (error) {
      throw fileError("make the folder", dirname(path), error);
    }
    writeFileAtomic(path, Buffer.from(content, "base64"));
  }
}

function filesOf(bytes: Uint8Array): Record<string, string> {
  try {
    const parsed = form.safeParse(JSON.parse(gunzipSync(bytes).toString()));
    if (parsed.success) return parsed.data;
  } catch {
    // Said below, as for JSON of another form.
  }
  throw damaged("bytes that are no files");
}

function damaged(got: string): AscentError {
  return new AscentError("file", {
    what: "What a worker sent is not a run's folder",
    got,
    fix: "See that every worker has the same release of this package.",
  });
}
