/** Causal attention and its gradient in plain JavaScript, as assembly/attention.ts. Places are in words. */

import { fourSums, toFloat32 } from "./lanes.ts";
import { wideProduct } from "./product.ts";
import { exp } from "./scalars.ts";
import type { Views } from "./views.ts";

const f = Math.fround;
const BLOCK = 32;
const LOWEST = f(-3e38);

/** One row of scores to weights: softmax over the first `count` of `width`, 0 behind them. */
export function toWeights(p: Float32Array, count: number, mask: Float32Array | undefined, scale: number): void {
  if (mask !== undefined) for (let j = 0; j < count; j++) if (mask[j] === 0) p[j] = -Infinity;
  let largest = LOWEST;
  for (let j = 0; j < count; j++) largest = Math.max(largest, p[j]);
  const total = fourSums(count, (j, sum) => {
    p[j] = exp(f(scale * f(p[j] - largest)));
    return sum + p[j];
  });
  const share = f(total === 0 ? 0 : 1 / total);
  for (let j = 0; j < count; j++) p[j] *= share;
  p.fill(0, count);
}

/** One row's gradients of weights to those of products before scaling. */
function toScoreGradients(g: Float32Array, p: Float32Array, scale: number): void {
  const mean = fourSums(g.length, (j, sum) => f(p[j] * g[j]) + sum);
  for (let j = 0; j < g.length; j++) g[j] = f(p[j] * scale) * f(g[j] - mean);
}

/**
 * @param places of out, x, gradient and mask; 0 for no gradient or mask.
 * @param sizes rows, length, heads, keyValueHeads, size.
 */
export function attention(
  { floats }: Views,
  places: readonly number[],
  sizes: readonly number[],
  scaleBits: number,
): void {
  const [out, x, gradient, mask] = places;
  const [rows, length, heads, keyValueHeads, size] = sizes;
  const scale = toFloat32(scaleBits);
  const backward = gradient !== 0;
  const strideX = (heads + 2 * keyValueHeads) * size;
  const strideY = heads * size;
  const weights = new Float32Array(length * length);
  const gradients = new Float32Array(backward ? length * length : 0);
  const shared = heads / keyValueHeads;
  const matrix = (from: Float32Array, at: number, stride: number, transposed = false) => ({
    from,
    at,
    stride,
    transposed,
  });
  for (let row = 0; row < rows; row++) {
    const [atX, atY] = [row * length * strideX, row * length * strideY];
    const seen = mask === 0 ? undefined : floats.subarray(mask + row * length, mask + (row + 1) * length);
    for (let h = 0; h < heads; h++) {
      const [query, key] = [h * size, (heads + Math.floor(h / shared)) * size];
      const value = key + keyValueHeads * size;
      for (let i = 0; i < length; i += BLOCK) {
        const count = Math.min(BLOCK, length - i);
        const width = i + count;
        const q = matrix(floats, x + atX + i * strideX + query, strideX);
        const p = matrix(weights, i * length, length);
        wideProduct(q, matrix(floats, x + atX + key, strideX, true), p, count, width, size, false);
        for (let r = 0; r < count; r++) {
          const from = (i + r) * length;
          toWeights(weights.subarray(from, from + width), i + r + 1, seen, scale);
        }
        const values = x + atX + value;
        const resultAt = atY + i * strideY + query;
        if (!backward) {
          const y = matrix(floats, out + resultAt, strideY);
          wideProduct(p, matrix(floats, values, strideX), y, count, size, width, false);
          continue;
        }
        const g = matrix(gradients, i * length, length);
        const given = matrix(floats, gradient + resultAt, strideY);
        wideProduct(given, matrix(floats, values, strideX, true), g, count, width, size, false);
        for (let r = 0; r < count; r++) {
          const from = (i + r) * length;
          toScoreGradients(gradients.subarray(from, from + width), weights.subarray(from, from + width), scale);
        }
        const toQuery = matrix(floats, out + atX + i * strideX + query, strideX);
        wideProduct(g, matrix(floats, x + atX + key, strideX), toQuery, count, size, width, false);
      }
      for (let j = 0; backward && j < length; j += BLOCK) {
        const count = Math.min(BLOCK, length - j);
        const at = atX + j * strideX;
        const square = j * length + j;
        const add = h % shared !== 0;
        const q = matrix(floats, x + at + query, strideX);
        const toKey = matrix(floats, out + at + key, strideX);
        wideProduct(matrix(gradients, square, length, true), q, toKey, count, size, length - j, add);
        const given = matrix(floats, gradient + atY + j * strideY + query, strideY);
        const toValue = matrix(floats, out + at + value, strideX);
        wideProduct(matrix(weights, square, length, true), given, toValue, count, size, length - j, add);
      }
    }
  }
}
