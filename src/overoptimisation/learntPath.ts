/** A learner watched on its way: every so many samples the exact distribution of its model, and what that is worth. */

import type { LanguageLearner } from "../learners/languageLearner.ts";
import type { Work } from "../pauses.ts";
import { type PressurePoint, pressurePoint, type ScoredSentences } from "./pressure.ts";

export interface WatchedPoint extends PressurePoint {
  readonly samples: number;
  /** Its probability of each sentence [count]. */
  readonly policy: Float64Array;
}

/**
 * The first point is of the model as it starts.
 *
 * @param distribution of the learner's model as it is, over the sentences.
 * @param samples to learn from in all.
 * @param points after the first.
 */
export function* learntPath(
  learner: LanguageLearner,
  distribution: () => Float64Array,
  sentences: ScoredSentences,
  { samples, points }: { samples: number; points: number },
): Work<WatchedPoint[]> {
  const path: WatchedPoint[] = [];
  const look = () => {
    const policy = distribution();
    path.push({ ...pressurePoint(policy, sentences), samples: learner.steps, policy });
  };
  look();
  for (let k = 1; k <= points; k++) {
    while (learner.steps < (samples * k) / points) yield* learner.iteration();
    look();
  }
  return path;
}
