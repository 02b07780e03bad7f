/** A training run in a process of its own, begun or gone on with: what comparisons and sweeps are made of. */
import { fileURLToPath } from "node:url";
import type { TrainingWarning } from "../../training/monitor/warning.ts";
import { type ChildProgram, runInChild } from "./runInChild.ts";
import type { JobProgress, JobResult, TrainingJob } from "./trainMessages.ts";

export interface JobEvents {
  /** Asks it to save and end. */
  signal?: AbortSignal;
  /** Some times a second; the return is of the last 100 training episodes. */
  onProgress?: (steps: number, episodeReturn: number) => void;
  onWarning?: (warning: TrainingWarning) => void;
}

/**
 * @returns false when the signal stopped it, with everything saved.
 * @throws what the run threw; AscentError "state" when its process died.
 */
export async function trainInChild(job: TrainingJob, { signal, onProgress, onWarning }: JobEvents): Promise<boolean> {
  const { finished } = await runInChild<TrainingJob, JobProgress, JobResult>(trainProgram(), job, {
    ...(signal && { signal }),
    onProgress: (progress) => {
      if ("warning" in progress) onWarning?.(progress.warning);
      else onProgress?.(progress.steps, progress.episodeReturn);
    },
  });
  return finished;
}

/** The compiled program, which is what runs from the sources too. */
function trainProgram(): ChildProgram {
  const here = new URL("./trainChild.js", import.meta.url);
  const url = import.meta.url.endsWith(".ts") ? here.href.replace("/src/node/children/", "/dist/node/children/") : here;
  return { file: fileURLToPath(url) };
}
