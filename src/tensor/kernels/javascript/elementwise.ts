/** Elementwise kernels in plain JavaScript; see assembly/elementwise.ts. Places are numbers of words in the memory. */

import {
  cos,
  exp,
  expm1,
  gelu,
  geluGradient,
  geluTanh,
  geluTanhGradient,
  log,
  log1p,
  relu,
  reluGradient,
  sigmoid,
  sign,
  sin,
  softplus,
  tanh,
  tanhGradient,
  toInt32,
} from "./scalars.ts";
import type { Views } from "./views.ts";

/** In order of their codes (opcodes.ts); what is stored is rounded to float32. */
const unaries: readonly ((x: number) => number)[] = [
  (x) => -x,
  Math.abs,
  sign,
  (x) => x * x,
  Math.sqrt,
  (x) => 1 / x,
  exp,
  expm1,
  log,
  log1p,
  tanh,
  sigmoid,
  softplus,
  relu,
  sin,
  cos,
  Math.floor,
  geluTanh,
  gelu,
];

const binaries: readonly ((a: number, b: number) => number)[] = [
  (a, b) => a + b,
  (a, b) => a - b,
  (a, b) => a * b,
  (a, b) => a / b,
  Math.min,
  Math.max,
  (a, b) => (a < b ? 1 : 0),
  (a, b) => (a <= b ? 1 : 0),
  (a, b) => (a === b ? 1 : 0),
  tanhGradient,
  reluGradient,
  geluTanhGradient,
  geluGradient,
];

/** Codes behind the last copy. */
export function unary({ floats, ints }: Views, code: number, out: number, x: number, count: number): void {
  const operation = unaries[code];
  if (operation === undefined) ints.copyWithin(out, x, x + count);
  else for (let i = 0; i < count; i++) floats[out + i] = operation(floats[x + i]);
}

/** A step of 0 repeats one number. */
export function binary(
  { floats }: Views,
  code: number,
  out: number,
  a: number,
  b: number,
  count: number,
  stepA: number,
  stepB: number,
): void {
  const operation = binaries[code];
  for (let i = 0; i < count; i++) floats[out + i] = operation(floats[a + i * stepA], floats[b + i * stepB]);
}

export function binaryRows(
  views: Views,
  code: number,
  out: number,
  a: number,
  b: number,
  outer: number,
  inner: number,
  strideA: number,
  stepA: number,
  strideB: number,
  stepB: number,
): void {
  for (let row = 0; row < outer; row++) {
    binary(views, code, out + row * inner, a + row * strideA, b + row * strideB, inner, stepA, stepB);
  }
}

export function where(
  { floats }: Views,
  out: number,
  condition: number,
  a: number,
  b: number,
  count: number,
  stepC: number,
  stepA: number,
  stepB: number,
): void {
  for (let i = 0; i < count; i++) {
    floats[out + i] = floats[condition + i * stepC] !== 0 ? floats[a + i * stepA] : floats[b + i * stepB];
  }
}

export function toFloat({ floats, ints }: Views, out: number, x: number, count: number): void {
  for (let i = 0; i < count; i++) floats[out + i] = ints[x + i];
}

export function toInt({ floats, ints }: Views, out: number, x: number, count: number): void {
  for (let i = 0; i < count; i++) ints[out + i] = toInt32(floats[x + i]);
}
