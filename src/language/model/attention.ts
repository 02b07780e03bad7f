/** Causal attention with heads that may share keys and values, and the bias that keeps padding out of it. Graph code. */

import { constant, type Tensor } from "../../tensor/graph.ts";
import { add, mul, sub } from "../../tensor/ops/elementwise.ts";
import { reshape } from "../../tensor/ops/layout.ts";
import { matmul } from "../../tensor/ops/matmul.ts";
import { softmax } from "../../tensor/ops/softmax.ts";

/** Added to the score of what must not be seen: its weight is exactly 0, and where nothing may be seen all stays finite. */
const HIDDEN = -1e30;

/**
 * Zero where a query may look, far below where it may not: tokens behind it, and padding.
 *
 * @param mask f32 [rows, length], 1 for real tokens.
 * @returns [1 or rows, 1, length, length]
 */
export function causalBias(length: number, mask?: Tensor): Tensor {
  const entries = Float32Array.from({ length: length * length }, (_, i) =>
    i % length > Math.floor(i / length) ? HIDDEN : 0,
  );
  const causal = constant(entries, [1, 1, length, length]);
  if (mask === undefined) return causal;
  return add(causal, reshape(mul(sub(mask, 1), -HIDDEN), [mask.shape[0], 1, 1, length]));
}

/**
 * softmax(Q Kᵀ / √size + bias) V.
 *
 * @param query [rows, heads, queries, size]
 * @param key and value [rows, keyValueHeads, keys, size]; head h uses ⌊h · keyValueHeads / heads⌋.
 * @param bias broadcasts against [rows, heads, queries, keys].
 * @returns [rows, heads, queries, size]
 */
export function attention(query: Tensor, key: Tensor, value: Tensor, bias: Tensor): Tensor {
  const [rows, heads, queries, size] = query.shape;
  const [, keyValueHeads, keys] = key.shape;
  // Heads that share keys stand one below the other, so that theirs is one product.
  const shared = [rows, keyValueHeads, (heads / keyValueHeads) * queries];
  const scaled = reshape(mul(query, 1 / Math.sqrt(size)), [...shared, size]);
  const scores = reshape(matmul(scaled, key, { transposeB: true }), [rows, heads, queries, keys]);
  const weights = softmax(add(scores, bias));
  return reshape(matmul(reshape(weights, [...shared, keys]), value), [rows, heads, queries, size]);
}
