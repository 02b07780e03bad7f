/** How much of the targets' variance a critic explains. */

import { requireSameSteps } from "./episodes.ts";
import { spreadOf } from "./spread.ts";

/**
 * 1 − Var[target − prediction] / Var[target]: 1 is a perfect critic, 0 one that predicts the mean, below 0 worse than that.
 * An offset of all predictions does not count. Where the targets do not vary there is nothing to explain: 1 when the
 * predictions do not vary either, and 0 when they do, which keeps the figure finite; how far off they are, the value loss says.
 *
 * @param predictions, targets of one length
 * @throws AscentError "shape" for unequal lengths.
 */
export function explainedVariance(predictions: ArrayLike<number>, targets: ArrayLike<number>): number {
  requireSameSteps("explainedVariance: predictions", predictions, targets);
  const { squares } = spreadOf(targets.length, (i) => targets[i]);
  const { squares: left } = spreadOf(targets.length, (i) => targets[i] - predictions[i]);
  if (squares === 0) return left === 0 ? 1 : 0;
  return 1 - left / squares;
}
