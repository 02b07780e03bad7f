/**
 * The four rungs of the off-policy gradient (docs/theory.md, 15), and their tamed forms. Trajectories come from the
 * behaviour policy π, scores ∇log π' from the new one; each function writes the weight w_t of ∇log π'_t [steps], to be given
 * to `policyGradient`:
 *
 *   rung 1  full trajectory   w_t = (Π_all ρ) Σ_all r                                  unbiased, worst variance
 *   rung 2  causal            w_t = (Π_{t'≤t} ρ) Σ_{t'≥t} r_t' Π_{t<t''≤t'} ρ           unbiased
 *   rung 3  policy iteration  w_t = (Π_{t'≤t} ρ) Σ_{t'≥t} r_t'                          states of π', values of π: no gradient of J
 *   rung 4  first order       w_t = ρ_t Q̂_t                                            states and values of π: ∇L_π(π'), usable
 *
 * With γ < 1, rung 1 weighs Σ γ^t r_t; the others are of the common reading γ^{t'−t} (`applyTimeDiscount` gives the exact one).
 * Where values behind a cut are given, they count as one more reward there, with the ratios that lead to it.
 */

import { exp } from "../math/deterministic.ts";
import {
  type Episodes,
  type Output,
  requireEpisodes,
  requireOutput,
  requireSameSteps,
  requireShare,
  requireStepOutput,
  requireSteps,
  requireTrajectories,
} from "./episodes.ts";
import { cumulativeLogRatios, selfNormalisedWeights, trajectoryLogRatios, truncatedLogRatios } from "./importance.ts";
import { rewardToGo, trajectoryReturns } from "./returns.ts";

export interface OffPolicyEpisodes extends Episodes {
  /** log ρ_t [steps] */
  readonly logRatios: ArrayLike<number>;
  /** γ in [0, 1] */
  readonly gamma: number;
  /** What follows the last step of each trajectory is worth [N], as `valuesBehind` gives it; default: nothing. */
  readonly behind?: ArrayLike<number>;
}

/** Rung 1: w_t = (Π_all ρ) Σ_t γ^t r_t, the same on every step. Its variance grows exponentially with the length. */
export function fullTrajectoryWeights(episodes: OffPolicyEpisodes, out: Output): void {
  requireOffPolicy("fullTrajectoryWeights", episodes, out);
  const logWeights = new Float64Array(episodes.offsets.length - 1);
  trajectoryLogRatios(episodes.offsets, episodes.logRatios, logWeights);
  weighReturns(episodes, logWeights.map(exp), out);
}

/** Rung 1 self-normalised: N w̄_i R_i with Σ w̄_i = 1. Biased by O(1/N), and bounded: no weight is above N. */
export function selfNormalisedTrajectoryWeights(episodes: OffPolicyEpisodes, out: Output): void {
  requireOffPolicy("selfNormalisedTrajectoryWeights", episodes, out);
  const count = episodes.offsets.length - 1;
  const weights = new Float64Array(count);
  trajectoryLogRatios(episodes.offsets, episodes.logRatios, weights);
  selfNormalisedWeights(weights, weights);
  for (let i = 0; i < count; i++) weights[i] *= count;
  weighReturns(episodes, weights, out);
}

/**
 * Rung 2: causality on both sides (per-decision importance sampling, Precup et al. 2000). The two products join, so that
 * w_t = Σ_{t'≥t} γ^{t'−t} r_t' Π_{t''≤t'} ρ holds one product only: nothing overflows on the way.
 */
export function causalWeights(episodes: OffPolicyEpisodes, out: Output): void {
  requireOffPolicy("causalWeights", episodes, out);
  const { offsets, rewards, gamma, behind } = episodes;
  const cumulative = cumulativeOf(episodes);
  for (let i = 0; i < offsets.length - 1; i++) {
    const last = offsets[i + 1] - 1;
    let sum = behind === undefined || last < offsets[i] ? 0 : exp(cumulative[last]) * behind[i];
    for (let k = last; k >= offsets[i]; k--) {
      sum = exp(cumulative[k]) * rewards[k] + gamma * sum;
      out[k] = sum;
    }
  }
}

/** Rung 3: w_t = (Π_{t'≤t} ρ) Σ_{t'≥t} γ^{t'−t} r_t'. Drops the reward-side product: improves π' by the values of π. */
export function policyIterationWeights(episodes: OffPolicyEpisodes, out: Output): void {
  requireOffPolicy("policyIterationWeights", episodes, out);
  const cumulative = cumulativeOf(episodes);
  rewardToGo(episodes, episodes.gamma, out, episodes.behind);
  for (let k = 0; k < cumulative.length; k++) out[k] *= exp(cumulative[k]);
}

/**
 * Takes V off the weights of rung 2 or 3: w_t − (Π_{t'≤t} ρ) V(s_t), in place. Unbiased, for the baseline of a state meets
 * the score of an action there only with the ratios up to that action.
 *
 * @param values V(s_t) [steps]
 */
export function subtractReachedBaseline(episodes: OffPolicyEpisodes, values: ArrayLike<number>, weights: Output): void {
  requireOffPolicy("subtractReachedBaseline", episodes, weights);
  requireSteps("subtractReachedBaseline: values", episodes.offsets, values);
  const cumulative = cumulativeOf(episodes);
  for (let k = 0; k < cumulative.length; k++) weights[k] -= exp(cumulative[k]) * values[k];
}

/**
 * Rung 4: w_t = ρ_t Q̂_t (Degris et al. 2012; the gradient PPO and TRPO start from).
 *
 * @param logRatios log ρ_t [steps]
 * @param actionValues Q̂_t or Â_t [steps]
 */
export function firstOrderWeights(logRatios: ArrayLike<number>, actionValues: ArrayLike<number>, out: Output): void {
  requireSameSteps("firstOrderWeights: action values", actionValues, logRatios);
  requireOutput("firstOrderWeights", out, logRatios.length);
  for (let k = 0; k < logRatios.length; k++) out[k] = exp(logRatios[k]) * actionValues[k];
}

/**
 * Rung 2 with every ρ_t replaced by min(ρ_t, bound) first (docs/theory.md, 16): biased towards the behaviour policy, of less
 * variance.
 *
 * @param bound > 0; with 1 no product exceeds 1.
 */
export function clippedCausalWeights(episodes: OffPolicyEpisodes, bound: number, out: Output): void {
  requireOffPolicy("clippedCausalWeights", episodes, out);
  const truncated = new Float64Array(episodes.logRatios.length);
  truncatedLogRatios(episodes.logRatios, bound, truncated);
  causalWeights({ ...episodes, logRatios: truncated }, out);
}

/** @throws AscentError "shape" or "option" unless the episodes' arrays, γ and the output are usable. */
function requireOffPolicy(what: string, episodes: OffPolicyEpisodes, out: Output): void {
  requireEpisodes(what, episodes);
  const { offsets, rewards, logRatios, gamma, behind } = episodes;
  requireSteps(`${what}: rewards`, offsets, rewards);
  requireSteps(`${what}: log ratios`, offsets, logRatios);
  requireTrajectories(`${what}: values behind`, offsets, behind);
  requireShare(`${what}: γ`, gamma);
  requireStepOutput(what, offsets, out);
}

/** weight_i R_i on every step of trajectory i. */
function weighReturns(episodes: OffPolicyEpisodes, weights: Float64Array, out: Output): void {
  const { offsets, gamma, behind } = episodes;
  const returns = new Float64Array(weights.length);
  trajectoryReturns(episodes, gamma, returns, behind);
  for (let i = 0; i < weights.length; i++) out.fill(weights[i] * returns[i], offsets[i], offsets[i + 1]);
}

function cumulativeOf({ offsets, logRatios }: OffPolicyEpisodes): Float64Array {
  const cumulative = new Float64Array(logRatios.length);
  cumulativeLogRatios(offsets, logRatios, cumulative);
  return cumulative;
}
