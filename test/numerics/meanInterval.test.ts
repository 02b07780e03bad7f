/** Intervals of means: Student's points against published ones, coverage by closed form and by counting. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { excludesZero, meanInterval, pairedDifference } from "../../src/numerics/meanInterval.ts";
import { studentQuantile } from "../../src/numerics/studentQuantile.ts";
import { RandomStream } from "../../src/random/index.ts";

describe("studentQuantile", () => {
  test.each([
    // In closed form.
    [1, Math.tan(0.475 * Math.PI)],
    [2, 0.95 * Math.sqrt(2 / (1 - 0.95 ** 2))],
    // Published tables, to their last digit.
    [3, 3.18244630528],
    [4, 2.77644510519],
    [5, 2.57058183564],
    [9, 2.26215716279],
    [10, 2.22813885196],
    [30, 2.0422724563],
    [100, 1.98397151845],
    [1e6, 1.95996635682],
  ])("of %i degrees of freedom", (freedom, value) => {
    expect(studentQuantile(freedom)).toBeCloseTo(value, 9);
  });

  test("the expansion takes over where the closed form ends, and both fall", () => {
    const values = Array.from({ length: 30 }, (_, i) => studentQuantile(186 + i));
    for (let i = 1; i < values.length; i++) {
      expect(values[i]).toBeLessThan(values[i - 1]);
      expect(values[i - 1] - values[i]).toBeCloseTo(2.3725 / (186 + i) ** 2, 5);
    }
  });

  // SciPy 1's. The expansion leaves its next term out: Abramowitz & Stegun 26.7.5, the fourth.
  test.each([
    [199, 1.9719565442517533],
    [200, 1.9718962236339088],
    [201, 1.971836506779859],
    [250, 1.9694983934211532],
    [500, 1.9647198374673676],
  ])("of %i degrees of freedom: the closed form to 200, then three terms of the expansion", (freedom, value) => {
    const z2 = 1.959963984540054 ** 2;
    const fourth = (1.959963984540054 * ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945)) / 92160;
    const left = freedom > 200 ? fourth / freedom ** 4 : 0;
    expect(Math.abs(studentQuantile(freedom) + left - value)).toBeLessThan(freedom > 200 ? 3e-11 : 1e-14);
  });

  test.each([0, -1, 1.5, Number.NaN])("is NaN for %d", (freedom) => {
    expect(studentQuantile(freedom)).toBeNaN();
  });
});

describe("meanInterval", () => {
  test("by hand: 1, 2, 3, 4 and 10", () => {
    // Mean 4, squares 9 + 4 + 1 + 0 + 36 = 50, s²/n = 50/4/5 = 2.5.
    const half = 2.77644510519 * Math.sqrt(2.5);
    const { value, low, high, count } = meanInterval([1, 2, 3, 4, 10]);
    expect({ value, count }).toEqual({ value: 4, count: 5 });
    expect(low).toBeCloseTo(4 - half, 8);
    expect(high).toBeCloseTo(4 + half, 8);
  });

  test("one value has no interval, none has no mean", () => {
    expect(meanInterval([7])).toEqual({ value: 7, low: Number.NaN, high: Number.NaN, count: 1 });
    expect(meanInterval([])).toEqual({ value: Number.NaN, low: Number.NaN, high: Number.NaN, count: 0 });
  });

  test("covers the mean of normal values 95 times in 100, for 3 values as for 8", () => {
    const random = new RandomStream(7, 1024);
    for (const size of [3, 8]) {
      const trials = 4000;
      let covered = 0;
      for (let trial = 0; trial < trials; trial++) {
        const { low, high } = meanInterval(Array.from({ length: size }, () => 5 + 2 * random.normal()));
        if (low <= 5 && 5 <= high) covered++;
      }
      // Three standard deviations of a share of 0.95 among 4000.
      expect(Math.abs(covered / trials - 0.95)).toBeLessThan(0.0104);
    }
  });
});

describe("pairedDifference", () => {
  test("what a seed does to both is gone", () => {
    const values = fc.array(fc.tuple(fc.integer({ min: -500, max: 500 }), fc.integer({ min: -500, max: 500 })), {
      minLength: 2,
      maxLength: 12,
    });
    fc.assert(
      fc.property(values, fc.integer({ min: -1000, max: 1000 }), (pairs, shift) => {
        const a = pairs.map(([value]) => value);
        const b = pairs.map(([, value]) => value);
        const shifted = (list: number[]) => list.map((value, i) => value + shift * i);
        expect(pairedDifference(shifted(a), shifted(b))).toEqual(pairedDifference(a, b));
        const back = pairedDifference(b, a);
        const there = pairedDifference(a, b);
        expect(back.low).toBeCloseTo(-there.high, 9);
        expect(excludesZero(back)).toBe(excludesZero(there));
      }),
    );
  });

  test("equal differences have no width, and one that is 0 excludes nothing", () => {
    expect(pairedDifference([3, 5, 9], [1, 3, 7])).toEqual({ value: 2, low: 2, high: 2, count: 3 });
    expect(excludesZero(pairedDifference([3, 5, 9], [1, 3, 7]))).toBe(true);
    expect(excludesZero(pairedDifference([1, 2], [1, 2]))).toBe(false);
    expect(excludesZero(pairedDifference([1], [0]))).toBe(false);
  });
});

test("pairs are as many as the shorter side has", () => {
  expect(pairedDifference([3, 5, 9], [1, 1])).toEqual(meanInterval([2, 4]));
  expect(pairedDifference([3, 5], [1, 1, 7])).toEqual(meanInterval([2, 4]));
});

test("an interval that ends at 0 does not exclude it", () => {
  expect(excludesZero({ low: 0.5, high: 2 })).toBe(true);
  expect(excludesZero({ low: -2, high: -0.5 })).toBe(true);
  expect([excludesZero({ low: 0, high: 2 }), excludesZero({ low: -2, high: 0 })]).toEqual([false, false]);
});

test("values far from 0 keep their spread", () => {
  const { low, high } = meanInterval([1e6 + 1, 1e6 + 2, 1e6 + 3]);
  expect(high - low).toBeCloseTo((2 * 4.302652729696) / Math.sqrt(3), 8);
});
