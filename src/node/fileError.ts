/**
 * Turns the operating system's error codes into an AscentError that says what could not be done, to which path, why,
 * and what helps.
 */
import { checkArguments, text } from "../arguments/checks.ts";
import { AscentError } from "../errors.ts";

const CAUSES: Readonly<Record<string, readonly [cause: string, fix: string]>> = {
  ENOSPC: ["the disk is full", "Free some space on that disk or choose another folder."],
  EDQUOT: ["the disk quota is used up", "Free some space or choose another folder."],
  EFBIG: ["the file would be larger than allowed", "Raise the file-size limit or choose another folder."],
  EACCES: ["permission was denied", "Give yourself the permission or choose another folder."],
  EPERM: ["the system does not permit it", "Check the owner and attributes, or choose another folder."],
  EROFS: ["the file system is read-only", "Choose a folder on a writable file system."],
  ENOENT: ["the file or its folder does not exist", "Check the path, or create the folder."],
  EEXIST: ["there is something else of that name", "Move it away, or choose another name."],
  EBUSY: ["another program has it open", "Close that program and try again."],
  ENOTDIR: ["a part of the path is not a folder", "Check the path."],
  EISDIR: ["the path is a folder", "Give the path of a file."],
  EMFILE: ["too many files are open", "Close some, or raise the limit on open files."],
  EIO: ["the disk reported an input/output error", "Check the disk; use another one."],
};

/** What `read` finds wrong with the content of a file, with the file's name in front. */
export function namingFile<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof AscentError)) throw error;
    const { problem } = error;
    throw new AscentError(error.code, { ...problem, what: `${path}: ${problem.what}` }, { cause: error });
  }
}

/** `action` completes "could not …", for example "write". */
export function fileError(action: string, path: string, error: unknown): AscentError {
  checkArguments("fileError", { action: text, path: text }, { action, path });
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const [cause, fix] = CAUSES[code] ?? [
    error instanceof Error ? error.message : String(error),
    "Check the path and the disk.",
  ];
  const what = `Could not ${action} ${path}: ${cause}${code === "" ? "" : ` (${code})`}`;
  return new AscentError("file", { what, fix }, { cause: error });
}
