/**
 * Monte-Carlo weights of ∇log π_t (theory 3, 7, 10): the total return, the reward-to-go, and both readings of discounting.
 * All write one number for each step; γ = 1 gives the undiscounted sums.
 */

import { type Episodes, type Output, requireSteps } from "./episodes.ts";

/** R(τ_i) = Σ_t γ^t r_t for each trajectory [N]. */
export function trajectoryReturns({ offsets, rewards }: Episodes, gamma: number, out: Output): void {
  requireSteps("trajectoryReturns: rewards", offsets, rewards);
  for (let i = 0; i < offsets.length - 1; i++) {
    let sum = 0;
    for (let k = offsets[i + 1] - 1; k >= offsets[i]; k--) sum = rewards[k] + gamma * sum;
    out[i] = sum;
  }
}

/** weight_t = R(τ) = Σ_{t'} γ^{t'} r_{t'}, the same on every step: vanilla REINFORCE (Williams 1992; theory 3). [steps] */
export function totalReturn({ offsets, rewards }: Episodes, gamma: number, out: Output): void {
  requireSteps("totalReturn: rewards", offsets, rewards);
  for (let i = 0; i < offsets.length - 1; i++) {
    let sum = 0;
    for (let k = offsets[i + 1] - 1; k >= offsets[i]; k--) sum = rewards[k] + gamma * sum;
    out.fill(sum, offsets[i], offsets[i + 1]);
  }
}

/**
 * weight_t = Σ_{t' ≥ t} γ^{t'−t} r_{t'} (theory 7): causality. With γ < 1 this is what everyone uses, and the gradient of
 * no objective (theory 10). [steps]
 */
export function rewardToGo({ offsets, rewards }: Episodes, gamma: number, out: Output): void {
  requireSteps("rewardToGo: rewards", offsets, rewards);
  for (let i = 0; i < offsets.length - 1; i++) {
    let sum = 0;
    for (let k = offsets[i + 1] - 1; k >= offsets[i]; k--) {
      sum = rewards[k] + gamma * sum;
      out[k] = sum;
    }
  }
}

/**
 * weight_t = γ^t Σ_{t' ≥ t} γ^{t'−t} r_{t'}: the reading whose expectation is the exact gradient of the discounted objective
 * (Thomas 2014, "Bias in natural actor-critic algorithms"; theory 10). [steps]
 */
export function discountedReturnGradientWeights(episodes: Episodes, gamma: number, out: Output): void {
  rewardToGo(episodes, gamma, out);
  applyTimeDiscount(episodes.offsets, gamma, out);
}

/** Multiplies the weights of every step t by γ^t, in place: turns any weight of the first reading into the second. */
export function applyTimeDiscount(offsets: Int32Array, gamma: number, weights: Output): void {
  for (let i = 0; i < offsets.length - 1; i++) {
    let discount = 1;
    for (let k = offsets[i]; k < offsets[i + 1]; k++) {
      weights[k] *= discount;
      discount *= gamma;
    }
  }
}
