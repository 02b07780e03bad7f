// How a finished piece of a matrix product is stored: added to what is there, with bias, activation or the gradient of an
// activation on top, whole or in part.

import { oneMinusProduct, splat } from "./simd";
import { tanh4 } from "./transcendental";

// What is done to a tile of C before it is stored.
export const EPILOGUE_NONE: i32 = 0;
export const EPILOGUE_BIAS: i32 = 1; // + bias[column]
export const EPILOGUE_BIAS_TANH: i32 = 2;
export const EPILOGUE_BIAS_RELU: i32 = 3;
export const EPILOGUE_TANH_GRAD: i32 = 4; // · (1 − y²), y of C's shape
export const EPILOGUE_RELU_GRAD: i32 = 5; // · [y > 0]

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

/** Stores a tile of 4 rows × 8 columns, adding what is there when `accumulate`; only `columns` of them exist. */
@inline
export function storeTile(
  c00: v128, c01: v128, c10: v128, c11: v128, c20: v128, c21: v128, c30: v128, c31: v128,
  c: usize, strideC: usize, columns: i32, accumulate: bool, epilogue: i32, aux: usize, strideAux: usize,
): void {
  if (columns < 8) {
    // By way of memory: values that are live across a call would cost every whole tile their saving.
    v128.store(tileScratch, c00);
    v128.store(tileScratch, c01, 16);
    v128.store(tileScratch, c10, 32);
    v128.store(tileScratch, c11, 48);
    v128.store(tileScratch, c20, 64);
    v128.store(tileScratch, c21, 80);
    v128.store(tileScratch, c30, 96);
    v128.store(tileScratch, c31, 112);
    storePartOfTile(4, c, strideC, columns, accumulate, epilogue, aux, strideAux);
    return;
  }
  const row1 = c + strideC, row2 = row1 + strideC, row3 = row2 + strideC;
  if (accumulate) {
    c00 = f32x4.add(c00, v128.load(c));
    c01 = f32x4.add(c01, v128.load(c, 16));
    c10 = f32x4.add(c10, v128.load(row1));
    c11 = f32x4.add(c11, v128.load(row1, 16));
    c20 = f32x4.add(c20, v128.load(row2));
    c21 = f32x4.add(c21, v128.load(row2, 16));
    c30 = f32x4.add(c30, v128.load(row3));
    c31 = f32x4.add(c31, v128.load(row3, 16));
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  v128.store(row1, c10);
  v128.store(row1, c11, 16);
  v128.store(row2, c20);
  v128.store(row2, c21, 16);
  v128.store(row3, c30);
  v128.store(row3, c31, 16);
  if (epilogue == EPILOGUE_NONE) return;
  // By way of memory again: the code of the activations stands in the module twice and not eight times.
  for (let row = 0; row < 4; row++) {
    v128.store(c, finish(epilogue, v128.load(c), aux));
    v128.store(c, finish(epilogue, v128.load(c, 16), aux + 16), 16);
    c += strideC;
    aux += strideAux;
  }
}

/** The first `columns` (1…8) of `rows` rows of 8 from the tile's scratch. */
export function storePartOfTile(
  rows: i32, c: usize, strideC: usize, columns: i32, accumulate: bool, epilogue: i32, aux: usize, strideAux: usize,
): void {
  for (let from = tileScratch; rows > 0; rows--) {
    storePart(c, v128.load(from), min(columns, 4), accumulate, epilogue, aux);
    if (columns > 4) storePart(c + 16, v128.load(from, 16), columns - 4, accumulate, epilogue, aux + 16);
    from += 32;
    c += strideC;
    aux += strideAux;
  }
}

export const tileScratch: usize = memory.data(128, 16);

/** Stores the first `columns` (1…4) lanes. */
export function storePart(c: usize, value: v128, columns: i32, accumulate: bool, epilogue: i32, aux: usize): void {
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
