/**
 * The four rungs of the off-policy gradient (theory 15), and their tamed forms. Trajectories come from the behaviour policy π,
 * scores ∇log π' from the new one; each function writes the weight w_t of ∇log π'_t [steps], to be given to `policyGradient`:
 *
 *   rung 1  full trajectory   w_t = (Π_all ρ) Σ_all r                                  unbiased, worst variance
 *   rung 2  causal            w_t = (Π_{t'≤t} ρ) Σ_{t'≥t} r_t' Π_{t<t''≤t'} ρ           unbiased
 *   rung 3  policy iteration  w_t = (Π_{t'≤t} ρ) Σ_{t'≥t} r_t'                          states of π', values of π: no gradient of J
 *   rung 4  first order       w_t = ρ_t Q̂_t                                            states and values of π: ∇L_π(π'), usable
 *
 * With γ < 1, rung 1 weighs Σ γ^t r_t; the others are of the common reading γ^{t'−t} (`applyTimeDiscount` gives the exact one).
 */

import { exp } from "../math/deterministic.ts";
import { type Episodes, type Output, requireSteps } from "./episodes.ts";
import { cumulativeLogRatios, selfNormalisedWeights, trajectoryLogRatios, truncatedLogRatios } from "./importance.ts";
import { rewardToGo, trajectoryReturns } from "./returns.ts";

export interface OffPolicyEpisodes extends Episodes {
  /** log ρ_t [steps] */
  readonly logRatios: ArrayLike<number>;
  /** γ in [0, 1] */
  readonly gamma: number;
}

/** Rung 1: w_t = (Π_all ρ) Σ_t γ^t r_t, the same on every step. Its variance grows exponentially with the length. */
export function fullTrajectoryWeights(episodes: OffPolicyEpisodes, out: Output): void {
  const { offsets } = episodes;
  const count = offsets.length - 1;
  const logWeights = new Float64Array(count);
  trajectoryLogRatios(offsets, episodes.logRatios, logWeights);
  const returns = new Float64Array(count);
  trajectoryReturns(episodes, episodes.gamma, returns);
  for (let i = 0; i < count; i++) out.fill(exp(logWeights[i]) * returns[i], offsets[i], offsets[i + 1]);
}

/** Rung 1 self-normalised: N w̄_i R_i with Σ w̄_i = 1. Biased by O(1/N), and bounded: no weight is above N. */
export function selfNormalisedTrajectoryWeights(episodes: OffPolicyEpisodes, out: Output): void {
  const { offsets } = episodes;
  const count = offsets.length - 1;
  const weights = new Float64Array(count);
  trajectoryLogRatios(offsets, episodes.logRatios, weights);
  selfNormalisedWeights(weights, weights);
  const returns = new Float64Array(count);
  trajectoryReturns(episodes, episodes.gamma, returns);
  for (let i = 0; i < count; i++) out.fill(count * weights[i] * returns[i], offsets[i], offsets[i + 1]);
}

/**
 * Rung 2: causality on both sides (per-decision importance sampling, Precup et al. 2000). The two products join, so that
 * w_t = Σ_{t'≥t} γ^{t'−t} r_t' Π_{t''≤t'} ρ holds one product only: nothing overflows on the way.
 */
export function causalWeights(episodes: OffPolicyEpisodes, out: Output): void {
  const { offsets, rewards, gamma } = episodes;
  requireSteps("causalWeights: rewards", offsets, rewards);
  const cumulative = cumulativeOf(episodes);
  for (let i = 0; i < offsets.length - 1; i++) {
    let sum = 0;
    for (let k = offsets[i + 1] - 1; k >= offsets[i]; k--) {
      sum = exp(cumulative[k]) * rewards[k] + gamma * sum;
      out[k] = sum;
    }
  }
}

/** Rung 3: w_t = (Π_{t'≤t} ρ) Σ_{t'≥t} γ^{t'−t} r_t'. Drops the reward-side product: improves π' by the values of π. */
export function policyIterationWeights(episodes: OffPolicyEpisodes, out: Output): void {
  const cumulative = cumulativeOf(episodes);
  rewardToGo(episodes, episodes.gamma, out);
  for (let k = 0; k < cumulative.length; k++) out[k] *= exp(cumulative[k]);
}

/** Rung 4: w_t = ρ_t Q̂_t (Degris et al. 2012; the gradient PPO and TRPO start from). @param actionValues Q̂_t or Â_t [steps] */
export function firstOrderWeights(ratios: ArrayLike<number>, actionValues: ArrayLike<number>, out: Output): void {
  for (let k = 0; k < ratios.length; k++) out[k] = exp(ratios[k]) * actionValues[k];
}

/**
 * Rung 2 with every ρ_t replaced by min(ρ_t, bound) first (theory 16): biased towards the behaviour policy, of less variance.
 *
 * @param bound > 0; with 1 no product exceeds 1.
 */
export function clippedCausalWeights(episodes: OffPolicyEpisodes, bound: number, out: Output): void {
  const truncated = new Float64Array(episodes.logRatios.length);
  truncatedLogRatios(episodes.logRatios, bound, truncated);
  causalWeights({ ...episodes, logRatios: truncated }, out);
}

function cumulativeOf({ offsets, logRatios }: OffPolicyEpisodes): Float64Array {
  const cumulative = new Float64Array(logRatios.length);
  cumulativeLogRatios(offsets, logRatios, cumulative);
  return cumulative;
}
