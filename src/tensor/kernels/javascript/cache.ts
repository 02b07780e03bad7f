/** Attention over a cache in plain JavaScript, as assembly/cache.ts. Places are in words. */

import { product } from "./product.ts";
import { softmax } from "./reduce.ts";
import type { Views } from "./views.ts";

/**
 * @param places of out, q, positions, k, v, keys and values.
 * @param sizes rows, heads, keyValueHeads, size, capacity.
 * @returns false when a position lies outside the cache.
 */
export function cachedAttention(
  views: Views,
  places: readonly number[],
  sizes: readonly number[],
  scratch: number,
): boolean {
  let [out, q, positions, k, v, keys, values] = places;
  const [rows, heads, keyValueHeads, size, capacity] = sizes;
  for (let row = 0; row < rows; row++) {
    const position = views.ints[positions + row];
    if (position < 0 || position >= capacity) return false;
    const count = position + 1;
    for (let g = 0; g < keyValueHeads; g++) {
      views.floats.copyWithin(keys + position * size, k, k + size);
      views.floats.copyWithin(values + position * size, v, v + size);
      for (let h = 0; h < heads / keyValueHeads; h++) {
        product(views, keys, q, scratch, count, 1, size, false, false, 0, 0);
        softmax(views, 0, scratch, scratch, 1, count);
        product(views, values, scratch, out, size, 1, count, true, false, 0, 0);
        q += size;
        out += size;
      }
      k += size;
      v += size;
      keys += capacity * size;
      values += capacity * size;
    }
  }
  return true;
}
