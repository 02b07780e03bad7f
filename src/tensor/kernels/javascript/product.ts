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
  const [rowA, alongA] = transposeA ? [1, m] : [k, 1];
  const [alongB, columnB] = transposeB ? [1, k] : [n, 1];
  const perElement = epilogue >= Epilogue.tanhGrad;
  if (sums.length < n) sums = new Float32Array(n);
  for (let i = 0; i < m; i++) {
    const from = a + i * rowA;
    const to = c + i * n;
    const extra = perElement ? aux + i * n : aux;
    if (n <= NARROW && !transposeA) {
      for (let j = 0; j < n; j++) {
        const value = interleaved(floats, from, b + j * columnB, alongB, k);
        floats[to + j] = finished(epilogue, value, floats[extra + j]);
      }
      continue;
    }
    const block = n <= NARROW ? Math.max(k, 1) : BLOCK;
    for (let first = 0; first < k; first += block) {
      const end = Math.min(first + block, k);
      sums.fill(0, 0, n);
      for (let t = first; t < end; t++) {
        const x = floats[from + t * alongA];
        const row = b + t * alongB;
        for (let j = 0; j < n; j++) sums[j] += f(x * floats[row + j * columnB]);
      }
      for (let j = 0; j < n; j++) {
        const value = first > 0 ? f(sums[j] + floats[to + j]) : sums[j];
        floats[to + j] = end === k ? finished(epilogue, value, floats[extra + j]) : value;
      }
    }
  }
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
