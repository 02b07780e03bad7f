/** How much of the targets' variance a critic explains. */

import { requireSameSteps } from "./episodes.ts";

/**
 * 1 − Var[target − prediction] / Var[target]: 1 is a perfect critic, 0 one that predicts the mean, below 0 worse than that.
 *
 * @param predictions, targets of one length
 * @returns NaN when the targets do not vary.
 * @throws AscentError "shape" for unequal lengths.
 */
export function explainedVariance(predictions: ArrayLike<number>, targets: ArrayLike<number>): number {
  requireSameSteps("explainedVariance: predictions", predictions, targets);
  const variance = varianceOf(targets.length, (i) => targets[i]);
  if (variance === 0) return Number.NaN;
  return 1 - varianceOf(targets.length, (i) => targets[i] - predictions[i]) / variance;
}

/** Distances are from the first number: then equal numbers have the variance 0 exactly, where their mean would round. */
function varianceOf(count: number, at: (i: number) => number): number {
  const origin = at(0);
  let mean = 0;
  for (let i = 0; i < count; i++) mean += (at(i) - origin) / count;
  let squares = 0;
  for (let i = 0; i < count; i++) squares += (at(i) - origin - mean) * (at(i) - origin - mean);
  return squares / count;
}
