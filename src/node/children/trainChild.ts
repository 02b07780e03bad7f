/** The program of the child process of one training run, begun or gone on with. */
import { existsSync } from "node:fs";
import { pathsIn } from "../runs/folder.ts";
import { trainRun } from "../trainRun.ts";
import { serve } from "./serve.ts";
import type { JobProgress, JobResult, TrainingJob } from "./trainMessages.ts";

/** Between two reports. */
const REPORT_MS = 200;

serve<TrainingJob, JobProgress, JobResult>(async ({ run, imports }, { signal, report }) => {
  for (const url of imports) await import(url);
  let due = 0;
  const { summary } = await trainRun({
    ...run,
    ...(existsSync(pathsIn(run.out).config) && { resume: true }),
    signal,
    onWarning: (warning) => report({ warning }),
    onIteration: ({ steps, episodeReturn = Number.NaN }) => {
      const now = performance.now();
      if (now < due) return;
      due = now + REPORT_MS;
      report({ steps, episodeReturn });
    },
  });
  return { finished: summary !== undefined };
});
