// Causal attention of several heads, and its gradient, on rows of queries, keys and values side by side: head by head and a
// few queries at a time, so that scores and weights stay in the cache and keys behind the last query are never multiplied.
// The gradient computes the weights again; nothing of the size of length² is kept but in the scratch of one head.

import { EPILOGUE_NONE } from "./epilogue";
import { wideProduct } from "./gemm";
import { horizontalMax, horizontalSum, madd, splat } from "./simd";
import { exp4 } from "./transcendental";

/** Queries taken at a time; also keys, for their gradients. */
const BLOCK: i32 = 32;
/** Below every score: the largest of a query that may look at no key. */
const LOWEST: f32 = -3e38;

@inline
function product(
  a: usize, strideA: usize, b: usize, strideB: usize, c: usize, strideC: usize, m: i32, n: i32, k: i32,
  transposeA: i32, transposeB: i32, add: bool, scratch: usize,
): void {
  wideProduct(a, strideA, b, strideB, c, strideC, m, n, k, transposeA, transposeB, add, EPILOGUE_NONE, 0, 0, scratch);
}

/**
 * Scores of queries `first` … `first + count − 1` to weights, in place: softmax over the keys up to the query's own of which
 * the mask, if there is one, is not 0; 0 behind them, and everywhere where there is none. Rows are whole vectors long.
 */
export function toWeights(p: usize, stride: usize, first: i32, count: i32, mask: usize, scale: f32): void {
  const width = p + ((<usize>((first + count + 3) & ~3)) << 2);
  for (let r = 0; r < count; r++) {
    const row = p + <usize>r * stride;
    const last = (<usize>(first + r)) << 2;
    if (mask != 0) {
      for (let at: usize = 0; at <= last; at += 4) {
        if (load<f32>(mask + at) == 0) store<f32>(row + at, -Infinity);
      }
    }
    const end = width - p + row;
    const vectorEnd = row + ((last + 16) & ~15);
    for (let at = row + last + 4; at < vectorEnd; at += 4) store<f32>(at, -Infinity);
    let lanes = splat(LOWEST);
    for (let at = row; at < vectorEnd; at += 16) lanes = f32x4.max(lanes, v128.load(at));
    const largest = splat(horizontalMax(lanes));
    const factor = splat(scale);
    lanes = splat(0);
    for (let at = row; at < vectorEnd; at += 16) {
      const power = exp4(f32x4.mul(factor, f32x4.sub(v128.load(at), largest)));
      v128.store(at, power);
      lanes = f32x4.add(lanes, power);
    }
    const total = horizontalSum(lanes);
    // Of no key at all the total is 0, and so are the weights; a NaN stays one.
    const share = splat(total == 0 ? 0 : <f32>1 / total);
    for (let at = row; at < vectorEnd; at += 16) v128.store(at, f32x4.mul(v128.load(at), share));
    for (let at = vectorEnd; at < end; at += 16) v128.store(at, splat(0));
  }
}

/** Gradients of weights to gradients of products before scaling, in place: scale · p (g − Σ p g). */
function toScoreGradients(g: usize, p: usize, stride: usize, count: i32, width: i32, scale: f32): void {
  const end = (<usize>((width + 3) & ~3)) << 2;
  for (let r = 0; r < count; r++) {
    for (let at = (<usize>width) << 2; at < end; at += 4) store<f32>(g + at, 0);
    let lanes = splat(0);
    for (let at: usize = 0; at < end; at += 16) lanes = madd(v128.load(p + at), v128.load(g + at), lanes);
    const mean = splat(horizontalSum(lanes));
    for (let at: usize = 0; at < end; at += 16) {
      const deviation = f32x4.sub(v128.load(g + at), mean);
      v128.store(g + at, f32x4.mul(f32x4.mul(v128.load(p + at), splat(scale)), deviation));
    }
    g += stride;
    p += stride;
  }
}

/**
 * x [rows, length, (heads + 2 · keyValueHeads) · size] holds queries, keys and values; `heads / keyValueHeads` queries share a
 * key. Without a gradient (0) out is [rows, length, heads · size]; with that of the result out is the gradient of x. The mask
 * [rows, length], or 0, is of keys. The scratch: two squares of length × (length, in whole vectors), then that of a product.
 */
export function attention(
  out: usize, x: usize, gradient: usize, mask: usize,
  rows: i32, length: i32, heads: i32, keyValueHeads: i32, size: i32, scale: f32, scratch: usize,
): void {
  const head = (<usize>size) << 2;
  const strideX = head * <usize>(heads + 2 * keyValueHeads);
  const strideY = head * <usize>heads;
  const stride = (<usize>((length + 3) & ~3)) << 2;
  const square = scratch + stride * <usize>length;
  const products = square + stride * <usize>length;
  const shared = heads / keyValueHeads;
  for (let row = 0; row < rows; row++) {
    for (let h = 0; h < heads; h++) {
      const query = head * <usize>h;
      const key = head * <usize>(heads + h / shared);
      const value = key + head * <usize>keyValueHeads;
      for (let i = 0; i < length; i += BLOCK) {
        const count = min(BLOCK, length - i);
        const width = i + count;
        const atX = <usize>i * strideX + query;
        const atY = <usize>i * strideY + query;
        const p = gradient == 0 ? scratch : scratch + <usize>i * stride;
        product(x + atX, strideX, x + key, strideX, p, stride, count, width, size, 0, 1, false, products);
        toWeights(p, stride, i, count, mask, scale);
        if (gradient == 0) {
          product(p, stride, x + value, strideX, out + atY, strideY, count, size, width, 0, 0, false, products);
        } else {
          const g = square + <usize>i * stride;
          product(gradient + atY, strideY, x + value, strideX, g, stride, count, width, size, 0, 1, false, products);
          toScoreGradients(g, p, stride, count, width, scale);
          product(g, stride, x + key, strideX, out + atX, strideX, count, size, width, 0, 0, false, products);
        }
      }
      if (gradient == 0) continue;
      const add = h % shared != 0;
      for (let j = 0; j < length; j += BLOCK) {
        const count = min(BLOCK, length - j);
        const from = <usize>j * stride + ((<usize>j) << 2);
        const atX = <usize>j * strideX;
        const queries = x + atX + query;
        const gradients = gradient + <usize>j * strideY + query;
        const below = length - j;
        product(square + from, stride, queries, strideX, out + atX + key, strideX, count, size, below, 1, 0, add, products);
        product(scratch + from, stride, gradients, strideY, out + atX + value, strideX, count, size, below, 1, 0, add, products);
      }
    }
    x += strideX * <usize>length;
    out += (gradient == 0 ? strideY : strideX) * <usize>length;
    if (gradient != 0) gradient += strideY * <usize>length;
    if (mask != 0) mask += (<usize>length) << 2;
  }
}
