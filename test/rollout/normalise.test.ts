/** Running statistics against the plain two-pass formulas. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { box, dict, discrete, multiBinary, multiDiscrete } from "../../src/envs/spaces.ts";
import { numericColumns } from "../../src/policies/encode.ts";
import { ObservationNormaliser, RewardNormaliser, RunningMoments } from "../../src/rollout/normalise.ts";
import { numbers, seeded } from "../tensor/support.ts";

/** The first 1e-4 of a row, with mean 0 and variance 1, is what the moments start from. */
const PRIOR = 1e-4;

function twoPass(values: readonly number[]): { mean: number; variance: number } {
  const n = values.length + PRIOR;
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const squares = values.reduce((a, b) => a + (b - mean) ** 2, 0) + PRIOR * (1 + mean ** 2);
  return { mean, variance: squares / n };
}

describe("RunningMoments", () => {
  const value = fc.double({ min: -1e3, max: 1e3, noNaN: true });
  const batches = fc.array(fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 6 }), {
    minLength: 1,
    maxLength: 8,
  });

  test("are the two-pass mean and variance, however the rows are split into batches", () => {
    fc.assert(
      fc.property(batches, (parts) => {
        const moments = new RunningMoments(2);
        for (const part of parts) moments.update(Float64Array.from(part.flat()), part.length);
        const rows = parts.flat();
        for (const column of [0, 1]) {
          const { mean, variance } = twoPass(rows.map((row) => row[column]));
          expect(Math.abs(moments.mean[column] - mean)).toBeLessThanOrEqual(1e-9 * (1 + Math.abs(mean)));
          expect(Math.abs(moments.variance[column] - variance)).toBeLessThanOrEqual(1e-8 * (1 + variance));
        }
        expect(moments.count).toBeCloseTo(rows.length + PRIOR, 9);
      }),
      { seed: 4, numRuns: 200 },
    );
  });

  test("a large common offset does not swallow the variance (cancellation)", () => {
    const moments = new RunningMoments(1);
    const random = seeded(1);
    for (let i = 0; i < 1000; i++)
      moments.update(
        Float64Array.from(numbers(random, 4), (x) => 1e7 + x),
        4,
      );
    // Uniform on ±2: variance 4/3; the prior adds 1e-4 · (1e7)²/4000.
    expect(moments.variance[0] - (PRIOR * 1e14) / 4000).toBeCloseTo(4 / 3, 0);
  });

  test("load puts back what was there", () => {
    const [a, b] = [new RunningMoments(2), new RunningMoments(2)];
    a.update(Float64Array.of(1, 2, 3, 4), 2);
    b.load({ mean: [...a.mean], variance: [...a.variance], count: a.count });
    for (const moments of [a, b]) moments.update(Float64Array.of(5, -6), 1);
    expect(b).toEqual(a);
  });
});

describe("ObservationNormaliser", () => {
  test("scales numbers by mean and deviation and leaves index columns alone", () => {
    const space = dict({
      a: box({ low: -9, high: 9, shape: [1] }),
      b: discrete(5),
      c: multiDiscrete([3]),
      d: multiBinary(1),
    });
    expect(numericColumns(space)).toEqual([true, false, false, true]);
    const normaliser = new ObservationNormaliser(numericColumns(space));
    const rows = [
      [2, 4, 1, 0],
      [6, 1, 2, 1],
      [-5, 0, 0, 1],
    ];
    normaliser.update(Float32Array.from(rows.flat()), 3);
    const [mean, scale] = [new Float32Array(4), new Float32Array(4)];
    normaliser.write(mean, scale);
    for (const column of [0, 3]) {
      const expected = twoPass(rows.map((row) => row[column]));
      expect(mean[column]).toBeCloseTo(expected.mean, 5);
      expect(scale[column]).toBeCloseTo(1 / Math.sqrt(expected.variance + 1e-8), 5);
    }
    expect([mean[1], mean[2], scale[1], scale[2]]).toEqual([0, 0, 1, 1]);
  });
});

describe("RewardNormaliser", () => {
  test("divides by the deviation of the running discounted return, clips, and starts anew after an episode", () => {
    const [environments, steps, gamma, clip] = [3, 40, 0.9, 2];
    const random = seeded(2);
    const normaliser = new RewardNormaliser(environments, gamma, clip);
    const running = [0, 0, 0];
    const all: number[] = [];
    for (let t = 0; t < steps; t++) {
      const rewards = Float64Array.from(numbers(random, environments, -1, 3));
      const terminated = Uint8Array.from({ length: environments }, () => (random.uniform() < 0.1 ? 1 : 0));
      const truncated = Uint8Array.from({ length: environments }, () => (random.uniform() < 0.1 ? 1 : 0));
      const out = new Float64Array(environments + 2);
      normaliser.apply(rewards, terminated, truncated, out, 2);
      for (let i = 0; i < environments; i++) running[i] = gamma * running[i] + rewards[i];
      all.push(...running);
      const deviation = Math.sqrt(twoPass(all).variance + 1e-8);
      for (let i = 0; i < environments; i++) {
        expect(out[2 + i]).toBeCloseTo(Math.min(Math.max(rewards[i] / deviation, -clip), clip), 9);
        if (terminated[i] || truncated[i]) running[i] = 0;
      }
      expect([...out.subarray(0, 2)]).toEqual([0, 0]);
    }
  });
});
