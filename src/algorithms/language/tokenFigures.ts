/**
 * What is measured on the tokens of a batch besides their log-probability: entropy, whether the most probable token is the
 * one that follows, and the level of the logits. Sums over the tokens of each sequence; figures of a batch are quotients of sums, so
 * they do not depend on how it is cut into parts.
 */

import type { Tensor } from "../../tensor/graph.ts";
import { equal, mul, stopGradient, sub, where } from "../../tensor/ops/elementwise.ts";
import { takeLast } from "../../tensor/ops/gather.ts";
import { maximum, mean, sum } from "../../tensor/ops/reduce.ts";
import { logSumExp, softmax } from "../../tensor/ops/softmax.ts";

/**
 * @param logits [sequences, tokens, vocabulary]
 * @param targets i32 [sequences, tokens]
 * @param mask [sequences, tokens]
 * @returns each [sequences].
 */
export function tokenFigures(
  logits: Tensor,
  targets: Tensor,
  mask: Tensor,
): Record<"entropy" | "hits" | "logits", Tensor> {
  const fixed = stopGradient(logits);
  const over = (x: Tensor) => sum(where(mask, x, 0), 1);
  const entropy = sub(logSumExp(fixed), sum(mul(softmax(fixed), fixed), 2));
  return {
    entropy: over(entropy),
    hits: over(equal(takeLast(fixed, targets), maximum(fixed, 2))),
    logits: over(mean(fixed, 2)),
  };
}

/**
 * Σ over the tokens of all sequences in [first, end) over the number of their tokens; 0 without any, as TRL has it.
 */
export function perToken(
  sums: ArrayLike<number>,
  counts: ArrayLike<number>,
  first = 0,
  end: number = sums.length,
): number {
  let [total, count] = [0, 0];
  for (let i = first; i < end; i++) {
    total += sums[i];
    count += counts[i];
  }
  return count === 0 ? 0 : total / count;
}

/** The mean of the entries for which `picks` holds; NaN without any. */
export function meanWhere(values: ArrayLike<number>, picks: (index: number) => boolean): number {
  let [total, count] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    if (!picks(i)) continue;
    total += values[i];
    count++;
  }
  return count === 0 ? Number.NaN : total / count;
}
