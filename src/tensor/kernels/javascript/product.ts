/**
 * The matrix product in plain JavaScript. Its sums have the order of the `simd` build's (assembly/gemm.ts, narrow.ts): along
 * k in blocks of 128; with at most four columns in four interleaved parts, or in one where A is transposed.
 */

import { Epilogue } from "../../opcodes.ts";
import { relu, reluGradient, tanh, tanhGradient } from "./scalars.ts";
import type { Views } from "./views.ts";

const f = Math.fround;
const BLOCK = 128;
const NARROW = 4;

/** Sums of a row that is not finished, grown to the widest. */
let sums = new Float32Array(64);

/** A finished number of C with what is done to it before it is stored; `aux` is the bias's entry, or y's. */
function finished(epilogue: number, value: number, aux: number): number {
  switch (epilogue) {
    case Epilogue.none:
      return value;
    case Epilogue.bias:
      return f(value + aux);
    case Epilogue.biasTanh:
      return tanh(f(value + aux));
    case Epilogue.biasRelu:
      return relu(f(value + aux));
    case Epilogue.tanhGrad:
      return tanhGradient(value, aux);
    default:
      return reluGradient(value, aux);
  }
}

/** A matrix in some memory: where it begins, how far its rows are apart, and whether its transpose is meant. */
export interface Matrix {
  readonly from: Float32Array;
  readonly at: number;
  readonly stride: number;
  readonly transposed: boolean;
}

/** C [m × n] = A · B, or with `add` what is in C besides; k in blocks, each sum along a block by itself. */
export function wideProduct(
  a: Matrix,
  b: Matrix,
  c: Matrix,
  m: number,
  n: number,
  k: number,
  add: boolean,
  block = BLOCK,
): void {
  const [rowA, alongA] = a.transposed ? [1, a.stride] : [a.stride, 1];
  const [alongB, columnB] = b.transposed ? [1, b.stride] : [b.stride, 1];
  if (sums.length < n) sums = new Float32Array(n);
  for (let i = 0; i < m; i++) {
    const from = a.at + i * rowA;
    const to = c.at + i * c.stride;
    for (let first = 0; first < k; first += block) {
      sums.fill(0, 0, n);
      for (let t = first; t < Math.min(first + block, k); t++) {
        const x = a.from[from + t * alongA];
        const row = b.at + t * alongB;
        for (let j = 0; j < n; j++) sums[j] += f(x * b.from[row + j * columnB]);
      }
      const isSum = add || first > 0;
      for (let j = 0; j < n; j++) c.from[to + j] = isSum ? sums[j] + c.from[to + j] : sums[j];
    }
  }
}

/** C [m × n] = epilogue(A · B); as in assembly/gemm.ts, with places in words and no scratch. */
export function product(
  { floats }: Views,
  a: number,
  b: number,
  c: number,
  m: number,
  n: number,
  k: number,
  transposeA: boolean,
  transposeB: boolean,
  epilogue: number,
  aux: number,
): void {
  if (n <= NARROW && !transposeA) {
    const [alongB, columnB] = transposeB ? [1, k] : [n, 1];
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) floats[c + i * n + j] = interleaved(floats, a + i * k, b + j * columnB, alongB, k);
    }
  } else {
    const left = { from: floats, at: a, stride: transposeA ? m : k, transposed: transposeA };
    const right = { from: floats, at: b, stride: transposeB ? k : n, transposed: transposeB };
    const result = { from: floats, at: c, stride: n, transposed: false };
    wideProduct(left, right, result, m, n, k, false, n <= NARROW ? Math.max(k, 1) : BLOCK);
  }
  if (epilogue === Epilogue.none) return;
  const perElement = epilogue >= Epilogue.tanhGrad;
  for (let i = 0; i < m * n; i++)
    floats[c + i] = finished(epilogue, floats[c + i], floats[aux + (perElement ? i : i % n)]);
}

/** Σ a · b with each fourth term in a sum of its own, what is left over in the first: (s₀ + s₂) + (s₁ + s₃). */
function interleaved(floats: Float32Array, a: number, b: number, along: number, k: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  const whole = k & ~3;
  let t = 0;
  for (; t < whole; t += 4) {
    s0 = f(s0 + f(floats[a + t] * floats[b + t * along]));
    s1 = f(s1 + f(floats[a + t + 1] * floats[b + (t + 1) * along]));
    s2 = f(s2 + f(floats[a + t + 2] * floats[b + (t + 2) * along]));
    s3 = f(s3 + f(floats[a + t + 3] * floats[b + (t + 3) * along]));
  }
  for (; t < k; t++) s0 = f(s0 + f(floats[a + t] * floats[b + t * along]));
  return f(f(s0 + s2) + f(s1 + s3));
}
