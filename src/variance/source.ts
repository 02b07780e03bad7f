/** Where a variance study gets its episodes and their score vectors from: an exact world, or a policy in an environment. */

import { checkArguments, wholeNumber } from "../arguments/checks.ts";
import { type BootstrappedEpisodes, requireBootstrapped } from "../estimators/bootstrapped.ts";
import type { Output } from "../estimators/episodes.ts";
import type { ReinforceWeighting } from "../estimators/reinforceWeights.ts";
import type { ExactMoments } from "../mdp/index.ts";
import type { Work } from "../pauses.ts";
import type { EstimatorChoice } from "./estimators.ts";

export interface GradientSource {
  readonly name: string;
  /** Length of a gradient. */
  readonly parameters: number;
  /** N: episodes of each batch. */
  readonly trajectories: number;
  /** ∇J of the discounted return until the clock, where it can be computed. */
  readonly exact?: Float64Array;
  /** How the policy and the value baseline came about, in a few words. */
  readonly policy: string;
  /**
   * E ĝ and tr Cov(ĝ) of an estimator of n trajectories (default N), where they can be computed; undefined of estimators that
   * have no closed form (`estimatorMoments`).
   */
  moments?(
    estimator: EstimatorChoice,
    discounting: ReinforceWeighting["discounting"],
    trajectories?: number,
  ): ExactMoments | undefined;
  /**
   * N whole episodes nobody has seen yet, with values of the fitted baseline. The clock's end counts as an end: returns
   * stop there, and nothing is bootstrapped behind it. Valid until the next call. As work: `finish` runs it.
   */
  next(): Work<BootstrappedEpisodes>;
  /**
   * Σ_t ∇log π(a_it|s_it) w_it of the episodes last drawn, for each list of weights and each trajectory.
   *
   * @param weights each [steps]
   * @param out one for each list, written: [N × parameters]
   */
  trajectoryGradients(weights: readonly Float64Array[], out: readonly Output[]): Work<void>;
}

/** Episodes begin … end − 1 of a batch, as a batch of their own. */
export function sliceEpisodes(batch: BootstrappedEpisodes, begin: number, end: number): BootstrappedEpisodes {
  requireBootstrapped("sliceEpisodes", batch);
  checkArguments("sliceEpisodes", { begin: wholeNumber(), end: wholeNumber() }, { begin, end });
  const { offsets, rewards, values, finalValues, terminated, gamma } = batch;
  const [from, to] = [offsets[begin], offsets[end]];
  const steps = (array: ArrayLike<number>) => copyOf(array, from, to);
  const each = (array: ArrayLike<number>) => copyOf(array, begin, end);
  return {
    offsets: offsets.slice(begin, end + 1).map((offset) => offset - from),
    rewards: steps(rewards),
    values: steps(values),
    finalValues: each(finalValues),
    terminated: each(terminated),
    gamma,
  };
}

function copyOf(array: ArrayLike<number>, begin: number, end: number): Float64Array {
  const out = new Float64Array(end - begin);
  for (let k = begin; k < end; k++) out[k - begin] = array[k];
  return out;
}
