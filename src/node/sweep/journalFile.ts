/** optuna.log in a sweep's folder: lines are added as trials begin, score and end, and never twice, also not after a stop. */
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { journalAttributes, journalEnd, journalScore, journalStudy, journalTrial } from "../../sweeps/optunaJournal.ts";
import { scoreAt, type Trial } from "../../sweeps/trial.ts";
import { writeFileAtomic } from "../atomic.ts";
import { fileError } from "../fileError.ts";
import { type SweepPlan, sweepFiles, sweepPaths } from "./plan.ts";

export class JournalFile {
  readonly #path: string;
  readonly #plan: SweepPlan;
  /** Seeds that are written, of each trial that is; Infinity when its end is. */
  readonly #written: number[];

  constructor(folder: string, plan: SweepPlan) {
    this.#path = sweepPaths(folder).journal;
    this.#plan = plan;
    const lines = existsSync(this.#path) ? wholeLines(this.#path) : [];
    this.#written = writtenSeeds(lines);
    const { algorithm, environments, settings } = plan.sweep;
    const about = { algorithm, environments: environments.map(({ id }) => id).join(" "), settings };
    // A line cut off by a crash would end what readers read.
    const kept = lines.length > 0 ? `${lines.join("\n")}\n` : journalStudy(basename(folder) || "sweep", about);
    writeFileAtomic(this.#path, kept);
  }

  /** Adds what is new of the trials. */
  update(trials: readonly Trial[]): void {
    const { space } = this.#plan.sweep;
    const now = new Date();
    let text = "";
    for (const trial of trials) {
      const { number, scores, state } = trial;
      if (this.#written[number] === undefined) {
        const folder = join(sweepFiles.trials, String(number).padStart(4, "0"));
        text += journalTrial(space, trial, now) + journalAttributes(number, { folder });
        this.#written[number] = 0;
      }
      if (this.#written[number] === Number.POSITIVE_INFINITY) continue;
      for (let seeds = this.#written[number] + 1; seeds <= scores.length; seeds++) {
        text += journalScore(number, seeds, scoreAt(trial, seeds));
        this.#written[number] = seeds;
      }
      if (state === "running") continue;
      text += journalEnd(number, state, state === "failed" ? undefined : scoreAt(trial), now);
      this.#written[number] = Number.POSITIVE_INFINITY;
    }
    if (text === "") return;
    try {
      appendFileSync(this.#path, text);
    } catch (error) {
      throw fileError("write", this.#path, error);
    }
  }
}

function wholeLines(path: string): string[] {
  return readFileSync(path, "utf8").split("\n").slice(0, -1);
}

function writtenSeeds(lines: readonly string[]): number[] {
  const written: number[] = [];
  for (const line of lines) {
    const { op_code, trial_id, step } = JSON.parse(line) as { op_code: number; trial_id: number; step: number };
    if (op_code === 4) written.push(0);
    if (op_code === 7) written[trial_id] = step;
    if (op_code === 6) written[trial_id] = Number.POSITIVE_INFINITY;
  }
  return written;
}
