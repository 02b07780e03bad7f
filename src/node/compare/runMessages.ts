/** What a comparison and the child process of one of its runs say to each other. */
import type { AlgorithmName, AnyOptions } from "../../algorithms/byName.ts";
import type { TrainingWarning } from "../../training/monitor/warning.ts";

export interface ChildRequest {
  run: ChildRun;
  /** URLs to import first. */
  imports: readonly string[];
}

/** What `trainRun` is asked for. */
export interface ChildRun {
  algorithm: AlgorithmName;
  environment: string;
  steps: number;
  seed: number;
  options: AnyOptions;
  evaluationEpisodes: number;
  kernels: "auto" | "simd" | "fma";
  out: string;
}

export type ChildProgress = { steps: number; episodeReturn: number } | { warning: TrainingWarning };

/** Whether the run was finished, or stopped on the way. */
export type ChildResult = { finished: boolean };
