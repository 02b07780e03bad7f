/**
 * Attention of one new token a row over what a cache holds of the tokens before it. The cache is two inputs of the program
 * that the operation writes into, which no other does: their memory is the caller's, bound when compiling, and holds what
 * earlier runs left there. It has no gradient; networks learn with attention over whole sequences.
 */

import { describeTensor, node, requireTensor, type Tensor } from "../graph.ts";
import { sameShape, shapeError } from "../shape.ts";

export interface CachedAttentionInputs {
  /** Queries, keys and values of the new tokens side by side: [rows, (heads + 2 · keyValueHeads) · size]. */
  x: Tensor;
  /** i32 [rows]: how many tokens of the row the cache holds already, below its capacity. */
  positions: Tensor;
  /** Inputs [rows, keyValueHeads, capacity, size], the capacity a multiple of 8; head h uses ⌊h · keyValueHeads / heads⌋. */
  keys: Tensor;
  values: Tensor;
  heads: number;
  /** Of scores. Default: 1 / √size. */
  scale?: number;
}

/**
 * Writes each row's key and value into the cache at the row's position, then gives softmax(scale · q K ᵀ) V over the cache up
 * to that position: [rows, heads · size]. What lies behind a row's position has no influence, so rows cost what their own length
 * is; a row's numbers depend on neither the other rows nor the capacity.
 *
 * @throws AscentError "shape" for tensors that do not fit together; a run throws it for a position outside the cache.
 */
export function cachedAttention({ x, positions, keys, values, heads, scale }: CachedAttentionInputs): Tensor {
  for (const tensor of [x, positions, keys, values]) requireTensor("cachedAttention", tensor);
  const [rows, keyValueHeads, capacity, size] = keys.shape;
  const fits =
    keys.shape.length === 4 &&
    capacity % 8 === 0 &&
    heads % keyValueHeads === 0 &&
    sameShape(values.shape, keys.shape) &&
    sameShape(x.shape, [rows, (heads + 2 * keyValueHeads) * size]) &&
    sameShape(positions.shape, [rows]) &&
    positions.dtype === "i32" &&
    [x, keys, values].every(({ dtype }) => dtype === "f32") &&
    [keys, values].every(({ op }) => op === "input");
  if (!fits) {
    throw shapeError({
      what: "cachedAttention: the tensors do not fit together",
      got: `${[x, positions, keys, values].map(describeTensor).join(", ")}, heads ${heads}`,
      expected:
        "x [rows, (heads + 2 · keyValueHeads) · size], positions i32 [rows], and the cache as two inputs [rows, keyValueHeads, " +
        "capacity, size] with a capacity that is a multiple of 8",
      fix: "Put queries, keys and values side by side with concat, and make the cache a little larger.",
    });
  }
  // The indices second, as in the other operations that are told a place when they run.
  const attributes = { heads, scale: scale ?? 1 / Math.sqrt(size) };
  return node("cachedAttention", [x, positions, keys, values], [rows, heads * size], "f32", attributes);
}
