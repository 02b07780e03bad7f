/**
 * Writes the event files TensorBoard reads. A resumed run opens a new file beside the old ones and says from which step
 * on the old ones no longer count, so that TensorBoard shows one clean curve.
 */

import * as fs from "node:fs";
import { join } from "node:path";
import {
  callback,
  checkArgument,
  checkOptions,
  type OptionChecks,
  optional,
  text,
  wholeNumber,
} from "../arguments/checks.ts";
import { fileVersionRecord, scalarsRecord, sessionStartRecord } from "../files/tensorboardEvents.ts";
import { writeFully } from "./atomic.ts";
import { fileError } from "./fileError.ts";
import { hostName } from "./processes.ts";

const FILE_NAME = /^events\.out\.tfevents\.(\d{10,})\./;

export interface TensorboardOptions {
  /** On resume: the first step that will be written again (the checkpoint's step + 1). */
  purgeFromStep?: number;
  /** Milliseconds since 1970. */
  now?: () => number;
}

/** One open event file. Records are in the operating system's hands after each call; nothing is buffered here. */
const writerOptions: OptionChecks<TensorboardOptions> = {
  purgeFromStep: optional(wholeNumber()),
  now: optional(callback),
};

export class TensorboardWriter {
  readonly path: string;
  readonly #now: () => number;
  #handle: number | undefined;

  /**
   * Opens a new event file in `folder` (made if need be).
   * @throws AscentError "file" when that is not possible.
   */
  constructor(folder: string, options: TensorboardOptions = {}) {
    checkArgument("TensorboardWriter: folder", text, folder);
    checkOptions("TensorboardWriter", writerOptions, options);
    const { purgeFromStep, now = Date.now } = options;
    this.#now = now;
    this.path = folder;
    try {
      fs.mkdirSync(folder, { recursive: true });
      this.path = join(folder, newFileName(fs.readdirSync(folder), now()));
      this.#handle = fs.openSync(this.path, "ax");
    } catch (error) {
      throw fileError("open an event file in", folder, error);
    }
    const seconds = now() / 1000;
    this.#write(fileVersionRecord(seconds));
    if (purgeFromStep !== undefined) this.#write(sessionStartRecord(seconds, purgeFromStep));
  }

  /**
   * Appends one step's figures; a tag such as "losses/value" is grouped by its first part.
   * @throws AscentError "file" when the file cannot be written or was closed.
   */
  scalars(step: number, figures: Readonly<Record<string, number>>): void {
    this.#write(scalarsRecord(this.#now() / 1000, step, figures));
  }

  /** Flushes to the disk and closes; further calls do nothing. */
  close(): void {
    if (this.#handle === undefined) return;
    const handle = this.#handle;
    this.#handle = undefined;
    try {
      fs.fsyncSync(handle);
    } catch (error) {
      throw fileError("flush", this.path, error);
    } finally {
      fs.closeSync(handle);
    }
  }

  #write(record: Uint8Array): void {
    try {
      if (this.#handle === undefined) throw new Error("it was closed before");
      writeFully(this.#handle, record);
    } catch (error) {
      throw fileError("write", this.path, error);
    }
  }
}

/**
 * TensorBoard reads the files of a folder in the order of their names, so a new file's time must come after every older
 * one's, even when a run is resumed within the same second or the clock was set back.
 */
function newFileName(existing: readonly string[], nowMs: number): string {
  let seconds = Math.floor(nowMs / 1000);
  for (const name of existing) {
    const match = FILE_NAME.exec(name);
    if (match !== null) seconds = Math.max(seconds, Number(match[1]) + 1);
  }
  return `events.out.tfevents.${String(seconds).padStart(10, "0")}.${hostName()}.${process.pid}.0`;
}
