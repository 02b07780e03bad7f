/**
 * Which tokens of completions are learnt from, as weights of their gains: leaving out completions that the policy has drifted
 * away from, or tokens of which it is sure.
 */

import { checkArguments, finiteNumber, numbers } from "../../arguments/checks.ts";
import { type Output, requireEntries } from "../episodes.ts";
import { outputArray } from "./checks.ts";

export interface DriftInputs {
  /** log π of each token now [rows × tokens] */
  readonly logProb: ArrayLike<number>;
  /** log π under the policy that sampled it [rows × tokens] */
  readonly oldLogProb: ArrayLike<number>;
  /** 1 on the tokens of a completion, 0 elsewhere [rows × tokens] */
  readonly mask: ArrayLike<number>;
  /** One for each completion [rows] */
  readonly advantages: ArrayLike<number>;
  /** The mean log(π_old/π) of a completion's tokens up to which it counts. */
  readonly threshold: number;
}

const driftChecks = {
  logProb: numbers,
  oldLogProb: numbers,
  mask: numbers,
  advantages: numbers,
  threshold: finiteNumber,
  out: outputArray,
};

/**
 * 0 on completions of negative advantage that have become much less probable than when they were sampled, 1 on the others (off-policy
 * sequence masking, DeepSeek-V3.2 2025): what is already avoided need not be pushed further.
 *
 * @param out [rows × tokens]
 * @throws AscentError "shape" for arrays that do not fit, "option" for a threshold that is not finite.
 */
export function driftWeights(inputs: DriftInputs, out: Output): void {
  checkArguments("driftWeights", driftChecks, { ...inputs, out } as Record<keyof typeof driftChecks, unknown>);
  const { logProb, oldLogProb, mask, advantages, threshold } = inputs;
  const rows = advantages.length;
  const tokens = rows === 0 ? 0 : Math.floor(out.length / rows);
  for (const [name, array] of Object.entries({ out, logProb, oldLogProb, mask })) {
    requireEntries(`driftWeights: ${name}`, array, rows * tokens, "token");
  }
  for (let row = 0; row < rows; row++) {
    let [drift, count] = [0, 0];
    for (let i = row * tokens; i < (row + 1) * tokens; i++) {
      if (mask[i] === 0) continue;
      drift += oldLogProb[i] - logProb[i];
      count++;
    }
    const kept = advantages[row] >= 0 || drift <= threshold * Math.max(count, 1);
    out.fill(kept ? 1 : 0, row * tokens, (row + 1) * tokens);
  }
}

/**
 * 1 on the share of tokens with the highest entropies, 0 on the others (Wang et al. 2025, "Beyond the 80/20 rule"). The bound is the
 * quantile between two neighbouring entropies, as NumPy's default interpolates it.
 *
 * @param entropies of the distribution each token was drawn from [tokens].
 * @param mask which tokens count, 1 or 0 [tokens].
 * @param share to keep, above 0 and at most 1.
 * @param out [tokens]
 * @throws AscentError "shape" for arrays that do not fit, "option" for a share out of range.
 */
export function uncertainTokenWeights(
  entropies: ArrayLike<number>,
  mask: ArrayLike<number>,
  share: number,
  out: Output,
): void {
  const shareCheck = {
    expected: "a number above 0 and at most 1",
    fits: (x: unknown) => Number.isFinite(x) && Number(x) > 0 && Number(x) <= 1,
  };
  const given = { entropies, mask, share, out };
  checkArguments(
    "uncertainTokenWeights",
    { entropies: numbers, mask: numbers, share: shareCheck, out: outputArray },
    given,
  );
  requireEntries("uncertainTokenWeights: entropies", entropies, out.length, "token");
  requireEntries("uncertainTokenWeights: mask", mask, out.length, "token");
  const counted: number[] = [];
  for (let i = 0; i < mask.length; i++) if (mask[i] !== 0) counted.push(entropies[i]);
  const sorted = Float64Array.from(counted).sort();
  const place = (1 - share) * (sorted.length - 1);
  const low = sorted[Math.floor(place)];
  const bound = low + (place - Math.floor(place)) * (sorted[Math.ceil(place)] - low);
  for (let i = 0; i < out.length; i++) out[i] = mask[i] !== 0 && entropies[i] >= bound ? 1 : 0;
}
