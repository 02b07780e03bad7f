// Copies of a matrix product's operands, laid out as the micro-kernels (tiles.ts) walk them.

import { splat } from "./simd";

/** Copies `columns` ≤ 8 columns of B from row k0, `count` rows, into a panel of 8 with zeros behind. */
export function packPanel(to: usize, b: usize, rowStride: usize, columns: i32, count: i32): void {
  if (columns == 8) {
    for (let k = 0; k < count; k++) {
      v128.store(to, v128.load(b));
      v128.store(to, v128.load(b, 16), 16);
      to += 32;
      b += rowStride;
    }
    return;
  }
  for (let k = 0; k < count; k++) {
    v128.store(to, splat(0));
    v128.store(to, splat(0), 16);
    for (let j = 0; j < columns; j++) store<f32>(to + ((<usize>j) << 2), load<f32>(b + ((<usize>j) << 2)));
    to += 32;
    b += rowStride;
  }
}

/** The transpose of four rows of four, written with `strideTo` bytes between its rows. */
@inline
function transpose4(to: usize, strideTo: usize, r0: v128, r1: v128, r2: v128, r3: v128): void {
  const p = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
  const q = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const s = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const t = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(p, q, 0, 1, 4, 5));
  v128.store(to + strideTo, v128.shuffle<f32>(p, q, 2, 3, 6, 7));
  v128.store(to + 2 * strideTo, v128.shuffle<f32>(s, t, 0, 1, 4, 5));
  v128.store(to + 3 * strideTo, v128.shuffle<f32>(s, t, 2, 3, 6, 7));
}

/** The same from Bᵀ: `columns` rows of the stored matrix, `count` entries of each. */
export function packPanelTransposed(to: usize, b: usize, rowStride: usize, columns: i32, count: i32): void {
  if (columns == 8) {
    let k = 0;
    for (; k + 4 <= count; k += 4) {
      transpose4(to, 32,
        v128.load(b), v128.load(b + rowStride), v128.load(b + 2 * rowStride), v128.load(b + 3 * rowStride));
      const lower = b + 4 * rowStride;
      transpose4(to + 16, 32,
        v128.load(lower), v128.load(lower + rowStride), v128.load(lower + 2 * rowStride), v128.load(lower + 3 * rowStride));
      to += 128;
      b += 16;
    }
    for (; k < count; k++) {
      for (let j: usize = 0; j < 8; j++) store<f32>(to + (j << 2), load<f32>(b + j * rowStride));
      to += 32;
      b += 4;
    }
    return;
  }
  for (let k = 0; k < count; k++) {
    v128.store(to, splat(0));
    v128.store(to, splat(0), 16);
    for (let j = 0; j < columns; j++) store<f32>(to + ((<usize>j) << 2), load<f32>(b + (<usize>j) * rowStride));
    to += 32;
    b += 4;
  }
}

/** Copies `rows` columns of the stored k × m matrix (so rows of Aᵀ) into groups of four, k-major inside a group. */
export function packRows(to: usize, a: usize, rowStride: usize, rows: i32, count: i32): void {
  for (let i = 0; i + 4 <= rows; i += 4) {
    let from = a + ((<usize>i) << 2);
    for (let k = 0; k < count; k++) {
      v128.store(to, v128.load(from));
      to += 16;
      from += rowStride;
    }
  }
}
