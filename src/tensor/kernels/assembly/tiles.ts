// The micro-kernels of the matrix product. A strip is 8 columns of C: four rows at a time are held in eight vector
// registers while k runs. A lies with k along its rows, or with rows side by side.

import { storePartOfTile, storeTile, tileScratch } from "./epilogue";
import { madd, splat } from "./simd";

/**
 * A strip: the next row of A is `across` bytes on, the next k `along`, the next four rows `next`; rows of B's panel are
 * `strideB` apart. `rows` is a multiple of four.
 */
export function strip(
  a: usize, across: usize, along: usize, next: usize, rows: i32, b: usize, strideB: usize, count: i32,
  c: usize, strideC: usize, columns: i32, accumulate: bool, epilogue: i32, aux: usize, strideAux: usize,
): void {
  const end = b + <usize>count * strideB;
  for (let i = 0; i < rows; i += 4) {
    let from = a, at = b;
    let c00 = splat(0), c01 = splat(0), c10 = splat(0), c11 = splat(0);
    let c20 = splat(0), c21 = splat(0), c30 = splat(0), c31 = splat(0);
    while (at < end) {
      const b0 = v128.load(at), b1 = v128.load(at, 16);
      let row = from;
      let x = v128.load_splat<f32>(row);
      c00 = madd(x, b0, c00);
      c01 = madd(x, b1, c01);
      row += across;
      x = v128.load_splat<f32>(row);
      c10 = madd(x, b0, c10);
      c11 = madd(x, b1, c11);
      row += across;
      x = v128.load_splat<f32>(row);
      c20 = madd(x, b0, c20);
      c21 = madd(x, b1, c21);
      row += across;
      x = v128.load_splat<f32>(row);
      c30 = madd(x, b0, c30);
      c31 = madd(x, b1, c31);
      at += strideB;
      from += along;
    }
    storeTile(c00, c01, c10, c11, c20, c21, c30, c31,
      c, strideC, columns, accumulate, epilogue, aux, strideAux);
    a += next;
    c += 4 * strideC;
    aux += 4 * strideAux;
  }
}

/**
 * 1 row × 32 columns: what is left below the last four rows, in four panels that are `apart` bytes from each other, so that as
 * many sums are under way as in a strip. Only `panels` of them are stored, 1 or all, and of each `columns`.
 */
export function tile1(
  a: usize, along: usize, b: usize, apart: usize, strideB: usize, count: i32,
  c: usize, panels: i32, columns: i32, accumulate: bool, epilogue: i32, aux: usize,
): void {
  let c00 = splat(0), c01 = splat(0), c10 = splat(0), c11 = splat(0);
  let c20 = splat(0), c21 = splat(0), c30 = splat(0), c31 = splat(0);
  for (let k = 0; k < count; k++) {
    const x = v128.load_splat<f32>(a);
    let at = b;
    c00 = madd(x, v128.load(at), c00);
    c01 = madd(x, v128.load(at, 16), c01);
    at += apart;
    c10 = madd(x, v128.load(at), c10);
    c11 = madd(x, v128.load(at, 16), c11);
    at += apart;
    c20 = madd(x, v128.load(at), c20);
    c21 = madd(x, v128.load(at, 16), c21);
    at += apart;
    c30 = madd(x, v128.load(at), c30);
    c31 = madd(x, v128.load(at, 16), c31);
    a += along;
    b += strideB;
  }
  // The panels' columns are neighbours in C: a tile whose rows lie side by side.
  v128.store(tileScratch, c00);
  v128.store(tileScratch, c01, 16);
  v128.store(tileScratch, c10, 32);
  v128.store(tileScratch, c11, 48);
  v128.store(tileScratch, c20, 64);
  v128.store(tileScratch, c21, 80);
  v128.store(tileScratch, c30, 96);
  v128.store(tileScratch, c31, 112);
  storePartOfTile(panels, c, 32, columns, accumulate, epilogue, aux, 32);
}
