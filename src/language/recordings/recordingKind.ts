/**
 * A kind of recording of another implementation: how to know a file of it, and how to compare it with what is computed here.
 * One object a kind; the list of them is recordingKinds.ts.
 */

import { AscentError } from "../../errors.ts";
import type { RecordingReport } from "./tally.ts";

/** Where a recording lies. */
export interface RecordingPlace {
  /** The file's own name, such as "logits.json". */
  readonly file: string;
  /** The name of the folder it is in, such as "losses"; "" at the top. */
  readonly folder: string;
  /** Bytes of another file by its path from the recording's folder, such as "config.json"; undefined where there is none. */
  read(path: string): Uint8Array | undefined;
}

/** The largest difference allowed, relative to numbers above 1. */
export const defaultTolerance = 1e-4;

export interface RecordingKind {
  readonly name: string;
  /** Which files are of this kind, in a few words. */
  readonly files: string;
  /** By the content and, where that does not say it, by the place. */
  matches(content: unknown, place: RecordingPlace): boolean;
  /** What is allowed where the caller does not say. Default `defaultTolerance`. */
  tolerance?(content: unknown): number;
  /**
   * @param content of a file that matches.
   * @throws AscentError "file" for one that is not complete, or whose files beside it are missing.
   */
  replay(content: unknown, place: RecordingPlace, tolerance: number): RecordingReport | Promise<RecordingReport>;
}

/** Whether a value is an object with all these members. */
export function hasMembers(content: unknown, ...members: readonly string[]): boolean {
  return typeof content === "object" && content !== null && members.every((member) => Object.hasOwn(content, member));
}

/** The error for a recording that is not complete, from zod's first complaint about it. */
export function notARecording(file: string, issue: { path: readonly PropertyKey[]; message: string }): AscentError {
  return new AscentError("file", {
    what: `${file} is not a whole recording`,
    got: issue.path.length === 0 ? issue.message : `at ${issue.path.map(String).join(".")}: ${issue.message}`,
    expected: "all that its kind of recording holds",
    fix: "Record it again, or restore it from a copy.",
  });
}
