/** sweep.json: what a sweep consists of, written when it begins. Only the number of its trials may be another when it is gone on with. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { AscentError } from "../../errors.ts";
import type { Unit } from "../../sweeps/order.ts";
import { parseSweep, type Sweep } from "../../sweeps/sweepFile.ts";
import { writeFileAtomic } from "../atomic.ts";
import { readJson } from "../jsonFile.ts";
import { packageVersion } from "../version.ts";

/** Names inside the folder of a sweep; the runs lie below `trials`. */
export const sweepFiles = {
  plan: "sweep.json",
  trials: "trials",
  /** Of every trial, as far as the sweep has come. */
  results: "results.json",
  table: "results.md",
  runs: "results.csv",
  /** Settings of the best complete trial, for `ascent train --config`. */
  best: "best.json",
  /** For Optuna and its dashboard. */
  journal: "optuna.log",
  /** Only while a process is at work in the folder. */
  lock: "sweep.lock",
} as const;

const form = z.object({ version: z.string(), imports: z.array(z.string()), sweep: z.unknown() });

export interface SweepPlan {
  /** Of the library. */
  version: string;
  sweep: Sweep;
  /** URLs of files that each process imports first. */
  imports: string[];
}

export function sweepPaths(folder: string): Record<keyof typeof sweepFiles, string> {
  const entries = Object.entries(sweepFiles).map(([key, name]) => [key, join(folder, name)]);
  return Object.fromEntries(entries) as Record<keyof typeof sweepFiles, string>;
}

/** The folder of one run of a trial. */
export function unitFolder(folder: string, { sweep }: SweepPlan, { trial, seed, environment }: Unit): string {
  const { id } = sweep.environments[environment];
  return join(sweepPaths(folder).trials, String(trial).padStart(4, "0"), `${id}-${sweep.seeds[seed]}`);
}

export function writePlan(folder: string, plan: SweepPlan): void {
  writeFileAtomic(sweepPaths(folder).plan, `${JSON.stringify(plan, null, 2)}\n`);
}

/** @throws AscentError "file" when there is no sweep in the folder, its plan is damaged, or another release began it. */
export function readPlan(folder: string): SweepPlan {
  const { plan: path } = sweepPaths(folder);
  if (!existsSync(path)) {
    throw new AscentError("file", {
      what: `There is no sweep to go on with in ${folder}`,
      got: existsSync(folder) ? `a folder without ${sweepFiles.plan}` : "no such folder",
      fix: "Give its folder with --out, or start it without --resume.",
    });
  }
  const parsed = form.safeParse(readJson(path));
  if (!parsed.success) {
    throw new AscentError("file", {
      what: `${path} is not the plan of a sweep`,
      got: z.prettifyError(parsed.error).replaceAll("\n", " "),
      fix: "Restore it, or start a new sweep in another folder.",
    });
  }
  const { version, imports, sweep } = parsed.data;
  if (version !== packageVersion()) {
    throw new AscentError("file", {
      what: `The sweep in ${folder} was started by another release`,
      got: `version ${version}`,
      expected: `version ${packageVersion()}`,
      fix: `Continue it with ascent-rl@${version}, or start a new one in another folder.`,
    });
  }
  return { version, imports, sweep: parseSweep(sweep) };
}
