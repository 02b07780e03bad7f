/** A learner watched on its way: every so many samples the exact distribution of its model, and what that is worth. */

import type { LanguageLearner } from "../learners/languageLearner.ts";
import type { Work } from "../pauses.ts";
import { pressurePoint, type ScoredSentences } from "./pressure.ts";
import type { WatchedPoint } from "./watched.ts";

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
  { samples, points, onPoint }: { samples: number; points: number; onPoint?: (point: WatchedPoint) => void },
): Work<WatchedPoint[]> {
  const path: WatchedPoint[] = [];
  const look = () => {
    const policy = distribution();
    const point = { ...pressurePoint(policy, sentences), samples: learner.steps, policy };
    path.push(point);
    onPoint?.(point);
  };
  look();
  for (let k = 1; k <= points; k++) {
    while (learner.steps < (samples * k) / points) yield* learner.iteration();
    look();
  }
  return path;
}
