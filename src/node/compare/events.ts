/** What a comparison tells as it goes: for displays. */
import type { TrainingWarning } from "../../training/monitor/warning.ts";
import type { ComparisonPlan, PlannedRun } from "./plan.ts";
import type { RunResult } from "./runResult.ts";

/** A run that could not be done. */
export interface RunFailure {
  variant: string;
  environment: string;
  seed: number;
  error: Error;
}

export interface ComparisonStart {
  plan: ComparisonPlan;
  /** How many there are, finished ones included. */
  runs: number;
  /** The runs to be done, and the steps that each has made already. */
  open: ReadonlyMap<PlannedRun, number>;
  /** Processes at a time. */
  jobs: number;
}

export interface ComparisonEvents {
  onStart?: (start: ComparisonStart) => void;
  /** Some times a second: a run has reached these steps; its return is of its last 100 training episodes. */
  onProgress?: (run: PlannedRun, steps: number, episodeReturn: number) => void;
  /** As `train`'s. */
  onWarning?: (run: PlannedRun, warning: TrainingWarning) => void;
  /** A run is finished, or has failed; the others go on. */
  onRunEnd?: (run: PlannedRun, outcome: RunResult | RunFailure) => void;
}
