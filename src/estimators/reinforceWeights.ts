/**
 * What each score ∇log π(a_t|s_t) is worth in REINFORCE, as one choice of weighting, discount reading and baseline
 * (docs/theory.md, 7, 8, 10 and 11): all of variance reduction as data.
 */

import { checkArgument, checkArguments, having, type OptionChecks, oneOf, share } from "../arguments/checks.ts";
import {
  leaveOneOutBaseline,
  meanReturnBaseline,
  stepMeanBaseline,
  subtractBaseline,
  timeStepMeanBaseline,
} from "./baselines.ts";
import { type BootstrappedEpisodes, episodeAdvantages, requireBootstrapped, valuesBehind } from "./bootstrapped.ts";
import { type Output, requireStepOutput } from "./episodes.ts";
import { applyTimeDiscount, rewardToGo, totalReturn, trajectoryReturns } from "./returns.ts";

export interface ReinforceWeighting {
  /** The whole return, the reward to go, or the GAE(λ) advantage (which has its baseline built in). */
  weighting: "total" | "toGo" | "gae";
  /**
   * Subtracted: nothing; the batch mean (of returns, or, for the reward to go, over all steps); the mean of the other
   * trajectories (for the reward to go: at the same time step); the mean at the same time step; the learned V(s).
   */
  baseline: "none" | "mean" | "leaveOneOut" | "timeStep" | "value";
  /**
   * γ^{t'−t} only, or the exact gradient of the discounted objective with γ^t in front as well (Thomas 2014). The total
   * return is of the second kind either way.
   */
  discounting: "standard" | "exact";
  gaeLambda: number;
}

const choiceChecks: OptionChecks<ReinforceWeighting> = {
  weighting: oneOf(["total", "toGo", "gae"]),
  baseline: oneOf(["none", "mean", "leaveOneOut", "timeStep", "value"]),
  discounting: oneOf(["standard", "exact"]),
  gaeLambda: share,
};

/** More keys are welcome: whoever has them among other settings hands those over. */
const choiceCheck = having("an object that names the choice", ...Object.keys(choiceChecks));

/** Writes w_t [steps]. */
export function reinforceWeights(episodes: BootstrappedEpisodes, choice: ReinforceWeighting, out: Output): void {
  checkArgument("reinforceWeights: choice", choiceCheck, choice);
  checkArguments("reinforceWeights", choiceChecks, { ...choice });
  requireBootstrapped("reinforceWeights", episodes);
  requireStepOutput("reinforceWeights", episodes.offsets, out);
  const { weighting, baseline, discounting, gaeLambda } = choice;
  const { offsets, gamma, values } = episodes;
  const steps = offsets[offsets.length - 1];
  if (weighting === "gae") episodeAdvantages(episodes, gaeLambda, out);
  else {
    // Where V is known, an episode that did not end is worth V behind its last step: GAE's λ = 1.
    const behind = baseline === "value" ? valuesBehind(episodes) : undefined;
    if (weighting === "total") totalReturn(episodes, gamma, out, behind);
    else rewardToGo(episodes, gamma, out, behind);
    const subtracted = new Float64Array(steps);
    if (baseline === "value") subtractBaseline(out, values, out);
    else if (baseline !== "none") {
      constantBaseline(episodes, weighting, baseline, out, subtracted);
      subtractBaseline(out, subtracted, out);
    }
  }
  // The total return Σ γ^t r_t counts time from the start already: its expectation is the exact gradient as it is.
  if (discounting === "exact" && weighting !== "total") applyTimeDiscount(offsets, gamma, out);
}

function constantBaseline(
  episodes: BootstrappedEpisodes,
  weighting: "total" | "toGo",
  baseline: "mean" | "leaveOneOut" | "timeStep",
  weights: ArrayLike<number>,
  out: Float64Array,
): void {
  const { offsets, gamma } = episodes;
  if (weighting === "toGo" && baseline === "mean") stepMeanBaseline(offsets, weights, out);
  else if (weighting === "toGo" || baseline === "timeStep") {
    timeStepMeanBaseline(offsets, weights, out, { leaveOneOut: baseline === "leaveOneOut" });
  } else {
    const returns = new Float64Array(offsets.length - 1);
    trajectoryReturns(episodes, gamma, returns);
    if (baseline === "mean") meanReturnBaseline(offsets, returns, out);
    else leaveOneOutBaseline(offsets, returns, out);
  }
}
