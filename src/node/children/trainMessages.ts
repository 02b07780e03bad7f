/** What the child process of a training run and its parent say to each other. */
import type { AlgorithmName, AnyOptions } from "../../algorithms/byName.ts";
import type { TrainingWarning } from "../../training/monitor/warning.ts";

export interface TrainingJob {
  run: JobRun;
  /** URLs to import first. */
  imports: readonly string[];
}

/** What `trainRun` is asked for. */
export interface JobRun {
  algorithm: AlgorithmName;
  environment: string;
  steps: number;
  seed: number;
  options: AnyOptions;
  evaluationEpisodes: number;
  kernels: "auto" | "simd" | "fma";
  out: string;
}

export type JobProgress = { steps: number; episodeReturn: number } | { warning: TrainingWarning };

/** Whether the run was finished, or stopped on the way. */
export type JobResult = { finished: boolean };
