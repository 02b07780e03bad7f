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

/** 1 row × 8 columns: what is left below the last four rows. */
export function tile1(
  a: usize, along: usize, b: usize, strideB: usize, count: i32,
  c: usize, columns: i32, accumulate: bool, epilogue: i32, aux: usize,
): void {
  let c0 = splat(0), c1 = splat(0);
  for (let k = 0; k < count; k++) {
    const x = v128.load_splat<f32>(a);
    c0 = madd(x, v128.load(b), c0);
    c1 = madd(x, v128.load(b, 16), c1);
    a += along;
    b += strideB;
  }
  v128.store(tileScratch, c0);
  v128.store(tileScratch, c1, 16);
  storePartOfTile(1, c, 0, columns, accumulate, epilogue, aux, 0);
}
