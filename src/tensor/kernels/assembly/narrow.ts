// The matrix product with at most four columns: a network's head, and the gradient of its weights. Tiles of 8 columns would
// mostly compute what nobody asked for, so the vectors run along k here, or along the rows of Aᵀ. Columns are taken in pairs;
// a single one is paired with itself. Each number is summed in one order, whatever rows lie beside it.

import { EPILOGUE_BIAS, storePart } from "./epilogue";
import { madd, splat, sumsOfLanes } from "./simd";

/** The most columns this is for. */
export const NARROW: i32 = 4;

/** Bytes of scratch that `narrowProduct` needs. */
export function narrowScratchBytes(k: i32): i32 {
  return NARROW * k * 4;
}

/** As `gemm`, for n ≤ NARROW. */
export function narrowProduct(
  a: usize, b: usize, c: usize, m: i32, n: i32, k: i32,
  transposeA: i32, transposeB: i32, epilogue: i32, aux: usize, strideAux: usize, scratch: usize,
): void {
  const strideC: usize = (<usize>n) << 2;
  if (!transposeA && !transposeB && n > 1) {
    copyTransposed(scratch, b, n, k);
    b = scratch;
  }
  for (let j = 0; j < n; j += 2) {
    const columns = min(2, n - j);
    const at = (<usize>j) << 2;
    if (transposeA) {
      const along: usize = transposeB ? 4 : strideC;
      const across: usize = transposeB ? (<usize>k) << 2 : 4;
      alongRowsOfTransposed(a, m, k, b + (<usize>j) * across, along, columns > 1 ? across : 0,
        c + at, strideC, columns, epilogue, aux + at, strideAux);
    } else {
      const first = b + (<usize>(j * k) << 2);
      alongK(a, m, k, first, columns > 1 ? first + ((<usize>k) << 2) : first,
        c + at, strideC, columns, epilogue, aux + at, strideAux);
    }
  }
}

/** B [k × n] to Bᵀ. */
function copyTransposed(to: usize, b: usize, n: i32, k: i32): void {
  const rowBytes = (<usize>k) << 2;
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < n; j++) store<f32>(to + (<usize>j) * rowBytes, load<f32>(b + ((<usize>j) << 2)));
    to += 4;
    b += (<usize>n) << 2;
  }
}

/** Two columns of A · B, their numbers of B in b0 and b1, k side by side: four rows at a time, then one by one. */
function alongK(
  a: usize, m: i32, k: i32, b0: usize, b1: usize,
  c: usize, strideC: usize, columns: i32, epilogue: i32, aux: usize, strideAux: usize,
): void {
  const strideA = (<usize>k) << 2;
  for (let i = 0; i < m;) {
    const rows = m - i < 4 ? 1 : 4;
    fourRows(a, rows == 1 ? 0 : strideA, k, b0, b1, rows, c, strideC, columns, epilogue, aux, strideAux);
    i += rows;
    a += (<usize>rows) * strideA;
    c += (<usize>rows) * strideC;
    aux += (<usize>rows) * strideAux;
  }
}

/** Rows a, a + step … of A; only the first `rows` of the four are stored. */
@inline
function fourRows(
  a: usize, step: usize, k: i32, b0: usize, b1: usize, rows: i32,
  c: usize, strideC: usize, columns: i32, epilogue: i32, aux: usize, strideAux: usize,
): void {
  let c00 = splat(0), c01 = splat(0), c10 = splat(0), c11 = splat(0);
  let c20 = splat(0), c21 = splat(0), c30 = splat(0), c31 = splat(0);
  const end = a + ((<usize>k) << 2);
  const vectorEnd = a + ((<usize>(k & ~3)) << 2);
  while (a < vectorEnd) {
    const u = v128.load(b0), v = v128.load(b1);
    let row = a;
    let x = v128.load(row);
    c00 = madd(x, u, c00);
    c01 = madd(x, v, c01);
    row += step;
    x = v128.load(row);
    c10 = madd(x, u, c10);
    c11 = madd(x, v, c11);
    row += step;
    x = v128.load(row);
    c20 = madd(x, u, c20);
    c21 = madd(x, v, c21);
    row += step;
    x = v128.load(row);
    c30 = madd(x, u, c30);
    c31 = madd(x, v, c31);
    a += 16;
    b0 += 16;
    b1 += 16;
  }
  // The last one to three go to the first lane: 0 · 0 is added to the others.
  while (a < end) {
    const u = v128.load32_zero(b0), v = v128.load32_zero(b1);
    let row = a;
    let x = v128.load32_zero(row);
    c00 = madd(x, u, c00);
    c01 = madd(x, v, c01);
    row += step;
    x = v128.load32_zero(row);
    c10 = madd(x, u, c10);
    c11 = madd(x, v, c11);
    row += step;
    x = v128.load32_zero(row);
    c20 = madd(x, u, c20);
    c21 = madd(x, v, c21);
    row += step;
    x = v128.load32_zero(row);
    c30 = madd(x, u, c30);
    c31 = madd(x, v, c31);
    a += 4;
    b0 += 4;
    b1 += 4;
  }
  // Row by row, two columns each.
  const upper = sumsOfLanes(c00, c01, c10, c11);
  const lower = sumsOfLanes(c20, c21, c30, c31);
  if (rows == 4 && epilogue <= EPILOGUE_BIAS && strideC == ((<usize>columns) << 2)) {
    // All of C's columns: its rows are neighbours.
    const biased = epilogue == EPILOGUE_BIAS;
    if (columns == 2) {
      v128.store(c, biased ? f32x4.add(upper, v128.load64_splat(aux)) : upper);
      v128.store(c, biased ? f32x4.add(lower, v128.load64_splat(aux)) : lower, 16);
    } else {
      const column = v128.shuffle<f32>(upper, lower, 0, 2, 4, 6);
      v128.store(c, biased ? f32x4.add(column, v128.load32_splat(aux)) : column);
    }
    return;
  }
  storePart(c, upper, columns, false, epilogue, aux);
  if (rows == 1) return;
  storePart(c + strideC, v128.shuffle<f32>(upper, upper, 2, 3, 2, 3), columns, false, epilogue, aux + strideAux);
  storePart(c + 2 * strideC, lower, columns, false, epilogue, aux + 2 * strideAux);
  storePart(c + 3 * strideC, v128.shuffle<f32>(lower, lower, 2, 3, 2, 3), columns, false, epilogue, aux + 3 * strideAux);
}

/**
 * Two columns of Aᵀ · B, A stored [k × m]: 16 rows of C at a time, then one by one. B's numbers for the next k lie `along`
 * bytes on, those of the second column `across`.
 */
function alongRowsOfTransposed(
  a: usize, m: i32, k: i32, b: usize, along: usize, across: usize,
  c: usize, strideC: usize, columns: i32, epilogue: i32, aux: usize, strideAux: usize,
): void {
  const strideA = (<usize>m) << 2;
  let i = 0;
  for (; i + 16 <= m; i += 16) {
    let c00 = splat(0), c01 = splat(0), c10 = splat(0), c11 = splat(0);
    let c20 = splat(0), c21 = splat(0), c30 = splat(0), c31 = splat(0);
    let from = a, at = b;
    for (let step = 0; step < k; step++) {
      const u = v128.load_splat<f32>(at), v = v128.load_splat<f32>(at + across);
      let x = v128.load(from);
      c00 = madd(x, u, c00);
      c01 = madd(x, v, c01);
      x = v128.load(from, 16);
      c10 = madd(x, u, c10);
      c11 = madd(x, v, c11);
      x = v128.load(from, 32);
      c20 = madd(x, u, c20);
      c21 = madd(x, v, c21);
      x = v128.load(from, 48);
      c30 = madd(x, u, c30);
      c31 = madd(x, v, c31);
      from += strideA;
      at += along;
    }
    storeDown(c, strideC, c00, c01, columns, epilogue, aux, strideAux);
    storeDown(c + 4 * strideC, strideC, c10, c11, columns, epilogue, aux + 4 * strideAux, strideAux);
    storeDown(c + 8 * strideC, strideC, c20, c21, columns, epilogue, aux + 8 * strideAux, strideAux);
    storeDown(c + 12 * strideC, strideC, c30, c31, columns, epilogue, aux + 12 * strideAux, strideAux);
    a += 64;
    c += 16 * strideC;
    aux += 16 * strideAux;
  }
  for (; i < m; i++) {
    let c0 = splat(0), c1 = splat(0);
    let from = a, at = b;
    for (let step = 0; step < k; step++) {
      const x = v128.load32_zero(from);
      c0 = madd(x, v128.load32_zero(at), c0);
      c1 = madd(x, v128.load32_zero(at + across), c1);
      from += strideA;
      at += along;
    }
    storePart(c, v128.shuffle<f32>(c0, c1, 0, 4, 0, 4), columns, false, epilogue, aux);
    a += 4;
    c += strideC;
    aux += strideAux;
  }
}

/** Four rows of C from their two columns. */
function storeDown(
  c: usize, strideC: usize, first: v128, second: v128, columns: i32, epilogue: i32, aux: usize, strideAux: usize,
): void {
  const upper = v128.shuffle<f32>(first, second, 0, 4, 1, 5);
  const lower = v128.shuffle<f32>(first, second, 2, 6, 3, 7);
  storePart(c, upper, columns, false, epilogue, aux);
  storePart(c + strideC, v128.shuffle<f32>(upper, upper, 2, 3, 2, 3), columns, false, epilogue, aux + strideAux);
  storePart(c + 2 * strideC, lower, columns, false, epilogue, aux + 2 * strideAux);
  storePart(c + 3 * strideC, v128.shuffle<f32>(lower, lower, 2, 3, 2, 3), columns, false, epilogue, aux + 3 * strideAux);
}
