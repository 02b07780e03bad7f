/**
 * The figures of a run, row by row, in two CSV files that grow together: progress.csv holds what the run computed and is
 * the same, byte for byte, on every machine and however often the run was interrupted; timing.csv holds what the clock
 * said, which never is. On resume both are cut back to the checkpoint's step before new rows follow.
 */

import * as fs from "node:fs";
import { join } from "node:path";
import {
  checkArgument,
  checkOptions,
  listOf,
  type OptionChecks,
  optional,
  text,
  wholeNumber,
} from "../arguments/checks.ts";
import { AscentError } from "../errors.ts";
import { type CsvValue, formatCsvRow, parseCsvRecords } from "../files/csv.ts";
import { writeFileAtomic, writeFully } from "./atomic.ts";
import { fileError } from "./fileError.ts";

export interface ProgressLogOptions {
  /** Columns of progress.csv after "step". */
  columns: readonly string[];
  /** Columns of timing.csv after "step"; no such file when there are none. */
  timingColumns?: readonly string[];
  /** On resume: rows of later steps are cut. Without it the files start anew. */
  resumeFromStep?: number;
}

const names = listOf(text, "a list of names");
const logOptions: OptionChecks<ProgressLogOptions> = {
  columns: names,
  timingColumns: optional(names),
  resumeFromStep: optional(wholeNumber()),
};

export class ProgressLog {
  readonly #tables: Table[];
  #lastStep: number;

  /**
   * Opens (or starts) the files in `folder`, which must exist.
   * @throws AscentError "file" when a file cannot be read or written, or has other columns than those asked for.
   */
  constructor(folder: string, options: ProgressLogOptions) {
    checkArgument("ProgressLog: folder", text, folder);
    checkOptions("ProgressLog", logOptions, options);
    const { columns, timingColumns = [], resumeFromStep } = options;
    this.#lastStep = resumeFromStep ?? -1;
    this.#tables = [openTable(join(folder, "progress.csv"), columns, resumeFromStep)];
    if (timingColumns.length > 0) {
      this.#tables.push(openTable(join(folder, "timing.csv"), timingColumns, resumeFromStep));
    }
  }

  /**
   * Appends a row to each file; a column without a figure stays empty.
   * @param step must be larger than the row before's.
   * @throws AscentError "file" when writing fails or a figure belongs to no column, "state" for a step out of order.
   */
  append(step: number, figures: Readonly<Record<string, CsvValue>>): void {
    for (const name of Object.keys(figures)) {
      if (this.#tables.some((table) => table.columns.includes(name))) continue;
      throw new AscentError("file", {
        what: `The progress log has no column "${name}"`,
        expected: `one of ${this.#tables.flatMap((table) => table.columns).join(", ")}`,
        fix: "Name all columns when the log is opened: a table cannot grow sideways.",
      });
    }
    // Rows out of order could not be cut back to a step.
    if (!(step > this.#lastStep)) {
      throw new AscentError("state", {
        what: "The progress log's steps must grow",
        got: `step ${step} after ${this.#lastStep}`,
        fix: "Give the steps made in all, not those of one update.",
      });
    }
    this.#lastStep = step;
    for (const { path, columns, handle } of this.#tables) {
      const row = formatCsvRow([step, ...columns.map((name) => figures[name])]);
      guard("append to", path, () => writeFully(handle, new TextEncoder().encode(row)));
    }
  }

  /** Makes every row so far survive a power cut; call it before a checkpoint that counts on them. */
  flush(): void {
    for (const { path, handle } of this.#tables) guard("flush", path, () => fs.fsyncSync(handle));
  }

  close(): void {
    for (const { path, handle } of this.#tables.splice(0)) guard("close", path, () => fs.closeSync(handle));
  }
}

interface Table {
  path: string;
  columns: readonly string[];
  handle: number;
}

function openTable(path: string, columns: readonly string[], resumeFromStep: number | undefined): Table {
  const header = formatCsvRow(["step", ...columns]);
  const old = resumeFromStep === undefined ? undefined : readIfThere(path);
  const kept = old === undefined || resumeFromStep === undefined ? header : cutBack(path, old, header, resumeFromStep);
  if (kept !== old) writeFileAtomic(path, kept);
  return { path, columns, handle: guard("open", path, () => fs.openSync(path, "a")) };
}

/** The header and the rows up to `step`; a last row without its line end is torn, so its step cannot be trusted. */
function cutBack(path: string, text: string, header: string, step: number): string {
  const records = parseCsvRecords(text);
  if (records.length === 0 || !records[0].complete) return header;
  if (text.slice(0, records[0].end) !== header) {
    throw new AscentError("file", {
      what: `${path} has other columns than this run`,
      got: text.slice(0, records[0].end).trimEnd(),
      expected: header.trimEnd(),
      fix: "Resume with the settings the run was started with, or choose another folder.",
    });
  }
  let end = records[0].end;
  for (const record of records.slice(1)) {
    if (!record.complete || !(Number(record.fields[0]) <= step)) break;
    end = record.end;
  }
  return text.slice(0, end);
}

function readIfThere(path: string): string | undefined {
  if (!fs.existsSync(path)) return undefined;
  return guard("read", path, () => fs.readFileSync(path, "utf8"));
}

function guard<T>(action: string, path: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw error instanceof AscentError ? error : fileError(action, path, error);
  }
}
