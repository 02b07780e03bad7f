/**
 * How good a trial is: returns of several environments are brought to one scale, from `low` (0) to `high` (1), and averaged over
 * environments for each seed; over seeds there is a mean with Student's interval.
 */
import { type MeanInterval, meanInterval } from "../numerics/meanInterval.ts";
import type { Trial } from "./trial.ts";

export interface Scale {
  /** A return that is worth 0, such as that of random actions. */
  low: number;
  /** A return that is worth 1, such as that of a solved task. */
  high: number;
}

/** @param returns of one seed, in the order of the scales. */
export function seedScore(returns: readonly number[], scales: readonly Scale[]): number {
  const values = returns.map((value, i) => (value - scales[i].low) / (scales[i].high - scales[i].low));
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Over the seeds that are done; no bounds with one. */
export function trialScore({ scores }: Pick<Trial, "scores">): MeanInterval {
  return meanInterval(scores);
}

/** The complete trial of the highest score, the earlier one of equals; undefined where none is complete. */
export function bestTrial<Kind extends Trial>(trials: readonly Kind[]): Kind | undefined {
  let best: Kind | undefined;
  for (const trial of trials) {
    if (trial.state !== "complete") continue;
    if (best === undefined || trialScore(trial).value > trialScore(best).value) best = trial;
  }
  return best;
}
