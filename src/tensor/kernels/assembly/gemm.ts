// Matrix product C = epilogue(A · B), any sizes, any transposes.
//
// The micro-kernel holds a tile of 4 rows × 8 columns of C in eight vector registers and walks along k. A is read in
// place by four row pointers with a stride along k, which covers both A and Aᵀ; B is read in rows of 8. B is copied into
// panels of 8 columns when it is transposed, when its last columns do not fill a panel, or when its rows are so far apart
// that they would fight for the same cache sets; Aᵀ is copied for the same reason. k is cut into blocks so that a strip of
// A and a panel of B stay in the first-level cache.

import { madd, oneMinusProduct, splat } from "./simd";
import { tanh4 } from "./transcendental";

// What is done to a tile of C before it is stored.
const EPILOGUE_NONE: i32 = 0;
const EPILOGUE_BIAS: i32 = 1; // + bias[column]
const EPILOGUE_BIAS_TANH: i32 = 2;
const EPILOGUE_BIAS_RELU: i32 = 3;
const EPILOGUE_TANH_GRAD: i32 = 4; // · (1 − y²), y of C's shape
const EPILOGUE_RELU_GRAD: i32 = 5; // · [y > 0]

const BLOCK_K: i32 = 256;
const BLOCK_M: i32 = 64;
/** Rows of B further apart than this many floats are copied into panels first. */
const DIRECT_STRIDE: i32 = 64;

// @ts-ignore: decorator
@inline
function finish(epilogue: i32, value: v128, aux: usize): v128 {
  if (epilogue <= EPILOGUE_BIAS_RELU) {
    const shifted = f32x4.add(value, v128.load(aux));
    if (epilogue == EPILOGUE_BIAS) return shifted;
    if (epilogue == EPILOGUE_BIAS_TANH) return tanh4(shifted);
    return f32x4.pmax(shifted, splat(0));
  }
  const y = v128.load(aux);
  if (epilogue == EPILOGUE_TANH_GRAD) return f32x4.mul(value, oneMinusProduct(y, y));
  return v128.and(f32x4.gt(y, splat(0)), value);
}

/** Stores 8 columns of one row, adding what is there when `accumulate`; only `columns` of them exist. */
// @ts-ignore: decorator
@inline
function storeRow(
  c: usize, low: v128, high: v128, columns: i32, accumulate: bool, epilogue: i32, aux: usize,
): void {
  if (columns == 8) {
    if (accumulate) {
      low = f32x4.add(low, v128.load(c));
      high = f32x4.add(high, v128.load(c, 16));
    }
    if (epilogue != EPILOGUE_NONE) {
      low = finish(epilogue, low, aux);
      high = finish(epilogue, high, aux + 16);
    }
    v128.store(c, low);
    v128.store(c, high, 16);
  } else {
    storePart(c, low, min(columns, 4), accumulate, epilogue, aux);
    if (columns > 4) storePart(c + 16, high, columns - 4, accumulate, epilogue, aux + 16);
  }
}

/** Stores the first `columns` (1…4) lanes. */
function storePart(c: usize, value: v128, columns: i32, accumulate: bool, epilogue: i32, aux: usize): void {
  let previous = splat(0);
  let other = splat(0);
  const usesAux = epilogue != EPILOGUE_NONE;
  if (columns == 4) {
    if (accumulate) previous = v128.load(c);
    if (usesAux) other = v128.load(aux);
  } else {
    if (accumulate) previous = f32x4.replace_lane(previous, 0, load<f32>(c));
    if (usesAux) other = f32x4.replace_lane(other, 0, load<f32>(aux));
    if (columns > 1) {
      if (accumulate) previous = f32x4.replace_lane(previous, 1, load<f32>(c, 4));
      if (usesAux) other = f32x4.replace_lane(other, 1, load<f32>(aux, 4));
    }
    if (columns > 2) {
      if (accumulate) previous = f32x4.replace_lane(previous, 2, load<f32>(c, 8));
      if (usesAux) other = f32x4.replace_lane(other, 2, load<f32>(aux, 8));
    }
  }
  if (accumulate) value = f32x4.add(value, previous);
  if (usesAux) {
    // `finish` reads its second operand from memory: give it a place whose 16 bytes surely exist.
    v128.store(partScratch, other);
    value = finish(epilogue, value, partScratch);
  }
  if (columns == 4) {
    v128.store(c, value);
    return;
  }
  store<f32>(c, f32x4.extract_lane(value, 0));
  if (columns > 1) store<f32>(c, f32x4.extract_lane(value, 1), 4);
  if (columns > 2) store<f32>(c, f32x4.extract_lane(value, 2), 8);
}

const partScratch: usize = memory.data(16, 16);

/** 4 rows × 8 columns. Rows of A start at a0…a3 and advance by strideK bytes along k. */
function tile4(
  a0: usize, a1: usize, a2: usize, a3: usize, strideK: usize, b: usize, strideB: usize, count: i32,
  c: usize, strideC: usize, columns: i32, accumulate: bool, epilogue: i32, aux: usize, strideAux: usize,
): void {
  let c00 = splat(0), c01 = splat(0), c10 = splat(0), c11 = splat(0);
  let c20 = splat(0), c21 = splat(0), c30 = splat(0), c31 = splat(0);
  for (let k = 0; k < count; k++) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const x0 = v128.load_splat<f32>(a0);
    c00 = madd(x0, b0, c00);
    c01 = madd(x0, b1, c01);
    const x1 = v128.load_splat<f32>(a1);
    c10 = madd(x1, b0, c10);
    c11 = madd(x1, b1, c11);
    const x2 = v128.load_splat<f32>(a2);
    c20 = madd(x2, b0, c20);
    c21 = madd(x2, b1, c21);
    const x3 = v128.load_splat<f32>(a3);
    c30 = madd(x3, b0, c30);
    c31 = madd(x3, b1, c31);
    a0 += strideK;
    a1 += strideK;
    a2 += strideK;
    a3 += strideK;
    b += strideB;
  }
  storeRow(c, c00, c01, columns, accumulate, epilogue, aux);
  storeRow(c + strideC, c10, c11, columns, accumulate, epilogue, aux + strideAux);
  storeRow(c + 2 * strideC, c20, c21, columns, accumulate, epilogue, aux + 2 * strideAux);
  storeRow(c + 3 * strideC, c30, c31, columns, accumulate, epilogue, aux + 3 * strideAux);
}

/** 4 rows × at most 4 columns: a network's narrow head. */
function tile4Narrow(
  a0: usize, a1: usize, a2: usize, a3: usize, strideK: usize, b: usize, strideB: usize, count: i32,
  c: usize, strideC: usize, columns: i32, accumulate: bool, epilogue: i32, aux: usize, strideAux: usize,
): void {
  let c0 = splat(0), c1 = splat(0), c2 = splat(0), c3 = splat(0);
  for (let k = 0; k < count; k++) {
    const b0 = v128.load(b);
    c0 = madd(v128.load_splat<f32>(a0), b0, c0);
    c1 = madd(v128.load_splat<f32>(a1), b0, c1);
    c2 = madd(v128.load_splat<f32>(a2), b0, c2);
    c3 = madd(v128.load_splat<f32>(a3), b0, c3);
    a0 += strideK;
    a1 += strideK;
    a2 += strideK;
    a3 += strideK;
    b += strideB;
  }
  storePart(c, c0, columns, accumulate, epilogue, aux);
  storePart(c + strideC, c1, columns, accumulate, epilogue, aux + strideAux);
  storePart(c + 2 * strideC, c2, columns, accumulate, epilogue, aux + 2 * strideAux);
  storePart(c + 3 * strideC, c3, columns, accumulate, epilogue, aux + 3 * strideAux);
}

/** 8 rows × at most 4 columns, in two groups of four: enough independent sums to hide the latency of the multiply-add. */
function tile8Narrow(
  a0: usize, a4: usize, rowStep: usize, strideK: usize, b: usize, strideB: usize, count: i32,
  c: usize, strideC: usize, columns: i32, accumulate: bool, epilogue: i32, aux: usize, strideAux: usize,
): void {
  let c0 = splat(0), c1 = splat(0), c2 = splat(0), c3 = splat(0);
  let c4 = splat(0), c5 = splat(0), c6 = splat(0), c7 = splat(0);
  let a1 = a0 + rowStep, a2 = a1 + rowStep, a3 = a2 + rowStep;
  let a5 = a4 + rowStep, a6 = a5 + rowStep, a7 = a6 + rowStep;
  for (let k = 0; k < count; k++) {
    const b0 = v128.load(b);
    c0 = madd(v128.load_splat<f32>(a0), b0, c0);
    c1 = madd(v128.load_splat<f32>(a1), b0, c1);
    c2 = madd(v128.load_splat<f32>(a2), b0, c2);
    c3 = madd(v128.load_splat<f32>(a3), b0, c3);
    c4 = madd(v128.load_splat<f32>(a4), b0, c4);
    c5 = madd(v128.load_splat<f32>(a5), b0, c5);
    c6 = madd(v128.load_splat<f32>(a6), b0, c6);
    c7 = madd(v128.load_splat<f32>(a7), b0, c7);
    a0 += strideK;
    a1 += strideK;
    a2 += strideK;
    a3 += strideK;
    a4 += strideK;
    a5 += strideK;
    a6 += strideK;
    a7 += strideK;
    b += strideB;
  }
  storePart(c, c0, columns, accumulate, epilogue, aux);
  storePart(c + strideC, c1, columns, accumulate, epilogue, aux + strideAux);
  storePart(c + 2 * strideC, c2, columns, accumulate, epilogue, aux + 2 * strideAux);
  storePart(c + 3 * strideC, c3, columns, accumulate, epilogue, aux + 3 * strideAux);
  storePart(c + 4 * strideC, c4, columns, accumulate, epilogue, aux + 4 * strideAux);
  storePart(c + 5 * strideC, c5, columns, accumulate, epilogue, aux + 5 * strideAux);
  storePart(c + 6 * strideC, c6, columns, accumulate, epilogue, aux + 6 * strideAux);
  storePart(c + 7 * strideC, c7, columns, accumulate, epilogue, aux + 7 * strideAux);
}

/** 1 row × 8 columns: what is left below the last four rows. */
function tile1(
  a: usize, strideK: usize, b: usize, strideB: usize, count: i32,
  c: usize, columns: i32, accumulate: bool, epilogue: i32, aux: usize,
): void {
  let c0 = splat(0), c1 = splat(0);
  for (let k = 0; k < count; k++) {
    const x = v128.load_splat<f32>(a);
    c0 = madd(x, v128.load(b), c0);
    c1 = madd(x, v128.load(b, 16), c1);
    a += strideK;
    b += strideB;
  }
  storeRow(c, c0, c1, columns, accumulate, epilogue, aux);
}

/** Copies `columns` ≤ 8 columns of B from row k0, `count` rows, into a panel of 8 with zeros behind. */
function packPanel(to: usize, b: usize, rowStride: usize, columns: i32, count: i32): void {
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
// @ts-ignore: decorator
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
function packPanelTransposed(to: usize, b: usize, rowStride: usize, columns: i32, count: i32): void {
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
function packRows(to: usize, a: usize, rowStride: usize, rows: i32, count: i32): void {
  for (let i = 0; i + 4 <= rows; i += 4) {
    let from = a + ((<usize>i) << 2);
    for (let k = 0; k < count; k++) {
      v128.store(to, v128.load(from));
      to += 16;
      from += rowStride;
    }
  }
}

/** Bytes of scratch that `gemm` needs. */
export function gemmScratchBytes(n: i32): i32 {
  const panels = (n + 7) >> 3;
  return (panels * BLOCK_K * 8 + BLOCK_M * BLOCK_K) * 4;
}

/**
 * C [m × n] = epilogue(A · B). A is stored [m × k], or [k × m] when transposeA; B [k × n], or [n × k] when transposeB.
 * `aux` is the bias [n] or y [m × n], as the epilogue needs.
 */
export function gemm(
  a: usize, b: usize, c: usize, m: i32, n: i32, k: i32,
  transposeA: i32, transposeB: i32, epilogue: i32, aux: usize, scratch: usize,
): void {
  const strideA: usize = (<usize>(transposeA ? m : k)) << 2;
  const strideB: usize = (<usize>(transposeB ? k : n)) << 2;
  const strideC: usize = (<usize>n) << 2;
  const auxPerRow: usize = epilogue >= EPILOGUE_TANH_GRAD ? strideC : 0;
  const panels = (n + 7) >> 3;
  const copyA = transposeA && m > DIRECT_STRIDE;
  const copyB = transposeB || (n > DIRECT_STRIDE && m > 8);
  const packedA = scratch + ((<usize>(panels * BLOCK_K * 8)) << 2);

  for (let k0 = 0; k0 < k; k0 += BLOCK_K) {
    const count = min(BLOCK_K, k - k0);
    const accumulate = k0 > 0;
    const last = k0 + count == k;
    const step = last ? epilogue : EPILOGUE_NONE;
    for (let p = 0; p < panels; p++) {
      const j = p << 3;
      const columns = min(8, n - j);
      const panel = scratch + ((<usize>(p * BLOCK_K * 8)) << 2);
      if (transposeB) packPanelTransposed(panel, b + (<usize>j) * strideB + ((<usize>k0) << 2), strideB, columns, count);
      else if (copyB || columns < 8) packPanel(panel, b + (<usize>k0) * strideB + ((<usize>j) << 2), strideB, columns, count);
    }
    for (let i0 = 0; i0 < m; i0 += BLOCK_M) {
      const rows = min(BLOCK_M, m - i0);
      const blockA = transposeA
        ? a + (<usize>k0) * strideA + ((<usize>i0) << 2)
        : a + (<usize>i0) * strideA + ((<usize>k0) << 2);
      if (copyA) packRows(packedA, blockA, strideA, rows, count);
      for (let p = 0; p < panels; p++) {
        const j = p << 3;
        const columns = min(8, n - j);
        const direct = !copyB && columns == 8;
        const panel = direct
          ? b + (<usize>k0) * strideB + ((<usize>j) << 2)
          : scratch + ((<usize>(p * BLOCK_K * 8)) << 2);
        const panelStride: usize = direct ? strideB : 32;
        let out = c + (<usize>i0) * strideC + ((<usize>j) << 2);
        let extra = aux + (<usize>i0) * auxPerRow + ((<usize>j) << 2);
        let i = 0;
        for (; i + 4 <= rows; i += 4) {
          let start: usize, rowStep: usize, along: usize;
          if (copyA) {
            start = packedA + (((<usize>i) * (<usize>count)) << 2);
            rowStep = 4;
            along = 16;
          } else if (transposeA) {
            start = blockA + ((<usize>i) << 2);
            rowStep = 4;
            along = strideA;
          } else {
            start = blockA + (<usize>i) * strideA;
            rowStep = strideA;
            along = 4;
          }
          if (columns <= 4 && i + 8 <= rows) {
            const next = copyA ? start + (((<usize>count) << 2) << 2) : start + 4 * rowStep;
            tile8Narrow(start, next, rowStep, along, panel, panelStride, count,
              out, strideC, columns, accumulate, step, extra, auxPerRow);
            i += 4;
            out += 4 * strideC;
            extra += 4 * auxPerRow;
          } else if (columns <= 4) {
            tile4Narrow(start, start + rowStep, start + 2 * rowStep, start + 3 * rowStep, along, panel, panelStride, count,
              out, strideC, columns, accumulate, step, extra, auxPerRow);
          } else {
            tile4(start, start + rowStep, start + 2 * rowStep, start + 3 * rowStep, along, panel, panelStride, count,
              out, strideC, columns, accumulate, step, extra, auxPerRow);
          }
          out += 4 * strideC;
          extra += 4 * auxPerRow;
        }
        for (; i < rows; i++) {
          const start = transposeA ? blockA + ((<usize>i) << 2) : blockA + (<usize>i) * strideA;
          tile1(start, transposeA ? strideA : 4, panel, panelStride, count, out, columns, accumulate, step, extra);
          out += strideC;
          extra += auxPerRow;
        }
      }
    }
  }
}
