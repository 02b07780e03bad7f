/** One choice of settings and what has come of it, as samplers and pruners see it. */
import type { Settings } from "./space.ts";

/** "failed": a run of it could not be made, such as one whose numbers stopped being finite. */
export type TrialState = "running" | "complete" | "pruned" | "failed";

export interface Trial {
  /** Counted from 0, in the order in which they were chosen. */
  number: number;
  settings: Settings;
  state: TrialState;
  /** Of each seed that is done, in the sweep's order: the mean over environments of normalised returns. */
  scores: readonly number[];
}

/** Mean of the first `seeds` scores. NaN where there are none. */
export function scoreAt(trial: Pick<Trial, "scores">, seeds = trial.scores.length): number {
  let sum = 0;
  for (let i = 0; i < seeds; i++) sum += trial.scores[i];
  return sum / seeds;
}
