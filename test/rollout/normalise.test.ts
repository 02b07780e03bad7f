/** Running statistics against the plain two-pass formulas. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RewardNormaliser } from "../../src/envs/rewardNormaliser.ts";
import { box, dict, discrete, multiBinary, multiDiscrete } from "../../src/envs/spaces.ts";
import { RunningMoments } from "../../src/math/runningMoments.ts";
import { numericColumns } from "../../src/policies/encode.ts";
import { ObservationNormaliser } from "../../src/rollout/normalise.ts";
import { numbers, seeded } from "../tensor/support.ts";

function twoPass(values: readonly number[]): { mean: number; variance: number } {
  const n = values.length;
  const mean = values.reduce((a, b) => a + b, 0) / n;
  return { mean, variance: values.reduce((a, b) => a + (b - mean) ** 2, 0) / n };
}

/** Divisor of what has this variance. */
const deviationOf = (variance: number) => (variance === 0 ? 1 : Math.sqrt(variance + 1e-8));

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
        expect(moments.count).toBe(rows.length);
      }),
      { seed: 4, numRuns: 200 },
    );
  });

  test.each([0, 1e6, -1e9, 1e12])("at offset %d: exact from the first batch on, whatever the sizes", (offset) => {
    // Quarters, which float64 has exactly at each of the offsets.
    for (const rows of [1, 2, 8]) {
      const moments = new RunningMoments(1);
      for (let batch = 1; batch <= 50; batch++) {
        const values = Float64Array.from({ length: rows }, (_, i) => offset + (((batch - 1) * rows + i) % 2) / 4);
        moments.update(values, rows);
        // Of n numbers half, give or take one, are a quarter higher.
        const n = batch * rows;
        const share = Math.floor(n / 2) / n;
        const unit = Math.max(Math.abs(offset), 1) * 2 ** -52;
        expect(Math.abs(moments.mean[0] - offset - share / 4)).toBeLessThanOrEqual(unit);
        expect(Math.abs(moments.variance[0] - (share * (1 - share)) / 16)).toBeLessThan(1e-15);
        expect(moments.count).toBe(n);
      }
    }
  });

  test.each([0.1, -1e6 / 3, 1e15 + 1, 3e38])("numbers all equal to %d have the variance 0 exactly", (value) => {
    const moments = new RunningMoments(1);
    for (const rows of [1, 3, 7, 1, 10]) {
      moments.update(new Float64Array(rows).fill(value), rows);
      expect([moments.mean[0], moments.variance[0]]).toEqual([value, 0]);
    }
  });

  test("the first row is mean, and has no variance yet", () => {
    const moments = new RunningMoments(2);
    moments.update(Float64Array.of(1e6, -7), 1);
    expect([...moments.mean, ...moments.variance, moments.count]).toEqual([1e6, -7, 0, 0, 1]);
  });

  test("load puts back what was there", () => {
    const [a, b] = [new RunningMoments(2), new RunningMoments(2)];
    a.update(Float64Array.of(1, 2, 3e9, 4, 1e9, 7), 3);
    b.load(JSON.parse(JSON.stringify(a.save())));
    for (const moments of [a, b]) moments.update(Float64Array.of(5, -6), 1);
    expect(b.save()).toEqual(a.save());
    b.load({ mean: [1, 2], variance: [3, 4], count: 5 });
    expect(b.save()).toEqual({ mean: [1, 2], meanRest: [0, 0], variance: [3, 4], count: 5 });
  });

  test("what is saved goes on as if it had not been: to the last digits of a large mean", () => {
    const whole = new RunningMoments(1);
    const feed = (moments: RunningMoments, from: number, to: number) => {
      for (let i = from; i < to; i++) moments.update(Float64Array.of(1e9 + 0.1 * i), 1);
    };
    feed(whole, 0, 50);
    const saved = whole.save();
    expect(saved.meanRest![0]).not.toBe(0);
    const resumed = new RunningMoments(1);
    resumed.load(saved);
    feed(whole, 50, 100);
    feed(resumed, 50, 100);
    expect(resumed.save()).toEqual(whole.save());
  });

  test("a mean of large numbers still moves after a million rows", () => {
    const moments = new RunningMoments(1);
    const [low, high] = [new Float64Array(1000).fill(1e12), new Float64Array(1000).fill(1e12 + 0.25)];
    for (let batch = 0; batch < 1000; batch++) moments.update(low, 1000);
    for (let batch = 0; batch < 1000; batch++) moments.update(high, 1000);
    expect(Math.abs(moments.mean[0] - 1e12 - 0.125)).toBeLessThanOrEqual(1e12 * 2 ** -52);
    expect(Math.abs(moments.variance[0] - 1 / 64)).toBeLessThan(1e-12);
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
    const normaliser = new ObservationNormaliser(space, 10);
    const rows = [
      [2, 4, 1, 0],
      [6, 1, 2, 1],
      [-5, 0, 0, 1],
    ];
    normaliser.update(Float32Array.from(rows.flat()), 3);
    const { mean, scale, clip } = normaliser.scaling();
    expect(clip).toBe(10);
    for (const column of [0, 3]) {
      const expected = twoPass(rows.map((row) => row[column]));
      expect(mean[column]).toBeCloseTo(expected.mean, 12);
      expect(scale[column]).toBeCloseTo(1 / deviationOf(expected.variance), 12);
    }
    expect([mean[1], mean[2], scale[1], scale[2]]).toEqual([0, 0, 1, 1]);
    const out = new Float32Array(4);
    normaliser.apply(Float64Array.of(1e5, 4, 2, -1e5), out);
    expect([...out]).toEqual([10, 4, 2, -10]);
  });

  const far = box({ low: -Infinity, high: Infinity, shape: [1] });

  test("numbers that are equal in float32 are told apart, and land where they would near 0", () => {
    const [near, away] = [new ObservationNormaliser(far, 10), new ObservationNormaliser(far, 10)];
    const [a, b] = [new Float32Array(2), new Float32Array(2)];
    for (let t = 0; t < 20; t++) {
      const values = [(t % 4) / 1024, (t % 3) / 1024];
      for (const [normaliser, offset, out] of [
        [near, 0, a],
        [away, 2 ** 30, b],
      ] as const) {
        const seen = Float64Array.from(values, (x) => offset + x);
        normaliser.update(seen, 2);
        normaliser.apply(seen, out);
      }
      if (t > 0) expect(a[0]).not.toBe(a[1] + 1);
      for (const i of [0, 1]) expect(b[i]).toBeCloseTo(a[i], 2);
    }
  });

  test("before anything has varied, numbers are taken off the mean and not blown up", () => {
    const normaliser = new ObservationNormaliser(far, 10);
    normaliser.update(Float64Array.of(1e6), 1);
    const out = new Float32Array(1);
    normaliser.apply(Float64Array.of(1e6), out);
    expect(out[0]).toBe(0);
    // Of an episode cut off there: not seen by the moments yet.
    normaliser.apply(Float64Array.of(1e6 + 0.5), out);
    expect(out[0]).toBe(0.5);
  });

  test("load puts back the scaling too", () => {
    const [one, other] = [new ObservationNormaliser(far, 5), new ObservationNormaliser(far, 5)];
    one.update(Float64Array.of(1, 2, 6), 3);
    other.load(one.save());
    expect(other.scaling()).toEqual(one.scaling());
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
      const deviation = deviationOf(twoPass(all).variance);
      for (let i = 0; i < environments; i++) {
        expect(out[2 + i]).toBeCloseTo(Math.min(Math.max(rewards[i] / deviation, -clip), clip), 9);
        if (terminated[i] || truncated[i]) running[i] = 0;
      }
      expect([...out.subarray(0, 2)]).toEqual([0, 0]);
    }
  });

  test("one environment: the first reward stays as it is, for there is no deviation yet", () => {
    const normaliser = new RewardNormaliser(1, 0.99, 10);
    const [none, out] = [new Uint8Array(1), new Float64Array(1)];
    normaliser.apply(Float64Array.of(0.25), none, none, out, 0);
    expect(out[0]).toBe(0.25);
  });

  test("rewards far from 0: the deviation of the returns is that of the returns alone", () => {
    // γ = 0: returns are rewards. Their deviation is 1/8 at any offset.
    for (const offset of [0, 1e6]) {
      const normaliser = new RewardNormaliser(2, 0, 1e9);
      const [none, out] = [new Uint8Array(2), new Float64Array(2)];
      for (let t = 0; t < 10; t++) {
        normaliser.apply(Float64Array.of(offset, offset + 0.25), none, none, out, 0);
        expect((out[1] - out[0]) / 2).toBeCloseTo(1, 4);
      }
    }
  });
});
