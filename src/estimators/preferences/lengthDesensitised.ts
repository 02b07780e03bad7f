/**
 * LD-DPO (Liu et al. 2024): of the longer completion of a pair, the tokens beyond the length of the shorter one count a
 * share α only, so that length itself is no reason to be preferred. As weights in place of a mask.
 */

import { checkArguments, numbers, share } from "../../arguments/checks.ts";
import { type Output, requireEntries } from "../episodes.ts";
import { outputArray } from "./checks.ts";

/**
 * @param mask 1 on the tokens of a completion, 0 elsewhere [rows × tokens].
 * @param otherMask the same of the other completion of each pair [rows × its tokens].
 * @param rows the pairs.
 * @param alpha the share from 0 to 1; 1 is DPO.
 * @param out the weights of the completion's tokens [rows × tokens]; may be `mask`.
 * @throws AscentError "shape" for arrays that are not whole rows, "option" for an α outside [0, 1].
 */
export function lengthDesensitisedWeights(
  mask: ArrayLike<number>,
  otherMask: ArrayLike<number>,
  rows: number,
  alpha: number,
  out: Output,
): void {
  const checks = { mask: numbers, otherMask: numbers, rows: rowsOf(mask, otherMask), alpha: share, out: outputArray };
  checkArguments("lengthDesensitisedWeights", checks, { mask, otherMask, rows, alpha, out });
  requireEntries("lengthDesensitisedWeights: out", out, mask.length, "token");
  const [tokens, otherTokens] = [mask.length / rows, otherMask.length / rows];
  for (let row = 0; row < rows; row++) {
    let left = 0;
    for (let t = 0; t < otherTokens; t++) if (otherMask[row * otherTokens + t] !== 0) left++;
    for (let i = row * tokens; i < (row + 1) * tokens; i++) {
      if (mask[i] === 0) out[i] = 0;
      else out[i] = left-- > 0 ? 1 : alpha;
    }
  }
}

function rowsOf(mask: ArrayLike<number>, otherMask: ArrayLike<number>) {
  return {
    expected: "a whole number ≥ 1 that divides both masks",
    fits: (x: unknown) =>
      Number.isSafeInteger(x) && Number(x) > 0 && mask?.length % Number(x) === 0 && otherMask?.length % Number(x) === 0,
    code: "shape" as const,
  };
}
