/** What the tests of exact worlds and estimators share. */

import { expect } from "vitest";
import { randomMdp, type TabularMdp } from "../../src/mdp/index.ts";
import { RandomStream, streams } from "../../src/random/index.ts";

export function seeded(seed: number, index = 0): RandomStream {
  return new RandomStream(seed, streams.user, index);
}

/** `count` normal numbers times `scale`. */
export function normals(random: RandomStream, count: number, scale = 1): Float64Array {
  return Float64Array.from({ length: count }, () => scale * random.normal());
}

/** Two states, two actions, a clock: small enough to list every batch of trajectories. */
export function tinyMdp(seed: number, horizon: number, gamma = 1): TabularMdp {
  return randomMdp(seeded(seed), { states: 2, actions: 2, gamma, horizon });
}

export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what = "",
): void {
  expect(actual.length, `${what}: length`).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(actual[i] - expected[i]);
    if (!(error <= tolerance)) expect.fail(`${what} [${i}] is ${actual[i]}, should be ${expected[i]} ± ${tolerance}`);
  }
}

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i] - b[i]));
  return largest;
}

/** Fails when any component of the mean of the rows is further than `sigmas` standard errors from what it should be. */
export function expectMeanWithin(
  rows: Float64Array,
  width: number,
  expected: ArrayLike<number>,
  sigmas: number,
  what: string,
): void {
  const count = rows.length / width;
  for (let j = 0; j < width; j++) {
    let mean = 0;
    for (let i = 0; i < count; i++) mean += rows[i * width + j] / count;
    let squares = 0;
    for (let i = 0; i < count; i++) squares += (rows[i * width + j] - mean) ** 2;
    const error = Math.sqrt(squares / (count - 1) / count);
    const off = Math.abs(mean - expected[j]) / (error + 1e-300);
    if (!(off <= sigmas)) expect.fail(`${what} [${j}]: ${mean} ± ${error}, should be ${expected[j]} (${off} σ)`);
  }
}
