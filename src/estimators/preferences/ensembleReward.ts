/** One reward from several reward models: where they disagree they know little, and the combination can say so. */

import { type Check, checkArguments, notNegativeNumber, numbers, oneOf, wholeNumber } from "../../arguments/checks.ts";
import { requireEntries } from "../episodes.ts";
import { outputArray } from "./checks.ts";

/** mean; worst: the smallest; uncertainty: the mean less a multiple of the variance. */
export type EnsembleRule = "mean" | "worst" | "uncertainty";

const checks: { readonly [name: string]: Check } = {
  rewards: numbers,
  members: wholeNumber(1),
  rule: oneOf(["mean", "worst", "uncertainty"]),
  weight: notNegativeNumber,
  out: outputArray,
};

/**
 * The ensemble's reward of each completion (Coste et al. 2023, section 3): mean, worst-case (WCO), or uncertainty-weighted (UWO):
 * mean − weight · variance, the variance divided by the number of members.
 *
 * @param rewards of one member behind those of the other [members × completions]; on one scale, or their disagreement is one of
 *   scales.
 * @param weight of the variance, for "uncertainty" alone.
 * @param out [completions]
 * @throws AscentError "shape" for arrays that do not fit, "option" for anything else out of range.
 */
export function ensembleReward(
  rewards: ArrayLike<number>,
  members: number,
  rule: EnsembleRule,
  weight: number,
  out: Float32Array | Float64Array,
): void {
  checkArguments("ensembleReward", checks, { rewards, members, rule, weight, out });
  const { length } = out;
  requireEntries("ensembleReward: rewards", rewards, members * length, "member and completion");
  for (let i = 0; i < length; i++) {
    let sum = 0;
    let worst = Infinity;
    for (let m = 0; m < members; m++) {
      const reward = rewards[m * length + i];
      sum += reward;
      worst = Math.min(worst, reward);
    }
    const mean = sum / members;
    if (rule !== "uncertainty") out[i] = rule === "mean" ? mean : worst;
    else {
      let squares = 0;
      for (let m = 0; m < members; m++) squares += (rewards[m * length + i] - mean) ** 2;
      out[i] = mean - (weight * squares) / members;
    }
  }
}
