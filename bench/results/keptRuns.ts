/**
 * Runs that take hours, kept one by one: each finished one is a file of its own, named by all that its numbers depend on, so that
 * a suite can be run in as many sittings as it takes, and a table be written from what there is. A preset that changes gives other
 * names: its old runs are not counted, and stay until someone removes them.
 */

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { resolveOptions } from "../../src/training/resolveOptions.ts";
import { algorithmNamed } from "../../src/training/train.ts";
import type { Job, Outcome } from "./job.ts";
import { runJobs } from "./pool.ts";
import { provenance } from "./provenance.ts";

export interface Sitting {
  /** At most so many runs now; 0 for none: the table alone. */
  most: number;
  /** Only runs whose words, such as "ppo HalfCheetah-v5 seed 1000", hold this. */
  only: string;
}

/** From the words after the suite's name: --table, --most N, --only TEXT. */
export function sittingFrom(words: readonly string[]): Sitting {
  const after = (flag: string) => (words.includes(flag) ? words[words.indexOf(flag) + 1] : undefined);
  const most = words.includes("--table") ? 0 : Number(after("--most") ?? Number.POSITIVE_INFINITY);
  if (Number.isNaN(most)) throw new Error("--most takes a number of runs");
  return { most, only: after("--only") ?? "" };
}

export function wordsOf({ algorithm, environment, seed }: Job): string {
  return `${algorithm} ${environment} seed ${seed}`;
}

/** Where the outcome of this job lies; the job with all its settings is in the name. */
export function keptFile(folder: string, job: Job): string {
  const options = resolveOptions(algorithmNamed(job.algorithm), job.environment, { ...job.options, seed: job.seed });
  const all = JSON.stringify({ ...job, options });
  const digest = createHash("sha256").update(all).digest("hex").slice(0, 10);
  return join(folder, `${job.environment}-${job.algorithm}-${job.seed}-${digest}.json`);
}

/** The outcome of each job that has one; those that were missing are run first, as the sitting says. */
export async function keptRuns(
  folder: string,
  jobs: readonly Job[],
  { most, only }: Sitting,
): Promise<(Outcome | undefined)[]> {
  mkdirSync(folder, { recursive: true });
  const missing = jobs.filter((job) => wordsOf(job).includes(only) && !existsSync(keptFile(folder, job)));
  const now = missing.slice(0, most);
  if (missing.length > 0) console.error(`${now.length} runs now, of ${missing.length} that are missing`);
  await runJobs(now, (job, outcome) => {
    const file = keptFile(folder, job);
    const kept = { job, outcome, made: provenance(wordsOf(job)) };
    writeFileSync(`${file}.part`, `${JSON.stringify(kept)}\n`);
    renameSync(`${file}.part`, file);
    const rate = Math.round(job.steps / outcome.seconds);
    console.error(
      `${wordsOf(job)}: ${outcome.evaluation.toFixed(1)} in ${outcome.seconds.toFixed(0)} s, ${rate} steps/s`,
    );
  });
  return jobs.map((job) => {
    const file = keptFile(folder, job);
    if (!existsSync(file)) return undefined;
    return (JSON.parse(readFileSync(file, "utf8")) as { outcome: Outcome }).outcome;
  });
}
