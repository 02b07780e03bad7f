/**
 * Attention of one new token a row over what a cache holds of the tokens before it. The cache is two inputs of the program
 * that the operation writes into, which no other does: their memory is the caller's, bound when compiling, and holds what
 * earlier runs left there. It has no gradient; networks learn with attention over whole sequences.
 */

import { describeTensor, node, requireTensor, type Tensor } from "../graph.ts";
import { sameShape, shapeError } from "../shape.ts";

export interface CachedAttentionInputs {
  /** [rows, heads, size], scaled already. */
  query: Tensor;
  /** Of the new tokens: [rows, keyValueHeads, size]; head h uses ⌊h · keyValueHeads / heads⌋. */
  key: Tensor;
  value: Tensor;
  /** i32 [rows]: how many tokens of the row the cache holds already, below its capacity. */
  positions: Tensor;
  /** Inputs [rows, keyValueHeads, capacity, size]. */
  keys: Tensor;
  values: Tensor;
}

/**
 * Writes each row's key and value into the cache at the row's position, then gives softmax(q K ᵀ) V over the cache up to that
 * position: [rows, heads, size]. What lies behind a row's position is not read, so rows cost what their own length is; a row's
 * numbers depend on neither the other rows nor the capacity.
 *
 * @throws AscentError "shape" for tensors that do not fit together; a run throws it for a position outside the cache.
 */
export function cachedAttention({ query, key, value, positions, keys, values }: CachedAttentionInputs): Tensor {
  for (const x of [query, key, value, positions, keys, values]) requireTensor("cachedAttention", x);
  const [rows, heads, size] = query.shape;
  const [, keyValueHeads] = key.shape;
  const [, , capacity] = keys.shape;
  const entry = [rows, keyValueHeads, size];
  const cache = [rows, keyValueHeads, capacity, size];
  const fits =
    query.shape.length === 3 &&
    keys.op === "input" &&
    values.op === "input" &&
    positions.dtype === "i32" &&
    heads % keyValueHeads === 0 &&
    sameShape(positions.shape, [rows]) &&
    [key, value].every((x) => sameShape(x.shape, entry)) &&
    [keys, values].every((x) => sameShape(x.shape, cache)) &&
    [query, key, value, keys, values].every(({ dtype }) => dtype === "f32");
  if (!fits) {
    throw shapeError({
      what: "cachedAttention: the tensors do not fit together",
      got: [query, key, value, positions, keys, values].map(describeTensor).join(", "),
      expected:
        "query [rows, heads, size], key and value [rows, keyValueHeads, size], positions i32 [rows], and the cache as two " +
        "inputs [rows, keyValueHeads, capacity, size]",
      fix: "Leave the axis of the single new token out with reshape.",
    });
  }
  // The indices second, as in the other operations that are told a place when they run.
  return node("cachedAttention", [query, positions, key, value, keys, values], query.shape);
}
