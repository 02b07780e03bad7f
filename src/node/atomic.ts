/**
 * Writing a file so that whoever reads the path, at any moment and after any crash, finds the old content or the new,
 * never a mixture: the bytes go to a temporary file in the same folder, are flushed to the disk, and take the name in one
 * rename. Synchronous, so that it also works inside a signal handler's last words.
 */
import * as fs from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileError } from "./fileError.ts";

/** The file-system calls used, replaceable so that failures can be rehearsed. */
export type AtomicFileSystem = Pick<
  typeof fs,
  "openSync" | "writeSync" | "fsyncSync" | "closeSync" | "renameSync" | "unlinkSync"
>;

/** A temporary file that no living writer touches for this long is a leftover, whatever its process id says. */
const LEFTOVER_AFTER_MS = 10 * 60 * 1000;
const TEMPORARY = /^\..+\.(\d+)-\d+\.tmp$/;
let counter = 0;

/**
 * Replaces the file at `path` with `content`, whole or not at all.
 * @throws AscentError "file" with path, cause and cure; the old file is then untouched and the temporary one removed.
 */
export function writeFileAtomic(path: string, content: Uint8Array | string, system: AtomicFileSystem = fs): void {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${process.pid}-${counter++}.tmp`);
  try {
    writeAndFlush(temporary, bytes, system);
    system.renameSync(temporary, path);
  } catch (error) {
    attempt(() => system.unlinkSync(temporary));
    throw fileError("write", path, error);
  }
  // The rename itself lasts only once the folder is flushed. Some systems cannot flush folders; there it is up to them.
  attempt(() => {
    const handle = system.openSync(folder, "r");
    try {
      system.fsyncSync(handle);
    } finally {
      system.closeSync(handle);
    }
  });
}

/** Removes the temporary files that killed writers left in `folder`; those of living processes stay. */
export function removeLeftovers(folder: string): void {
  for (const name of fs.readdirSync(folder)) {
    const match = TEMPORARY.exec(name);
    if (match === null) continue;
    const path = join(folder, name);
    attempt(() => {
      const old = Date.now() - fs.statSync(path).mtimeMs > LEFTOVER_AFTER_MS;
      if (old || !isAlive(Number(match[1]))) fs.unlinkSync(path);
    });
  }
}

function writeAndFlush(path: string, bytes: Uint8Array, system: AtomicFileSystem): void {
  const handle = system.openSync(path, "wx");
  try {
    writeFully(handle, bytes, system);
    system.fsyncSync(handle);
  } finally {
    system.closeSync(handle);
  }
}

/** Writes all of `bytes`: a single write may stop early, on a disk that is filling up for one. */
export function writeFully(handle: number, bytes: Uint8Array, system: Pick<typeof fs, "writeSync"> = fs): void {
  let done = 0;
  while (done < bytes.length) done += system.writeSync(handle, bytes, done, bytes.length - done);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function attempt(action: () => void): void {
  try {
    action();
  } catch {
    // Best effort by intent: the outcome that matters has already been settled.
  }
}
