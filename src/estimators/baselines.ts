/**
 * Baselines to subtract from the weights (docs/theory.md, 8): each function writes one number for each step. No baseline is
 * 0; a learned one is just V(s_t). A baseline that does not depend on the trajectory's own actions leaves the expectation
 * unchanged; the batch means contain their own sample and so are a little biased, the mean return by the factor (N − 1)/N.
 */

import { checkArgument, checkOptions, numbers, type OptionChecks, optional, trueOrFalse } from "../arguments/checks.ts";
import {
  type Output,
  requireOutput,
  requireSameSteps,
  requireStepOutput,
  requireSteps,
  requireTrajectories,
} from "./episodes.ts";

/** b = (1/N) Σ_i R_i on every step. E ĝ = (N − 1)/N ∇J, with total-return and reward-to-go weights alike. @param returns [N] */
export function meanReturnBaseline(offsets: Int32Array, returns: ArrayLike<number>, out: Output): void {
  checkArgument("meanReturnBaseline: returns", numbers, returns);
  requireTrajectories("meanReturnBaseline: returns", offsets, returns);
  requireStepOutput("meanReturnBaseline", offsets, out);
  const count = offsets.length - 1;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += returns[i];
  out.fill(sum / count, 0, offsets[count]);
}

/**
 * b_i = (1/(N − 1)) Σ_{j≠i} R_j (Kool et al. 2019, "Buy 4 REINFORCE samples, get a baseline for free"): unbiased. A batch of
 * one has no others and gets 0.
 *
 * @param returns [N]
 */
export function leaveOneOutBaseline(offsets: Int32Array, returns: ArrayLike<number>, out: Output): void {
  checkArgument("leaveOneOutBaseline: returns", numbers, returns);
  requireTrajectories("leaveOneOutBaseline: returns", offsets, returns);
  requireStepOutput("leaveOneOutBaseline", offsets, out);
  const count = offsets.length - 1;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += returns[i];
  for (let i = 0; i < count; i++) {
    out.fill(count === 1 ? 0 : (sum - returns[i]) / (count - 1), offsets[i], offsets[i + 1]);
  }
}

/**
 * b = the mean of all weights of the batch, on every step. With rewards-to-go it lies where they lie, which the mean return does
 * not; its bias is no single factor, for a trajectory's share of the mean follows its length and when its rewards come.
 *
 * @param weights such as rewards-to-go [steps]
 */
export function stepMeanBaseline(offsets: Int32Array, weights: ArrayLike<number>, out: Output): void {
  requireSteps("stepMeanBaseline: weights", offsets, weights);
  requireStepOutput("stepMeanBaseline", offsets, out);
  let sum = 0;
  for (let k = 0; k < weights.length; k++) sum += weights[k];
  out.fill(sum / weights.length, 0, weights.length);
}

export interface TimeStepMeanOptions {
  /** Leave the trajectory's own weight out, which makes it unbiased. Default false. */
  leaveOneOut?: boolean;
}

const timeStepMeanOptions: OptionChecks<TimeStepMeanOptions> = { leaveOneOut: optional(trueOrFalse) };

/**
 * b_t = mean over the trajectories that reach step t of their weights there. Where no other trajectory gets that far the
 * leave-one-out form is 0.
 *
 * @param weights such as rewards-to-go [steps]
 */
export function timeStepMeanBaseline(
  offsets: Int32Array,
  weights: ArrayLike<number>,
  out: Output,
  options: TimeStepMeanOptions = {},
): void {
  checkOptions("timeStepMeanBaseline", timeStepMeanOptions, options);
  const { leaveOneOut = false } = options;
  requireSteps("timeStepMeanBaseline: weights", offsets, weights);
  requireStepOutput("timeStepMeanBaseline", offsets, out);
  const sums: number[] = [];
  const counts: number[] = [];
  for (let i = 0; i < offsets.length - 1; i++) {
    for (let t = 0; t < offsets[i + 1] - offsets[i]; t++) {
      sums[t] = (sums[t] ?? 0) + weights[offsets[i] + t];
      counts[t] = (counts[t] ?? 0) + 1;
    }
  }
  for (let i = 0; i < offsets.length - 1; i++) {
    for (let t = 0; t < offsets[i + 1] - offsets[i]; t++) {
      const k = offsets[i] + t;
      if (!leaveOneOut) out[k] = sums[t] / counts[t];
      else out[k] = counts[t] === 1 ? 0 : (sums[t] - weights[k]) / (counts[t] - 1);
    }
  }
}

/** out = weights − baseline; `out` may be either of them. [steps] */
export function subtractBaseline(weights: ArrayLike<number>, baseline: ArrayLike<number>, out: Output): void {
  requireSameSteps("subtractBaseline: baselines", baseline, weights);
  requireOutput("subtractBaseline", out, weights.length);
  for (let k = 0; k < weights.length; k++) out[k] = weights[k] - baseline[k];
}
