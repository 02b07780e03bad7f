/**
 * Writes the figures of a run as it goes: progress.csv (what was computed: the same bytes on every machine and however
 * often the run was interrupted), timing.csv (what the clock said) and TensorBoard's event file.
 */
import { existsSync, readFileSync } from "node:fs";
import { parseCsvRecords } from "../../files/csv.ts";
import type { Figures, IterationTimes, Metrics } from "../../learners/learner.ts";
import { fileError } from "../fileError.ts";
import { ProgressLog } from "../progressLog.ts";
import { TensorboardWriter } from "../tensorboard.ts";
import { pathsIn } from "./folder.ts";

export const timingColumns = ["wallSeconds", "stepsPerSecond", "actSeconds", "envSeconds", "learnSeconds"] as const;
export type Timing = Record<(typeof timingColumns)[number], number>;

export class RunRecorder {
  readonly #folder: string;
  readonly #resumeFromStep: number | undefined;
  readonly #tensorboard: TensorboardWriter;
  readonly #begin = performance.now();
  /** In the parts of the run before a resume. */
  readonly #wallBefore: number;
  #log: ProgressLog | undefined;
  #columns: readonly string[] = [];
  #lastStep: number;
  #lastSeconds = 0;

  /** @param resumeFromStep rows of later steps are cut; undefined for a new run. */
  constructor(folder: string, resumeFromStep?: number) {
    this.#folder = folder;
    this.#resumeFromStep = resumeFromStep;
    this.#lastStep = resumeFromStep ?? 0;
    this.#wallBefore = resumeFromStep === undefined ? 0 : wallSecondsUpTo(folder, resumeFromStep);
    const columns = resumeFromStep === undefined ? undefined : headerOf(pathsIn(folder).progress);
    if (columns !== undefined) this.#open(columns);
    this.#tensorboard = new TensorboardWriter(folder, {
      ...(resumeFromStep !== undefined && { purgeFromStep: resumeFromStep + 1 }),
    });
  }

  /** Seconds spent training, all parts of a resumed run together. */
  get wallSeconds(): number {
    return this.#wallBefore + (performance.now() - this.#begin) / 1000;
  }

  /**
   * Takes in one iteration. Columns of the CSV are the first one's figures: behind a change of settings others may come, which
   * TensorBoard has. @returns what the clock says of it. */
  record(metrics: Metrics, times: IterationTimes): Timing {
    const { steps, ...figures } = metrics;
    const seconds = this.wallSeconds;
    const timing: Timing = {
      wallSeconds: rounded(seconds),
      stepsPerSecond: rounded((steps - this.#lastStep) / (seconds - Math.max(this.#lastSeconds, this.#wallBefore))),
      actSeconds: rounded(times.act / 1000),
      envSeconds: rounded(times.env / 1000),
      learnSeconds: rounded(times.learn / 1000),
    };
    this.#lastStep = steps;
    this.#lastSeconds = seconds;
    const log = this.#log ?? this.#open(Object.keys(figures));
    const known = Object.entries(figures).filter(([name]) => this.#columns.includes(name));
    log.append(steps, { ...Object.fromEntries(known), ...timing });
    this.#tensorboard.scalars(steps, tagged(figures, timing));
    return timing;
  }

  /** Call before a checkpoint, which counts on the rows before it. */
  flush(): void {
    this.#log?.flush();
  }

  close(): void {
    this.#log?.close();
    this.#tensorboard.close();
  }

  #open(columns: readonly string[]): ProgressLog {
    this.#columns = columns;
    this.#log = new ProgressLog(this.#folder, {
      columns,
      timingColumns,
      ...(this.#resumeFromStep !== undefined && { resumeFromStep: this.#resumeFromStep }),
    });
    return this.#log;
  }
}

/** To microseconds: what lies behind them says nothing. */
function rounded(value: number): number {
  return Number(value.toFixed(6));
}

/** TensorBoard groups figures by the part before the slash. It has no picture of NaN: such figures are left out. */
function tagged(figures: Figures, timing: Timing): Record<string, number> {
  const all = [
    ...Object.entries(figures).map(([name, value]) => [
      `${/^episode/.test(name) ? "rollout" : "train"}/${name}`,
      value,
    ]),
    ...Object.entries(timing).map(([name, value]) => [`time/${name}`, value]),
  ] as [string, number][];
  return Object.fromEntries(all.filter(([, value]) => Number.isFinite(value)));
}

function recordsOf(path: string): string[][] {
  if (!existsSync(path)) return [];
  try {
    return parseCsvRecords(readFileSync(path, "utf8"))
      .filter(({ complete }) => complete)
      .map(({ fields }) => fields);
  } catch (error) {
    throw fileError("read", path, error);
  }
}

/** Column names after "step". */
function headerOf(path: string): string[] | undefined {
  return recordsOf(path)[0]?.slice(1);
}

function wallSecondsUpTo(folder: string, step: number): number {
  const [header = [], ...rows] = recordsOf(pathsIn(folder).timing);
  const column = header.indexOf("wallSeconds");
  const last = rows.filter((row) => Number(row[0]) <= step).pop();
  return last === undefined || column < 0 ? 0 : Number(last[column]);
}

/** One figure of progress.csv over the steps; empty without the file. */
export function readFigure(folder: string, name: string): { x: number[]; y: number[] } {
  const [header = [], ...rows] = recordsOf(pathsIn(folder).progress);
  const column = header.indexOf(name);
  return { x: rows.map((row) => Number(row[0])), y: rows.map((row) => Number(row[column] || Number.NaN)) };
}
