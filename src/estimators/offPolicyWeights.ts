/**
 * The weight of each score ∇log π'_t when the data came from another policy, as one choice of estimator (docs/theory.md, 15
 * and 16): the four rungs, rung 1 self-normalised, and V-trace. An episode that was cut, not terminated, is worth V behind
 * its last step in all of them; from rung 2 on V(s_t) is subtracted as a baseline.
 */

import { above, checkArgument, checkArguments, having, type OptionChecks, oneOf, share } from "../arguments/checks.ts";
import { type BootstrappedEpisodes, episodeAdvantages, requireBootstrapped, valuesBehind } from "./bootstrapped.ts";
import type { Output } from "./episodes.ts";
import { truncatedLogRatios } from "./importance.ts";
import {
  causalWeights,
  firstOrderWeights,
  fullTrajectoryWeights,
  policyIterationWeights,
  selfNormalisedTrajectoryWeights,
  subtractReachedBaseline,
} from "./offPolicy.ts";
import { vTrace } from "./vtrace.ts";

export const offPolicyEstimators = [
  "trajectory",
  "selfNormalised",
  "causal",
  "policyIteration",
  "firstOrder",
  "vtrace",
] as const;
export type OffPolicyEstimator = (typeof offPolicyEstimators)[number];

export interface OffPolicyChoice {
  estimator: OffPolicyEstimator;
  /** Per-step ratios are cut to this before anything else (c̄ and ρ̄ of V-trace); Infinity for none. */
  ratioClip: number;
  /** λ in [0, 1] of the advantages of rung 4, and of V-trace. */
  gaeLambda: number;
}

export interface OffPolicyInputs extends BootstrappedEpisodes {
  /** log ρ_t [steps] */
  readonly logRatios: ArrayLike<number>;
}

const choiceChecks: OptionChecks<OffPolicyChoice> = {
  estimator: oneOf(offPolicyEstimators),
  ratioClip: above(0),
  gaeLambda: share,
};

/** More keys are welcome: whoever has them among other settings hands those over. */
const choiceCheck = having("an object that names the choice", ...Object.keys(choiceChecks));

/** Writes w_t [steps] and the V-trace targets of V [steps]. */
export function offPolicyWeights(
  episodes: OffPolicyInputs,
  choice: OffPolicyChoice,
  weights: Output,
  targets: Output,
): void {
  checkArgument("offPolicyWeights: choice", choiceCheck, choice);
  checkArguments("offPolicyWeights", choiceChecks, { ...choice });
  const { estimator, ratioClip, gaeLambda } = choice;
  requireBootstrapped("offPolicyWeights", episodes);
  const { values } = episodes;
  vTrace({ ...episodes, rhoBar: ratioClip, cBar: ratioClip, lambda: gaeLambda }, targets, weights);
  if (estimator === "vtrace") return;
  const logRatios = new Float64Array(values.length);
  truncatedLogRatios(episodes.logRatios, ratioClip, logRatios);
  const corrected = { ...episodes, logRatios, behind: valuesBehind(episodes) };
  switch (estimator) {
    case "trajectory":
      fullTrajectoryWeights(corrected, weights);
      break;
    case "selfNormalised":
      selfNormalisedTrajectoryWeights(corrected, weights);
      break;
    case "causal":
      causalWeights(corrected, weights);
      subtractReachedBaseline(corrected, values, weights);
      break;
    case "policyIteration":
      policyIterationWeights(corrected, weights);
      subtractReachedBaseline(corrected, values, weights);
      break;
    case "firstOrder": {
      const advantages = new Float64Array(values.length);
      episodeAdvantages(episodes, gaeLambda, advantages);
      firstOrderWeights(logRatios, advantages, weights);
      break;
    }
  }
}
