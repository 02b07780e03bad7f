/** Sums, maxima and softmax in plain JavaScript, in the order of assembly/reduce.ts and softmax.ts. Places are in words. */

import { exp, log } from "./scalars.ts";
import type { Views } from "./views.ts";

const f = Math.fround;
const parts = new Float32Array(16);

/** Of [outer, n, inner], over n. */
export function sum({ floats }: Views, out: number, x: number, outer: number, n: number, inner: number): void {
  for (let o = 0; o < outer; o++) {
    for (let j = 0; j < inner; j++) {
      const from = x + o * n * inner + j;
      const vectors = inner > 1 && j < (inner & ~3);
      const value = inner === 1 ? along : vectors ? down : alternating;
      floats[out + o * inner + j] = value(floats, from, n, inner);
    }
  }
}

/** Neighbours: sixteen sums side by side, and then what is left over. */
function along(floats: Float32Array, x: number, n: number): number {
  const whole = n & ~15;
  parts.fill(0);
  for (let i = 0; i < whole; i++) parts[i & 15] += floats[x + i];
  const lane = (l: number) => f(f(parts[l] + parts[4 + l]) + f(parts[8 + l] + parts[12 + l]));
  let total = f(f(lane(0) + lane(1)) + f(lane(2) + lane(3)));
  for (let i = whole; i < n; i++) total = f(total + floats[x + i]);
  return total;
}

function down(floats: Float32Array, x: number, n: number, stride: number): number {
  let total = floats[x];
  for (let i = 1; i < n; i++) total = f(total + floats[x + i * stride]);
  return total;
}

/** The last columns, which fill no vector: every other number in a sum of its own. */
function alternating(floats: Float32Array, x: number, n: number, stride: number): number {
  let even = floats[x];
  let odd = 0;
  for (let i = 1; i < n; i++) {
    const value = floats[x + i * stride];
    if (i & 1) odd = f(odd + value);
    else even = f(even + value);
  }
  return f(even + odd);
}

export function maximum({ floats }: Views, out: number, x: number, outer: number, n: number, inner: number): void {
  for (let o = 0; o < outer; o++) {
    for (let j = 0; j < inner; j++) {
      let largest = -Infinity;
      for (let i = 0; i < n; i++) largest = Math.max(largest, floats[x + (o * n + i) * inner + j]);
      floats[out + o * inner + j] = largest;
    }
  }
}

/** Position of the first largest entry of each row of n. */
export function argmax({ floats, ints }: Views, out: number, x: number, rows: number, n: number): void {
  for (let row = 0; row < rows; row++) {
    const from = x + row * n;
    let best = 0;
    for (let j = 1; j < n; j++) if (floats[from + j] > floats[from + best]) best = j;
    ints[out + row] = best;
  }
}

/** kind 0: softmax, 1: logSoftmax, 2: logSumExp, of rows of n. */
export function softmax({ floats }: Views, kind: number, out: number, x: number, rows: number, n: number): void {
  for (let row = 0; row < rows; row++) {
    const from = x + row * n;
    const to = out + (kind === 2 ? row : row * n);
    let largest = floats[from];
    for (let j = 1; j < n; j++) largest = Math.max(largest, floats[from + j]);
    let total = 0;
    for (let j = 0; j < n; j++) {
      const shifted = f(floats[from + j] - largest);
      const power = exp(shifted);
      total = f(total + power);
      if (kind < 2) floats[to + j] = kind === 0 ? power : shifted;
    }
    if (kind === 2) floats[to] = largest + log(total);
    else if (kind === 1) for (let j = 0; j < n; j++) floats[to + j] -= log(total);
    else for (let j = 0; j < n; j++) floats[to + j] *= f(1 / total);
  }
}
