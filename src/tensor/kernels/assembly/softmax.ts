// softmax, logSoftmax and logSumExp over rows. Rows are taken in chunks, so that exp and log run over whole vectors even
// when a row has only two entries.

import { exp4, log4 } from "./transcendental";
import { splat } from "./simd";

export const CHUNK: i32 = 1024;

/** Bytes of scratch for rows of `n` entries. */
export function softmaxScratchBytes(n: i32): i32 {
  return (max(n, CHUNK) + CHUNK + 8) * 4;
}

@inline
function expInPlace(x: usize, count: i32): void {
  for (let i = 0; i < count; i += 4) {
    v128.store(x, exp4(v128.load(x)));
    x += 16;
  }
}

/** kind 0: softmax, 1: logSoftmax, 2: logSumExp. The scratch holds exp of a chunk, then one number a row. */
export function softmax(kind: i32, out: usize, x: usize, rows: i32, n: i32, scratch: usize): void {
  const perChunk = max(1, CHUNK / n);
  const rowBytes = (<usize>n) << 2;
  const perRow = scratch + ((<usize>((max(n, CHUNK) + 3) & ~3)) << 2);
  for (let first = 0; first < rows; first += perChunk) {
    const chunk = min(perChunk, rows - first);
    const count = chunk * n;
    for (let r = 0; r < chunk; r++) {
      const row = x + <usize>r * rowBytes;
      let largest = load<f32>(row);
      for (let j = 1; j < n; j++) largest = max(largest, load<f32>(row + ((<usize>j) << 2)));
      // A row of −∞ only has no maximum to take out; leaving it in gives NaN, which is what it is.
      store<f32>(perRow + ((<usize>r) << 2), largest);
      const shifted = scratch + <usize>r * rowBytes;
      for (let j = 0; j < n; j++) {
        const at = (<usize>j) << 2;
        const value = load<f32>(row + at) - largest;
        store<f32>(shifted + at, value);
        if (kind == 1) store<f32>(out + <usize>r * rowBytes + at, value);
      }
    }
    // Lanes behind the chunk may hold anything: they are computed and never read.
    expInPlace(scratch, count);
    for (let r = 0; r < chunk; r++) {
      const row = scratch + <usize>r * rowBytes;
      let total: f32 = 0;
      for (let j = 0; j < n; j++) total += load<f32>(row + ((<usize>j) << 2));
      const slot = perRow + ((<usize>r) << 2);
      if (kind == 0) {
        const scale: f32 = <f32>1 / total;
        for (let j = 0; j < n; j++) {
          const at = (<usize>j) << 2;
          store<f32>(out + <usize>r * rowBytes + at, load<f32>(row + at) * scale);
        }
      } else {
        const logTotal = f32x4.extract_lane(log4(splat(total)), 0);
        if (kind == 1) {
          for (let j = 0; j < n; j++) {
            const at = out + <usize>r * rowBytes + ((<usize>j) << 2);
            store<f32>(at, load<f32>(at) - logTotal);
          }
        } else store<f32>(out + ((<usize>r) << 2), load<f32>(slot) + logTotal);
      }
    }
    x += <usize>chunk * rowBytes;
    out += kind == 2 ? (<usize>chunk) << 2 : <usize>chunk * rowBytes;
  }
}
