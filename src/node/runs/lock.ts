/**
 * An exclusive lock as a file that names the process holding it. A lock whose process is gone, as after kill -9, is taken
 * over; whether a process of another machine is gone cannot be known from here, so its lock stands until it is removed.
 */
import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
import { z } from "zod";
import { AscentError } from "../../errors.ts";
import { temporaryPath } from "../atomic.ts";
import { fileError } from "../fileError.ts";
import { hostName, isAlive } from "../processes.ts";

const form = z.object({ host: z.string(), pid: z.int(), id: z.string() });
type Holder = z.output<typeof form>;

/** The locks of this process, which has the number of a dead one after a container was started anew. */
const held = new Set<string>();

/**
 * Takes the lock at `path`, in a folder that exists.
 *
 * @param what is locked: completes "… is in use by process 123".
 * @returns what releases it; a process that ends releases it too.
 * @throws AscentError "file" when another process holds it, or it cannot be written.
 */
export function takeLock(path: string, what: string): () => void {
  const holder: Holder = { host: hostName(), pid: process.pid, id: randomUUID() };
  const text = JSON.stringify(holder);
  while (!created(path, text)) {
    const found = contentOf(path);
    if (found !== undefined) removeStale(path, found, what);
  }
  held.add(holder.id);
  const release = (): void => {
    process.off("exit", release);
    if (!held.delete(holder.id)) return;
    try {
      if (contentOf(path) === text) fs.rmSync(path, { force: true });
    } catch {
      // It stays behind as the lock of an ended process, which the next one takes over.
    }
  };
  process.once("exit", release);
  return release;
}

/** Whether a process that may be running holds the lock at `path`. */
export function isHeld(path: string): boolean {
  const found = contentOf(path);
  if (found === undefined) return false;
  const holder = parse(found);
  return holder === undefined || !isGone(holder);
}

/** False when there is a lock already. A link appears whole: killed at any moment, this leaves no lock without a holder. */
function created(path: string, text: string): boolean {
  const whole = temporaryPath(path);
  try {
    fs.writeFileSync(whole, text, { flag: "wx" });
    link(whole, path, text);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw fileError("write the lock", path, error);
  } finally {
    fs.rmSync(whole, { force: true });
  }
}

function link(whole: string, path: string, text: string): void {
  try {
    fs.linkSync(whole, path);
  } catch (error) {
    if (hasCode(error, "EEXIST")) throw error;
    // A file system without links, such as those of memory cards.
    fs.writeFileSync(path, text, { flag: "wx" });
  }
}

/** Undefined when the lock is gone by now. */
function contentOf(path: string): string | undefined {
  try {
    return fs.readFileSync(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw fileError("read the lock", path, error);
  }
}

/** @throws AscentError "file" when its process may be running. */
function removeStale(path: string, found: string, what: string): void {
  const holder = parse(found);
  if (holder === undefined || !isGone(holder)) {
    const who = holder === undefined ? "another process" : `process ${holder.pid} on ${holder.host}`;
    throw new AscentError("file", {
      what: `${what} is in use by ${who}`,
      fix: `Wait until it has ended, or stop it. If it is gone for certain, remove ${path}.`,
    });
  }
  // Of two that find the same stale lock, the later one may move away the new lock of the earlier: it is then put back.
  const aside = temporaryPath(path);
  try {
    fs.renameSync(path, aside);
    if (fs.readFileSync(aside, "utf8") !== found) fs.copyFileSync(aside, path, fs.constants.COPYFILE_EXCL);
    fs.rmSync(aside, { force: true });
  } catch (error) {
    if (!hasCode(error, "ENOENT") && !hasCode(error, "EEXIST")) throw fileError("take over the lock", path, error);
  }
}

function isGone({ host, pid, id }: Holder): boolean {
  if (host !== hostName()) return false;
  return pid === process.pid ? !held.has(id) : !isAlive(pid);
}

/** Undefined for what is no lock of ours. */
function parse(text: string): Holder | undefined {
  try {
    return form.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
