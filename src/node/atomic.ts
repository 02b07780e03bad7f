/**
 * Writing a file so that whoever reads the path, at any moment and after any crash, finds the old content or the new,
 * never a mixture: the bytes go to a temporary file in the same folder, are flushed to the disk, and take the name in one
 * rename. Synchronous, so that it also works inside a signal handler's last words.
 */

import * as fs from "node:fs";
import { basename, dirname, join } from "node:path";
import { bytes, type Check, checkArgument, checkArguments, text } from "../arguments/checks.ts";
import { fileError } from "./fileError.ts";
import { hostName, isAlive } from "./processes.ts";

/** The file-system calls used, replaceable so that failures can be rehearsed. */
export type AtomicFileSystem = Pick<
  typeof fs,
  "openSync" | "writeSync" | "fsyncSync" | "closeSync" | "renameSync" | "unlinkSync"
>;

/** A temporary file that no living writer touches for this long is a leftover, whoever wrote it. */
const LEFTOVER_AFTER_MS = 10 * 60 * 1000;
/** .NAME.PROCESS-NUMBER@HOST.tmp: on a shared file system the process may be another machine's. */
const TEMPORARY = /^\..+\.(\d+)-\d+@(.+)\.tmp$/;
/** Windows refuses to replace a file that a virus scanner or a viewer has open, which they do for moments. */
const BUSY = ["EPERM", "EACCES", "EBUSY"];
const BUSY_TRIES = 20;
const BUSY_WAIT_MS = 50;
const contentCheck: Check = {
  expected: "bytes or a text",
  fits: (value) => bytes.fits(value) || typeof value === "string",
};
let counter = 0;

/**
 * Replaces the file at `path` with `content`, whole or not at all.
 * @throws AscentError "file" with path, cause and cure; the old file is then untouched and the temporary one removed.
 */
export function writeFileAtomic(path: string, content: Uint8Array | string, system: AtomicFileSystem = fs): void {
  checkArguments("writeFileAtomic", { path: text, content: contentCheck }, { path, content });
  const encoded = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const folder = dirname(path);
  const temporary = temporaryPath(path);
  try {
    writeAndFlush(temporary, encoded, system);
    renameOver(temporary, path, system);
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

/** A name beside `path` that no other file has, of the kind that `removeLeftovers` clears away after a crash. */
export function temporaryPath(path: string): string {
  return join(dirname(path), `.${basename(path)}.${process.pid}-${counter++}@${hostName()}.tmp`);
}

/** Removes the file at `path`, if there is one. @throws AscentError "file" when it cannot be removed. */
export function removeFile(path: string): void {
  try {
    fs.rmSync(path, { force: true });
  } catch (error) {
    throw fileError("remove", path, error);
  }
}

/** Whether a file of this name is one of `temporaryPath`, in use or left by a process that was killed. */
export function isTemporary(name: string): boolean {
  return TEMPORARY.test(name);
}

/** Removes the temporary files that killed writers left in `folder`; those of writers that may be living stay. */
export function removeLeftovers(folder: string): void {
  checkArgument("removeLeftovers: folder", text, folder);
  for (const name of fs.readdirSync(folder)) {
    const match = TEMPORARY.exec(name);
    if (match === null) continue;
    const path = join(folder, name);
    attempt(() => {
      const old = Date.now() - fs.statSync(path).mtimeMs > LEFTOVER_AFTER_MS;
      if (old || (match[2] === hostName() && !isAlive(Number(match[1])))) fs.unlinkSync(path);
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

function renameOver(from: string, to: string, system: AtomicFileSystem): void {
  for (let tries = 1; ; tries++) {
    try {
      system.renameSync(from, to);
      return;
    } catch (error) {
      const busy = error instanceof Error && "code" in error && BUSY.includes(String(error.code));
      if (process.platform !== "win32" || !busy || tries === BUSY_TRIES) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BUSY_WAIT_MS);
    }
  }
}

function attempt(action: () => void): void {
  try {
    action();
  } catch {
    // Best effort by intent: the outcome that matters has already been settled.
  }
}
