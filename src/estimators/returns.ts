/**
 * Monte-Carlo weights of ∇log π_t (docs/theory.md, 3, 7, 10): the total return, the reward-to-go, and both readings of
 * discounting. All write one number for each step; γ = 1 gives the undiscounted sums.
 */

import {
  type Episodes,
  type Output,
  requireEpisodes,
  requireOutput,
  requireShare,
  requireStepOutput,
  requireSteps,
  requireTrajectories,
} from "./episodes.ts";

/**
 * R(τ_i) = Σ_t γ^t r_t for each trajectory [N].
 *
 * @param behind what follows the last step of each trajectory is worth [N], as `valuesBehind` gives it; default: nothing.
 */
export function trajectoryReturns(episodes: Episodes, gamma: number, out: Output, behind?: ArrayLike<number>): void {
  requireEpisodes("trajectoryReturns", episodes);
  const { offsets, rewards } = episodes;
  requireSteps("trajectoryReturns: rewards", offsets, rewards);
  requireShare("trajectoryReturns: γ", gamma);
  requireOutput("trajectoryReturns", out, offsets.length - 1);
  requireTrajectories("trajectoryReturns: values behind", offsets, behind);
  for (let i = 0; i < offsets.length - 1; i++) {
    let sum = behind?.[i] ?? 0;
    for (let k = offsets[i + 1] - 1; k >= offsets[i]; k--) sum = rewards[k] + gamma * sum;
    out[i] = sum;
  }
}

/**
 * weight_t = R(τ) = Σ_{t'} γ^{t'} r_{t'}, the same on every step: vanilla REINFORCE (Williams 1992; docs/theory.md, 3). [steps]
 *
 * @param behind as in `trajectoryReturns`.
 */
export function totalReturn(episodes: Episodes, gamma: number, out: Output, behind?: ArrayLike<number>): void {
  requireEpisodes("totalReturn", episodes);
  const { offsets } = episodes;
  requireStepOutput("totalReturn", offsets, out);
  const returns = new Float64Array(offsets.length - 1);
  trajectoryReturns(episodes, gamma, returns, behind);
  for (let i = 0; i < returns.length; i++) out.fill(returns[i], offsets[i], offsets[i + 1]);
}

/**
 * weight_t = Σ_{t' ≥ t} γ^{t'−t} r_{t'} (docs/theory.md, 7): causality. With γ < 1 this is what everyone uses, and the
 * gradient of no objective (docs/theory.md, 10). [steps]
 *
 * @param behind as in `trajectoryReturns`.
 */
export function rewardToGo(episodes: Episodes, gamma: number, out: Output, behind?: ArrayLike<number>): void {
  requireEpisodes("rewardToGo", episodes);
  const { offsets, rewards } = episodes;
  requireSteps("rewardToGo: rewards", offsets, rewards);
  requireShare("rewardToGo: γ", gamma);
  requireStepOutput("rewardToGo", offsets, out);
  requireTrajectories("rewardToGo: values behind", offsets, behind);
  for (let i = 0; i < offsets.length - 1; i++) {
    let sum = behind?.[i] ?? 0;
    for (let k = offsets[i + 1] - 1; k >= offsets[i]; k--) {
      sum = rewards[k] + gamma * sum;
      out[k] = sum;
    }
  }
}

/**
 * weight_t = γ^t Σ_{t' ≥ t} γ^{t'−t} r_{t'}: the reading whose expectation is the exact gradient of the discounted objective
 * (Thomas 2014, "Bias in natural actor-critic algorithms"; docs/theory.md, 10). [steps]
 */
export function discountedReturnGradientWeights(episodes: Episodes, gamma: number, out: Output): void {
  rewardToGo(episodes, gamma, out);
  applyTimeDiscount(episodes.offsets, gamma, out);
}

/** Multiplies the weights of every step t by γ^t, in place: turns any weight of the first reading into the second. */
export function applyTimeDiscount(offsets: Int32Array, gamma: number, weights: Output): void {
  requireSteps("applyTimeDiscount: weights", offsets, weights);
  requireStepOutput("applyTimeDiscount", offsets, weights);
  requireShare("applyTimeDiscount: γ", gamma);
  for (let i = 0; i < offsets.length - 1; i++) {
    let discount = 1;
    for (let k = offsets[i]; k < offsets[i + 1]; k++) {
      weights[k] *= discount;
      discount *= gamma;
    }
  }
}
