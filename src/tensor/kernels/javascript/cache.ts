/** Attention over a cache in plain JavaScript, with the sums of assembly/cache.ts. Places are in words. */

import { toWeights } from "./attention.ts";
import type { Views } from "./views.ts";

const f = Math.fround;
const parts = new Float32Array(4);

/**
 * @param places of out, x, positions, keys, values and the scratch.
 * @param sizes rows, heads, keyValueHeads, size, capacity.
 * @returns false when a position lies outside the cache.
 */
export function cachedAttention(
  { floats, ints }: Views,
  places: readonly number[],
  sizes: readonly number[],
  scale: number,
): boolean {
  let [out, x, positions, keys, values, scores] = places;
  const [rows, heads, keyValueHeads, size, capacity] = sizes;
  for (let row = 0; row < rows; row++) {
    const position = ints[positions + row];
    if (position < 0 || position >= capacity) return false;
    let key = x + heads * size;
    for (let g = 0; g < keyValueHeads; g++) {
      floats.copyWithin(keys + position * size, key, key + size);
      floats.copyWithin(values + position * size, key + keyValueHeads * size, key + (keyValueHeads + 1) * size);
      for (let h = 0; h < heads / keyValueHeads; h++) {
        attend(floats, [out, x, keys, values, scores], position + 1, size, scale);
        x += size;
        out += size;
      }
      key += size;
      keys += capacity * size;
      values += capacity * size;
    }
    x += 2 * keyValueHeads * size;
  }
  return true;
}

function attend(
  floats: Float32Array,
  [out, q, keys, values, scores]: readonly number[],
  count: number,
  size: number,
  scale: number,
): void {
  const vectors = size & ~3;
  for (let j = 0; j < count; j++) {
    const key = keys + j * size;
    parts.fill(0);
    for (let d = 0; d < vectors; d++) parts[d & 3] += f(floats[q + d] * floats[key + d]);
    let score = f(f(parts[0] + parts[2]) + f(parts[1] + parts[3]));
    for (let d = vectors; d < size; d++) score = f(score + f(floats[q + d] * floats[key + d]));
    floats[scores + j] = score;
  }
  toWeights(floats.subarray(scores, scores + count), count, undefined, scale);
  for (let d = 0; d < size; d++) {
    let sum = 0;
    for (let j = 0; j < count; j++) sum = f(sum + f(floats[scores + j] * floats[values + j * size + d]));
    floats[out + d] = sum;
  }
}
