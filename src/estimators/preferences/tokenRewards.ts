/**
 * Rewards of tokens for PPO on a language model (Ziegler et al. 2019, eq. 2; docs/theory.md, 26): every token pays
 * β log(π/π_ref) of its own, and the score of the whole completion lands on its last token. A completion is an episode and its
 * tokens are the steps; advantages are then those of gae.ts and bootstrapped.ts, with nothing following the last token.
 */

import { checkArguments, finiteNumber, numbers, oneOf, optional } from "../../arguments/checks.ts";
import { expm1 } from "../../math/deterministic.ts";
import { type Output, requireEntries } from "../episodes.ts";
import { outputArray } from "./checks.ts";

export interface TokenRewardInputs {
  /** log π of each token under the policy that sampled it [rows × tokens] */
  readonly logProb: ArrayLike<number>;
  /** log π_ref [rows × tokens] */
  readonly referenceLogProb: ArrayLike<number>;
  /** Tokens of each completion, its end of sequence included [rows]; 0 for an empty one, whose score is nobody's. */
  readonly lengths: ArrayLike<number>;
  /** The score of each completion [rows] */
  readonly scores: ArrayLike<number>;
  /** β */
  readonly klCoefficient: number;
  /**
   * k1 is log π − log π_ref: its mean is the KL divergence, and in the reward its gradient is right. k3 is never negative, and
   * as a reward biased. Default "k1".
   */
  readonly klEstimator?: "k1" | "k3";
  /** 1 where a completion ended by itself, 0 where it was cut off [rows]; for the penalty. */
  readonly ended?: ArrayLike<number>;
  /** Taken off the score of a completion that did not end by itself. Default 0. */
  readonly missingEndPenalty?: number;
}

const checks = {
  logProb: numbers,
  referenceLogProb: numbers,
  lengths: numbers,
  scores: numbers,
  klCoefficient: finiteNumber,
  klEstimator: optional(oneOf(["k1", "k3"])),
  ended: optional(numbers),
  missingEndPenalty: optional(finiteNumber),
};

/**
 * Writes the reward of each token, and 0 behind the last one: what lies there is not read, NaN or not.
 *
 * @param out [rows × tokens]
 * @returns Σ of the KL estimates of each row, not times β [rows].
 * @throws AscentError "shape" for arrays that do not fit or lengths beyond them, "option" for other bad arguments.
 */
export function tokenRewards(inputs: TokenRewardInputs, out: Output): Float64Array {
  checkArguments("tokenRewards", { ...checks, out: outputArray }, { ...inputs, out } as Record<
    keyof typeof checks | "out",
    unknown
  >);
  const { logProb, referenceLogProb, lengths, scores, klCoefficient, klEstimator = "k1", ended } = inputs;
  const { missingEndPenalty = 0 } = inputs;
  const rows = scores.length;
  const tokens = rows === 0 ? 0 : out.length / rows;
  requireEntries("tokenRewards: logProb", logProb, rows * Math.floor(tokens), "token");
  requireEntries("tokenRewards: referenceLogProb", referenceLogProb, logProb.length, "token");
  requireEntries("tokenRewards: out", out, logProb.length, "token");
  requireEntries("tokenRewards: lengths", lengths, rows, "completion");
  if (ended !== undefined || missingEndPenalty !== 0) {
    requireEntries("tokenRewards: ended", ended ?? [], rows, "completion");
  }
  const divergences = new Float64Array(rows);
  out.fill(0);
  for (let row = 0; row < rows; row++) {
    const length = lengths[row];
    checkArguments("tokenRewards", { [`lengths[${row}]`]: lengthUpTo(tokens) }, { [`lengths[${row}]`]: length });
    for (let t = 0; t < length; t++) {
      const i = row * tokens + t;
      const d = referenceLogProb[i] - logProb[i];
      const kl = klEstimator === "k1" ? -d : expm1(d) - d;
      divergences[row] += kl;
      out[i] = -klCoefficient * kl;
    }
    const score = scores[row] - (ended !== undefined && ended[row] === 0 ? missingEndPenalty : 0);
    if (length > 0) out[row * tokens + length - 1] += score;
  }
  return divergences;
}

function lengthUpTo(tokens: number) {
  return {
    expected: `a whole number from 0 to ${tokens}`,
    fits: (x: unknown) => Number.isSafeInteger(x) && Number(x) >= 0 && Number(x) <= tokens,
    code: "shape" as const,
  };
}
