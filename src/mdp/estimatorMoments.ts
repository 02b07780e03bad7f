/**
 * Exact mean and total variance of the gradient estimators (docs/theory.md, 7 to 12), for worlds of any horizon: the second moments of
 * one trajectory's estimate follow from a backward recursion over time, as values do, so no trajectory is listed or drawn.
 * exactMoments.ts lists every batch instead, for any estimator, where the world is tiny.
 */

import { checkArguments, checkOptions, type OptionChecks, oneOf, optional, share } from "../arguments/checks.ts";
import { count, mdpCheck, modelCheck, table } from "./argumentChecks.ts";
import type { ExactMoments } from "./exactMoments.ts";
import { requireHorizon } from "./finiteHorizon.ts";
import { requireLength } from "./linearAlgebra.ts";
import type { PolicyModel } from "./policyModel.ts";
import { returnMoments } from "./returnMoments.ts";
import type { TabularMdp } from "./tabularMdp.ts";
import { weightMoments } from "./weightMoments.ts";

export interface EstimatorMomentsOptions {
  /** The whole return, the reward to go, or the GAE(λ) advantage. */
  weighting: "total" | "toGo" | "gae";
  /** Subtracted, as by `reinforceWeights`; "optimal" is the exact b_j of docs/theory.md, 9. GAE has none but its own V. */
  baseline: "none" | "mean" | "leaveOneOut" | "timeStep" | "value" | "optimal";
  /** As by `reinforceWeights`. The total return is of the exact kind either way. */
  discounting: "standard" | "exact";
  /** λ in [0, 1] of GAE. */
  gaeLambda: number;
  /** N ≥ 1, of which the estimate is the mean. */
  trajectories: number;
  /** V(s) of the baseline "value" and of GAE [states]; 0 behind the end and behind the clock. Default: all 0. */
  values?: Float64Array;
  /** Default: the MDP's. */
  horizon?: number;
}

const momentOptions: OptionChecks<EstimatorMomentsOptions> = {
  weighting: oneOf(["total", "toGo", "gae"]),
  baseline: oneOf(["none", "mean", "leaveOneOut", "timeStep", "value", "optimal"]),
  discounting: oneOf(["standard", "exact"]),
  gaeLambda: share,
  trajectories: count,
  values: optional(table),
  horizon: optional(count),
};

/**
 * E ĝ and tr Cov(ĝ) of an estimate from N trajectories. Undefined where the baseline is a mean over the batch's steps ("timeStep",
 * and with the reward to go "mean" and "leaveOneOut"), which couples all trajectories: of those `exactMoments` and samples tell;
 * and for the optimal baseline of the reward to go, which nothing defines. With the total return both batch means are known:
 * leave-one-out makes ĝ the sample covariance of score sums and returns.
 *
 * @throws AscentError "option" when the MDP has no horizon, "shape" for values that are not one for each state.
 */
export function estimatorMoments(
  mdp: TabularMdp,
  model: PolicyModel,
  parameters: Float64Array,
  options: EstimatorMomentsOptions,
): ExactMoments | undefined {
  checkArguments(
    "estimatorMoments",
    { mdp: mdpCheck, model: modelCheck, parameters: table },
    { mdp, model, parameters },
  );
  checkOptions("estimatorMoments", momentOptions, options);
  const { weighting, baseline, discounting, gaeLambda, trajectories: n, horizon = requireHorizon(mdp) } = options;
  const values = options.values ?? new Float64Array(mdp.states);
  requireLength("estimatorMoments: values", values, mdp.states);
  const world = { mdp, policy: model.policy(parameters), scores: model.scores(parameters), horizon };
  const isWithoutBatch = baseline === "none" || baseline === "value" || weighting === "gae";

  if (weighting !== "total") {
    if (!isWithoutBatch) return undefined;
    const { gamma } = mdp;
    const isGae = weighting === "gae";
    const moments = weightMoments(world, {
      values,
      isAdvantage: isGae,
      decay: isGae ? gamma * gaeLambda : gamma,
      baseline: baseline === "value" && !isGae ? values : new Float64Array(mdp.states),
      discount: discounting === "exact" ? gamma : 1,
    });
    return ofMean(moments.mean, moments.squares, n);
  }
  const moments = returnMoments(world, baseline === "value" ? values : new Float64Array(mdp.states));
  const { mean, squares, scoreSquares, scoreSquareReturns, returns, returnSquares } = moments;
  if (isWithoutBatch) return ofMean(mean, squares, n);
  if (baseline === "timeStep") return undefined;
  if (baseline === "optimal") {
    const least = squares.map((square, j) => {
      const below = scoreSquares[j];
      return below > 0 ? square - (scoreSquareReturns[j] * scoreSquareReturns[j]) / below : square;
    });
    return ofMean(mean, least, n);
  }
  // The variance of a sample covariance of N pairs; with one there is no other, and nothing is taken off.
  if (n === 1)
    return baseline === "mean" ? { mean: mean.map(() => 0), traceOfCovariance: 0 } : ofMean(mean, squares, n);
  const spread = returnSquares - returns * returns;
  let trace = 0;
  for (let j = 0; j < mean.length; j++) {
    const centred = squares[j] - 2 * returns * scoreSquareReturns[j] + returns * returns * scoreSquares[j];
    trace += centred / n - ((n - 2) * mean[j] * mean[j]) / (n * (n - 1)) + (scoreSquares[j] * spread) / (n * (n - 1));
  }
  const shrink = baseline === "mean" ? (n - 1) / n : 1;
  return { mean: mean.map((value) => shrink * value), traceOfCovariance: shrink * shrink * trace };
}

/** Of the mean of N independent estimates of which one has these moments. */
function ofMean(mean: Float64Array, squares: Float64Array, n: number): ExactMoments {
  let trace = 0;
  for (let j = 0; j < mean.length; j++) trace += squares[j] - mean[j] * mean[j];
  return { mean, traceOfCovariance: trace / n };
}
