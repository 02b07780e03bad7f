// Attention of one new token a row over a cache of keys and values, which its own are written into first. Positions are taken
// eight at a time; a row's sums have one order, whatever lies beside it and however long the cache is.

import { toWeights } from "./attention";
import { madd, splat, sumsOfLanes } from "./simd";

/**
 * x: queries, keys and values side by side [rows, (heads + 2 · keyValueHeads) · size]; keys, values: [rows, keyValueHeads,
 * capacity, size], the capacity a multiple of eight; out: [rows, heads · size]. The scratch is of `capacity` numbers. Returns 0
 * when a position lies outside the cache.
 */
export function cachedAttention(
  out: usize, x: usize, positions: usize, keys: usize, values: usize,
  rows: i32, heads: i32, keyValueHeads: i32, size: i32, capacity: i32, scale: f32, scratch: usize,
): i32 {
  const bytes = (<usize>size) << 2;
  const shared = heads / keyValueHeads;
  for (let row = 0; row < rows; row++) {
    const position = load<i32>(positions + ((<usize>row) << 2));
    if (<u32>position >= <u32>capacity) return 0;
    const at = <usize>position * bytes;
    let key = x + <usize>heads * bytes;
    for (let g = 0; g < keyValueHeads; g++) {
      memory.copy(keys + at, key, bytes);
      memory.copy(values + at, key + <usize>keyValueHeads * bytes, bytes);
      for (let h = 0; h < shared; h++) {
        attend(out, x, keys, values, position + 1, bytes, scale, scratch);
        x += bytes;
        out += bytes;
      }
      key += bytes;
      keys += <usize>capacity * bytes;
      values += <usize>capacity * bytes;
    }
    x += <usize>(2 * keyValueHeads) * bytes;
  }
  return 1;
}

/** One head: softmax(scale · q · keys) · values over the first `count` positions. */
function attend(
  out: usize, q: usize, keys: usize, values: usize, count: i32, bytes: usize, scale: f32, scores: usize,
): void {
  const last = scores + ((<usize>count) << 2);
  const end = scores + ((<usize>((count + 7) & ~7)) << 2);
  const vectors = bytes & ~15;
  let key = keys;
  for (let to = scores; to < end; to += 32) {
    let c0 = splat(0), c1 = splat(0), c2 = splat(0), c3 = splat(0);
    let c4 = splat(0), c5 = splat(0), c6 = splat(0), c7 = splat(0);
    for (let d: usize = 0; d < vectors; d += 16) {
      const x = v128.load(q + d);
      let row = key + d;
      c0 = madd(x, v128.load(row), c0);
      row += bytes;
      c1 = madd(x, v128.load(row), c1);
      row += bytes;
      c2 = madd(x, v128.load(row), c2);
      row += bytes;
      c3 = madd(x, v128.load(row), c3);
      row += bytes;
      c4 = madd(x, v128.load(row), c4);
      row += bytes;
      c5 = madd(x, v128.load(row), c5);
      row += bytes;
      c6 = madd(x, v128.load(row), c6);
      row += bytes;
      c7 = madd(x, v128.load(row), c7);
    }
    v128.store(to, sumsOfLanes(c0, c1, c2, c3));
    v128.store(to, sumsOfLanes(c4, c5, c6, c7), 16);
    key += 8 * bytes;
  }
  for (let d = vectors; d < bytes; d += 4) {
    const x = load<f32>(q + d);
    key = keys + d;
    for (let to = scores; to < last; to += 4) {
      store<f32>(to, load<f32>(to) + x * load<f32>(key));
      key += bytes;
    }
  }
  toWeights(scores, 0, count - 1, 1, 0, scale);
  let d: usize = 0;
  for (; d + 128 <= bytes; d += 128) {
    let c0 = splat(0), c1 = splat(0), c2 = splat(0), c3 = splat(0);
    let c4 = splat(0), c5 = splat(0), c6 = splat(0), c7 = splat(0);
    let value = values + d;
    for (let at = scores; at < last; at += 4) {
      const p = v128.load_splat<f32>(at);
      c0 = madd(p, v128.load(value), c0);
      c1 = madd(p, v128.load(value, 16), c1);
      c2 = madd(p, v128.load(value, 32), c2);
      c3 = madd(p, v128.load(value, 48), c3);
      c4 = madd(p, v128.load(value, 64), c4);
      c5 = madd(p, v128.load(value, 80), c5);
      c6 = madd(p, v128.load(value, 96), c6);
      c7 = madd(p, v128.load(value, 112), c7);
      value += bytes;
    }
    const to = out + d;
    v128.store(to, c0);
    v128.store(to, c1, 16);
    v128.store(to, c2, 32);
    v128.store(to, c3, 48);
    v128.store(to, c4, 64);
    v128.store(to, c5, 80);
    v128.store(to, c6, 96);
    v128.store(to, c7, 112);
  }
  for (; d + 16 <= bytes; d += 16) {
    let sum = splat(0);
    let value = values + d;
    for (let at = scores; at < last; at += 4) {
      sum = madd(v128.load_splat<f32>(at), v128.load(value), sum);
      value += bytes;
    }
    v128.store(out + d, sum);
  }
  for (; d < bytes; d += 4) {
    let sum: f32 = 0;
    let value = values + d;
    for (let at = scores; at < last; at += 4) {
      sum += load<f32>(at) * load<f32>(value);
      value += bytes;
    }
    store<f32>(out + d, sum);
  }
}
