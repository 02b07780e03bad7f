/**
 * Importance weights between two policies (docs/theory.md, 14): E_p[f] = E_q[(p/q) f]. Dynamics cancel, so a trajectory's
 * weight is Π_t ρ_t with ρ_t = π'(a_t|s_t)/π(a_t|s_t). Everything is kept as logarithms until the end: products over a few
 * hundred steps overflow where their ratios are ordinary numbers.
 */

import { above, checkArgument, numbers } from "../arguments/checks.ts";
import { exp, log } from "../math/deterministic.ts";
import { type Output, requireOutput, requireSameSteps, requireStepOutput, requireSteps } from "./episodes.ts";

/** log ρ_t = log π'(a_t|s_t) − log π(a_t|s_t) [steps]; π is the behaviour policy, whose log-probabilities were stored. */
export function logRatios(logProb: ArrayLike<number>, behaviourLogProb: ArrayLike<number>, out: Output): void {
  requireSameSteps("logRatios: behaviour log-probabilities", behaviourLogProb, logProb);
  requireOutput("logRatios", out, logProb.length);
  for (let k = 0; k < logProb.length; k++) out[k] = logProb[k] - behaviourLogProb[k];
}

/** log Π_{t' ≤ t} ρ_{t'} [steps]: the weight of reaching step t and acting there. @param logRatios log ρ_t [steps] */
export function cumulativeLogRatios(offsets: Int32Array, logRatios: ArrayLike<number>, out: Output): void {
  requireSteps("cumulativeLogRatios: log ratios", offsets, logRatios);
  requireStepOutput("cumulativeLogRatios", offsets, out);
  for (let i = 0; i < offsets.length - 1; i++) {
    let sum = 0;
    for (let k = offsets[i]; k < offsets[i + 1]; k++) {
      sum += logRatios[k];
      out[k] = sum;
    }
  }
}

/** log Π_t ρ_t of each whole trajectory [N]. @param logRatios log ρ_t [steps] */
export function trajectoryLogRatios(offsets: Int32Array, logRatios: ArrayLike<number>, out: Output): void {
  requireSteps("trajectoryLogRatios: log ratios", offsets, logRatios);
  requireOutput("trajectoryLogRatios", out, offsets.length - 1);
  for (let i = 0; i < offsets.length - 1; i++) {
    let sum = 0;
    for (let k = offsets[i]; k < offsets[i + 1]; k++) sum += logRatios[k];
    out[i] = sum;
  }
}

/** w_i = e^{log w_i}; `out` may be the input. */
export function importanceWeights(logWeights: ArrayLike<number>, out: Output): void {
  checkArgument("importanceWeights: log weights", numbers, logWeights);
  requireOutput("importanceWeights", out, logWeights.length);
  for (let i = 0; i < logWeights.length; i++) out[i] = exp(logWeights[i]);
}

/**
 * w_i / Σ_j w_j: sums to 1 and never overflows; NaN where every weight is 0. Biased by O(1/N), consistent, often of far less
 * variance (docs/theory.md, 14).
 */
export function selfNormalisedWeights(logWeights: ArrayLike<number>, out: Output): void {
  checkArgument("selfNormalisedWeights: log weights", numbers, logWeights);
  requireOutput("selfNormalisedWeights", out, logWeights.length);
  const largest = largestOf(logWeights);
  let sum = 0;
  for (let i = 0; i < logWeights.length; i++) {
    out[i] = exp(logWeights[i] - largest);
    sum += out[i];
  }
  for (let i = 0; i < logWeights.length; i++) out[i] /= sum;
}

/** (Σ w)² / Σ w²: how many equal weights are worth as much (Kong 1992); between 1 and N. */
export function effectiveSampleSize(logWeights: ArrayLike<number>): number {
  checkArgument("effectiveSampleSize: log weights", numbers, logWeights);
  const largest = largestOf(logWeights);
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < logWeights.length; i++) {
    const weight = exp(logWeights[i] - largest);
    sum += weight;
    squares += weight * weight;
  }
  return (sum * sum) / squares;
}

/** log min(ρ_t, bound) [steps]: truncated ratios (docs/theory.md, 16). @param logRatios log ρ_t [steps] @param bound > 0 */
export function truncatedLogRatios(logRatios: ArrayLike<number>, bound: number, out: Output): void {
  checkArgument("truncatedLogRatios: log ratios", numbers, logRatios);
  checkArgument("truncatedLogRatios: bound", above(0), bound);
  requireOutput("truncatedLogRatios", out, logRatios.length);
  const limit = log(bound);
  for (let k = 0; k < logRatios.length; k++) out[k] = Math.min(logRatios[k], limit);
}

function largestOf(values: ArrayLike<number>): number {
  let largest = -Infinity;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, values[i]);
  return largest;
}
