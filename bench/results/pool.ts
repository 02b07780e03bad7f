/** Runs jobs in processes of their own, two at a time: results depend on the job alone, so the order does not matter. */

import { inTurns } from "../../src/node/children/inTurns.ts";
import { runInChild } from "../../src/node/children/runInChild.ts";
import type { Job, Outcome } from "./job.ts";

const PROCESSES = 2;
const PROGRAM = { file: "scripts/run-ts.mjs", args: ["bench/results/jobChild.ts"] };

/** The outcome of each job, in the order of the jobs; `done` is told of each as it comes. */
export async function runJobs(jobs: readonly Job[], done: (job: Job, outcome: Outcome) => void): Promise<Outcome[]> {
  const outcomes = new Array<Outcome>(jobs.length);
  await inTurns(jobs, PROCESSES, async (job, index) => {
    outcomes[index] = await runInChild<Job, never, Outcome>(PROGRAM, job);
    done(job, outcomes[index]);
  });
  return outcomes;
}
