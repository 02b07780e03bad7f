// Attention of one new token a row over a cache of keys and values, which it is written into first. Made of the narrow
// product and softmax, over as many positions as the row has: the sums of a row have one order, whatever lies beside it.

import { narrowProduct } from "./narrow";
import { softmax, softmaxScratchBytes } from "./softmax";

/** Bytes of scratch for a cache of so many positions. */
export function cachedAttentionScratchBytes(capacity: i32): i32 {
  return softmaxScratchBytes(capacity) + (capacity << 2);
}

/**
 * out, q: [rows, heads, size]; k, v: [rows, keyValueHeads, size]; keys, values: [rows, keyValueHeads, capacity, size]. Returns
 * 0 when a position lies outside the cache.
 */
export function cachedAttention(
  out: usize, q: usize, positions: usize, k: usize, v: usize, keys: usize, values: usize,
  rows: i32, heads: i32, keyValueHeads: i32, size: i32, capacity: i32, scratch: usize,
): i32 {
  const bytes = (<usize>size) << 2;
  const group = heads / keyValueHeads;
  const scores = scratch + softmaxScratchBytes(capacity);
  for (let row = 0; row < rows; row++) {
    const position = load<i32>(positions + ((<usize>row) << 2));
    if (<u32>position >= <u32>capacity) return 0;
    const count = position + 1;
    for (let g = 0; g < keyValueHeads; g++) {
      memory.copy(keys + <usize>position * bytes, k, bytes);
      memory.copy(values + <usize>position * bytes, v, bytes);
      for (let h = 0; h < group; h++) {
        narrowProduct(keys, q, scores, count, 1, size, 0, 0, 0, 0, 0, scratch);
        softmax(0, scores, scores, 1, count, scratch);
        narrowProduct(values, scores, out, size, 1, count, 1, 0, 0, 0, 0, scratch);
        q += bytes;
        out += bytes;
      }
      k += bytes;
      v += bytes;
      keys += <usize>capacity * bytes;
      values += <usize>capacity * bytes;
    }
  }
  return 1;
}
