/**
 * Advantages of completions from the rewards of their group, the completions of one prompt, in place of a critic
 * (docs/theory.md, 8 and 26). Rewards lie group behind group. A reward of NaN is a completion that could not be scored: it
 * counts in no mean or deviation, and its advantage is 0.
 */

import {
  checkArguments,
  checkOptions,
  finiteNumber,
  numbers,
  oneOf,
  optional,
  trueOrFalse,
  wholeNumber,
} from "../../arguments/checks.ts";
import { describeValue } from "../../arguments/describeValue.ts";
import { AscentError } from "../../errors.ts";
import { type Output, requireEntries } from "../episodes.ts";
import { spreadOf } from "../spread.ts";
import { outputArray } from "./checks.ts";

/** Added to a standard deviation before dividing by it, as in GRPO's reference implementations. */
const EPSILON = 1e-4;

export interface GroupAdvantageOptions {
  /**
   * What centred rewards are divided by: the standard deviation of their "group" (GRPO) or of the "batch", of a sample (ddof 1),
   * plus 1e-4; or "none" (Dr. GRPO). Default "group".
   */
  scale?: "group" | "batch" | "none";
}

const advantageChecks = { scale: optional(oneOf(["group", "batch", "none"])) };

/**
 * GRPO (Shao et al. 2024, section 4.1.2): A = (r − mean of the group) / (deviation + 1e-4). The mean contains the completion itself,
 * which shrinks the expected gradient by (G − 1)/G: a KL coefficient β in the loss acts like β G/(G − 1). A group of one, and
 * one of equal rewards, have advantages of exactly 0.
 *
 * @param rewards [groups × groupSize]
 * @param out [groups × groupSize], may be `rewards`.
 * @throws AscentError "shape" for arrays that do not fit, "option" for a bad group size or scale, "non-finite" for infinite rewards.
 */
export function groupAdvantages(
  rewards: ArrayLike<number>,
  groupSize: number,
  out: Output,
  options: GroupAdvantageOptions = {},
): void {
  checkOptions("groupAdvantages", advantageChecks, options);
  requireGroups("groupAdvantages", rewards, groupSize);
  checkArguments("groupAdvantages", { out: outputArray }, { out });
  requireEntries("groupAdvantages: out", out, rewards.length, "reward");
  const { scale = "group" } = options;
  const whole = scale === "batch" ? scorable(rewards, 0, rewards.length) : undefined;
  for (let start = 0; start < rewards.length; start += groupSize) {
    const scored = scorable(rewards, start, start + groupSize);
    const divisor = scale === "none" ? 1 : deviation(whole ?? scored) + EPSILON;
    const mean = scored.length === 0 ? 0 : spreadOf(scored.length, (i) => scored[i]).mean;
    for (let i = start; i < start + groupSize; i++)
      out[i] = Number.isNaN(rewards[i]) ? 0 : (rewards[i] - mean) / divisor;
  }
}

export interface LeaveOneOutOptions {
  /** Then (A − mean) / (deviation + 1e-4) over the batch. Default false. */
  normalise?: boolean;
}

const leaveOneOutChecks = { normalise: optional(trueOrFalse) };

/**
 * RLOO (Kool et al. 2019; Ahmadian et al. 2024): A_i = r_i − mean of the others of the group, G/(G − 1) times the centred
 * reward, and unbiased. A KL penalty belongs into the rewards first. A completion without scored others has 0.
 *
 * @param rewards [groups × groupSize]
 * @param out [groups × groupSize], may be `rewards`.
 * @throws AscentError "shape" for arrays that do not fit, "option" for a bad group size, "non-finite" for infinite rewards.
 */
export function leaveOneOutAdvantages(
  rewards: ArrayLike<number>,
  groupSize: number,
  out: Output,
  options: LeaveOneOutOptions = {},
): void {
  checkOptions("leaveOneOutAdvantages", leaveOneOutChecks, options);
  requireGroups("leaveOneOutAdvantages", rewards, groupSize);
  checkArguments("leaveOneOutAdvantages", { out: outputArray }, { out });
  requireEntries("leaveOneOutAdvantages: out", out, rewards.length, "reward");
  const advantages = new Float64Array(rewards.length).fill(Number.NaN);
  for (let start = 0; start < rewards.length; start += groupSize) {
    const scored = scorable(rewards, start, start + groupSize);
    if (scored.length < 2) continue;
    const { mean } = spreadOf(scored.length, (i) => scored[i]);
    const factor = scored.length / (scored.length - 1);
    for (let i = start; i < start + groupSize; i++) advantages[i] = (rewards[i] - mean) * factor;
  }
  if (options.normalise === true) groupAdvantages(advantages, Math.max(advantages.length, 1), out);
  else for (let i = 0; i < advantages.length; i++) out[i] = Number.isNaN(advantages[i]) ? 0 : advantages[i];
}

/**
 * Σ_k w_k r_k of each completion over the functions that scored it; NaN where none did.
 *
 * @param rewards [completions × functions], NaN where a function has no opinion.
 * @param weights w_k [functions]
 * @param out [completions]
 * @throws AscentError "shape" for arrays that do not fit, "option" for weights that are not finite.
 */
export function combineRewards(rewards: ArrayLike<number>, weights: ArrayLike<number>, out: Output): void {
  checkArguments("combineRewards", { rewards: numbers, weights: numbers, out: outputArray }, { rewards, weights, out });
  for (let k = 0; k < weights.length; k++) {
    checkArguments("combineRewards", { [`weights[${k}]`]: finiteNumber }, { [`weights[${k}]`]: weights[k] });
  }
  requireEntries("combineRewards: rewards", rewards, out.length * weights.length, "completion and function");
  for (let i = 0; i < out.length; i++) {
    let sum = Number.NaN;
    for (let k = 0; k < weights.length; k++) {
      const reward = rewards[i * weights.length + k];
      if (!Number.isNaN(reward)) sum = (Number.isNaN(sum) ? 0 : sum) + weights[k] * reward;
    }
    out[i] = sum;
  }
}

/**
 * The share of groups that teach nothing: those whose scored rewards are all equal (TRL's frac_reward_zero_std), and those with
 * fewer than two of them, which TRL does not count.
 *
 * @param rewards [groups × groupSize]
 * @throws AscentError as `groupAdvantages`.
 */
export function equalRewardShare(rewards: ArrayLike<number>, groupSize: number): number {
  requireGroups("equalRewardShare", rewards, groupSize);
  let equal = 0;
  for (let start = 0; start < rewards.length; start += groupSize) {
    if (deviation(scorable(rewards, start, start + groupSize)) === 0) equal++;
  }
  return rewards.length === 0 ? 0 : equal / (rewards.length / groupSize);
}

/**
 * Which completion each prompt is paired with for KTO's reference point: the one before it, the first with the last, and never
 * its own [rows].
 *
 * @throws AscentError "option" for fewer than two rows.
 */
export function mismatchedRows(rows: number): Int32Array {
  checkArguments(
    "mismatchedRows",
    { rows: { ...wholeNumber(2), fix: "Give a batch of at least two: one completion has no other." } },
    { rows },
  );
  return Int32Array.from({ length: rows }, (_, i) => (i + rows - 1) % rows);
}

/** Of a sample (ddof 1); 0 for fewer than two numbers, and exactly 0 where all are equal. */
function deviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  return Math.sqrt(spreadOf(values.length, (i) => values[i]).squares / (values.length - 1));
}

function scorable(rewards: ArrayLike<number>, from: number, to: number): number[] {
  const scored: number[] = [];
  for (let i = from; i < to; i++) if (!Number.isNaN(rewards[i])) scored.push(rewards[i]);
  return scored;
}

function requireGroups(caller: string, rewards: ArrayLike<number>, groupSize: number): void {
  checkArguments(caller, { rewards: numbers, groupSize: wholeNumber(1) }, { rewards, groupSize });
  if (rewards.length % groupSize !== 0) {
    throw new AscentError("shape", {
      what: `${caller}: rewards do not make whole groups`,
      got: `${rewards.length} rewards in groups of ${groupSize}`,
      expected: `a multiple of ${groupSize}`,
      fix: "Give all completions of every prompt, one group behind the other.",
    });
  }
  for (let i = 0; i < rewards.length; i++) {
    if (Number.isFinite(rewards[i]) || Number.isNaN(rewards[i])) continue;
    throw new AscentError("non-finite", {
      what: `${caller}: reward ${i}`,
      got: describeValue(rewards[i]),
      expected: "a finite number, or NaN for a completion that could not be scored",
      fix: "Correct the reward function: the mean of its group would be infinite.",
    });
  }
}
