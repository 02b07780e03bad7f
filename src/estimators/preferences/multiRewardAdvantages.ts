/**
 * Advantages of groups from several rewards: each standardised in its group first, then summed (GDPO, Liu et al. 2026), so that a
 * reward of large numbers does not drown one of small ones. Summed first is `combineRewards` and `groupAdvantages`.
 */

import { checkArguments, numbers, wholeNumber } from "../../arguments/checks.ts";
import { type Output, requireEntries } from "../episodes.ts";
import { outputArray } from "./checks.ts";
import { combineRewards, groupAdvantages } from "./groupAdvantages.ts";

/**
 * @param rewards [completions × functions], NaN where a function has no opinion.
 * @param weights of the functions [functions].
 * @param out advantages [completions]; 0 for a completion that no function scored.
 * @throws AscentError as `groupAdvantages` and `combineRewards`.
 */
export function multiRewardAdvantages(
  rewards: ArrayLike<number>,
  weights: ArrayLike<number>,
  groupSize: number,
  out: Output,
): void {
  const checks = { rewards: numbers, weights: numbers, groupSize: wholeNumber(1), out: outputArray };
  checkArguments("multiRewardAdvantages", checks, { rewards, weights, groupSize, out });
  const [rows, functions] = [out.length, weights.length];
  requireEntries("multiRewardAdvantages: rewards", rewards, rows * functions, "completion and function");
  const standardised = new Float64Array(rewards.length);
  const column = new Float64Array(rows);
  for (let k = 0; k < functions; k++) {
    for (let i = 0; i < rows; i++) column[i] = rewards[i * functions + k];
    groupAdvantages(column, groupSize, column);
    // What has no score keeps having none: it is not an advantage of 0.
    for (let i = 0; i < rows; i++) {
      const reward = rewards[i * functions + k];
      standardised[i * functions + k] = Number.isNaN(reward) ? Number.NaN : column[i];
    }
  }
  combineRewards(standardised, weights, out);
  groupAdvantages(out, Math.max(rows, 1), out, { scale: "batch" });
}
