/** Runs jobs in processes of their own, two at a time: results depend on the job alone, so the order does not matter. */

import { execFile } from "node:child_process";
import type { Job, Outcome } from "./job.ts";

const PROCESSES = 2;

/** The outcome of each job, in the order of the jobs; `done` is told of each as it comes. */
export async function runJobs(jobs: readonly Job[], done: (job: Job, outcome: Outcome) => void): Promise<Outcome[]> {
  const outcomes = new Array<Outcome>(jobs.length);
  let next = 0;
  const work = async () => {
    while (next < jobs.length) {
      const index = next++;
      outcomes[index] = await runInProcess(jobs[index]);
      done(jobs[index], outcomes[index]);
    }
  };
  await Promise.all(Array.from({ length: PROCESSES }, work));
  return outcomes;
}

function runInProcess(job: Job): Promise<Outcome> {
  const args = ["scripts/run-ts.mjs", "bench/results/job.ts", JSON.stringify(job)];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { maxBuffer: 1 << 26 }, (error, stdout) => {
      if (error) reject(error);
      else resolve(JSON.parse(stdout) as Outcome);
    });
  });
}
