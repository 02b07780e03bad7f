/**
 * The weight of each score ∇log π'_t when the data came from another policy, as one choice of estimator (theory 15 and 16):
 * the four rungs, and V-trace. From rung 2 on a value baseline is subtracted where it belongs.
 */

import { exp } from "../math/deterministic.ts";
import type { BootstrappedEpisodes } from "./bootstrapped.ts";
import { episodeAdvantages } from "./bootstrapped.ts";
import type { Output } from "./episodes.ts";
import { cumulativeLogRatios, truncatedLogRatios } from "./importance.ts";
import { causalWeights, firstOrderWeights, fullTrajectoryWeights, policyIterationWeights } from "./offPolicy.ts";
import { vTrace } from "./vtrace.ts";

export type OffPolicyEstimator = "trajectory" | "causal" | "policyIteration" | "firstOrder" | "vtrace";

export interface OffPolicyChoice {
  estimator: OffPolicyEstimator;
  /** Per-step ratios are cut to this before anything else (c̄ and ρ̄ of V-trace); Infinity for none. */
  ratioClip: number;
  gaeLambda: number;
}

export interface OffPolicyInputs extends BootstrappedEpisodes {
  /** log ρ_t [steps] */
  readonly logRatios: ArrayLike<number>;
}

/** Writes w_t [steps] and the targets of V [steps]. */
export function offPolicyWeights(
  episodes: OffPolicyInputs,
  { estimator, ratioClip, gaeLambda }: OffPolicyChoice,
  weights: Output,
  targets: Output,
): void {
  const { values } = episodes;
  const steps = values.length;
  const traced = { ...episodes, rhoBar: ratioClip, cBar: ratioClip, lambda: gaeLambda };
  vTrace(traced, targets, weights);
  if (estimator === "vtrace") return;
  const logRatios = new Float64Array(steps);
  truncatedLogRatios(episodes.logRatios, ratioClip, logRatios);
  const corrected = { ...episodes, logRatios };
  switch (estimator) {
    case "trajectory":
      fullTrajectoryWeights(corrected, weights);
      break;
    case "causal":
      causalWeights(corrected, weights);
      break;
    case "policyIteration": {
      policyIterationWeights(corrected, weights);
      const reached = new Float64Array(steps);
      cumulativeLogRatios(episodes.offsets, logRatios, reached);
      for (let k = 0; k < steps; k++) weights[k] -= exp(reached[k]) * values[k];
      break;
    }
    case "firstOrder": {
      const advantages = new Float64Array(steps);
      episodeAdvantages(episodes, gaeLambda, advantages);
      firstOrderWeights(logRatios, advantages, weights);
      break;
    }
  }
}
