/** Axes: round ticks with labels that differ, on linear and logarithmic scales. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tickLabels } from "../../src/charts/compactNumber.ts";
import { scaleFor } from "../../src/charts/scales.ts";

const axis = { label: "" };

describe("linear", () => {
  test("begins at 0 where the values begin near it, ends where they end", () => {
    const { low, high, ticks, labels } = scaleFor(axis, [512, 100_352], 6, false);
    expect([low, high]).toEqual([0, 100_352]);
    expect(ticks).toEqual([0, 20_000, 40_000, 60_000, 80_000, 100_000]);
    expect(labels).toEqual(["0", "20k", "40k", "60k", "80k", "100k"]);
  });

  test("rounded outwards, minus signs true", () => {
    const { low, high, labels } = scaleFor(axis, [-1234, -160], 6, true);
    expect([low, high]).toEqual([-1400, 0]);
    expect(labels[0]).toBe("−1.4k");
  });

  test.each([
    [[5], 5],
    [[0], 0],
    [[], 0.5],
  ])("%j alone has room around it", (values, within) => {
    const { low, high, share } = scaleFor(axis, values, 5, true);
    expect(high).toBeGreaterThan(low);
    expect(share(within)).toBeGreaterThanOrEqual(0);
    expect(share(within)).toBeLessThanOrEqual(1);
  });
});

describe("logarithmic", () => {
  const log = { label: "", scale: "log" as const };

  test("powers of ten over many of them, steps between over few", () => {
    expect(scaleFor(log, [0.0132, 48_223], 8, true)).toMatchObject({
      low: 0.01,
      high: 50_000,
      labels: ["0.01", "0.1", "1", "10", "100", "1k", "10k"],
    });
    expect(scaleFor(log, [1e-4, 1e8], 5, true).ticks).toEqual([1e-4, 0.1, 100, 1e5, 1e8]);
    expect(scaleFor(log, [0.021, 0.48], 4, true).ticks).toEqual([0.03, 0.1, 0.3]);
    expect(scaleFor(log, [1.2, 7], 4, true).ticks).toEqual([1, 3, 10]);
    expect(scaleFor(log, [2.2, 4.7], 4, true).ticks).toEqual([2, 3, 4, 5]);
  });

  test("what is not positive has no place on it, and does not count", () => {
    const { low, high, share } = scaleFor(log, [0, -3, 2, 40, Number.NaN], 6, true);
    expect([low, high]).toEqual([2, 50]);
    expect(share(0)).toBeNaN();
    expect(share(10)).toBeCloseTo(0.5, 12);
  });
});

test("values lie within, ticks grow and labels differ, whatever the values", () => {
  const number = fc.double({ min: -1e9, max: 1e9, noNaN: true }).map((value) => (Math.abs(value) < 1e-12 ? 0 : value));
  fc.assert(
    fc.property(fc.array(number, { minLength: 1, maxLength: 8 }), fc.boolean(), (values, logarithmic) => {
      const scale = scaleFor({ label: "", scale: logarithmic ? "log" : "linear" }, values, 6, true);
      for (const value of values) {
        if (logarithmic && value < 1e-300) continue;
        expect(scale.share(value)).toBeGreaterThanOrEqual(-1e-6);
        expect(scale.share(value)).toBeLessThanOrEqual(1 + 1e-6);
      }
      for (let i = 1; i < scale.ticks.length; i++) expect(scale.ticks[i]).toBeGreaterThan(scale.ticks[i - 1]);
      expect(new Set(scale.labels).size).toBe(scale.labels.length);
    }),
    { seed: 7, numRuns: 300 },
  );
});

test("labels take as many digits as tell them apart", () => {
  expect(tickLabels([100_000, 100_050, 100_100])).toEqual(["100k", "100.05k", "100.1k"]);
  expect(tickLabels([0.1 + 0.2, 0.4])).toEqual(["0.3", "0.4"]);
});

describe("ends and ticks, exactly", () => {
  test.each([
    ["one value has a tenth around it", [5], { rounded: false }, [4.5, 5.5]],
    ["a negative one likewise", [-5], { rounded: false }, [-5.5, -4.5]],
    ["0 has 1", [0], { rounded: false }, [-1, 1]],
    ["nothing is 0 to 1", [], { rounded: false }, [0, 1]],
    ["what begins at a tenth of the end begins there", [1, 10], { rounded: false }, [1, 10]],
    ["what begins below it begins at 0", [0.99, 10], { rounded: false }, [0, 10]],
    ["what ends near 0 from below does not", [-10, -0.5], { rounded: false }, [-10, -0.5]],
    ["infinite values do not count", [2, 3, Number.POSITIVE_INFINITY, Number.NaN], { rounded: false }, [2, 3]],
    ["rounded", [0.3, 9.7], { rounded: true }, [0, 10]],
  ] as const)("linear: %s", (_, values, { rounded }, ends) => {
    const { low, high } = scaleFor(axis, values, 5, rounded);
    expect([low, high]).toEqual(ends.map((end) => expect.closeTo(end, 12)));
  });

  test.each([
    ["one value has a factor of 2 around it", [4], false, [2, 8]],
    ["nothing is 1 to 10", [], false, [1, 10]],
    ["as they are", [3, 70], false, [3, 70]],
    ["out to 1, 2 or 5 times a power of ten", [3, 70], true, [2, 100]],
    ["ends that are such stay", [5, 200], true, [5, 200]],
    ["smaller ones too", [0.0011, 0.0019], true, [0.001, 0.002]],
  ] as const)("logarithmic: %s", (_, values, rounded, ends) => {
    const { low, high } = scaleFor({ label: "", scale: "log" }, values, 5, rounded);
    expect([low, high]).toEqual(ends);
  });

  test("a range that is given is the axis, whatever the values", () => {
    const { low, high, share, ticks } = scaleFor({ label: "", range: [1, 20] }, [-100, 100], 4, true);
    expect([low, high, share(1), share(10.5), share(20)]).toEqual([1, 20, 0, 0.5, 1]);
    expect(ticks).toEqual([5, 10, 15, 20]);
  });

  test("ticks that are given, as far as they lie on the axis", () => {
    const given = {
      label: "",
      range: [0, 10] as const,
      ticks: [-1, 0, 5, 10, 10.1],
      tickLabels: ["a", "b", "c", "d", "e"],
    };
    const { ticks, labels } = scaleFor(given, [], 4, true);
    expect([ticks, labels]).toEqual([
      [0, 5, 10],
      ["b", "c", "d"],
    ]);
  });

  test("every n-th power of ten where there would be too many, at least three ticks", () => {
    const log = { label: "", scale: "log" as const };
    expect(scaleFor(log, [1, 1e4], 5, false).ticks).toEqual([1, 10, 100, 1000, 1e4]);
    expect(scaleFor(log, [1, 1e5], 5, false).ticks).toEqual([1, 100, 1e4]);
    expect(scaleFor(log, [1, 100], 1, false).ticks).toEqual([1, 10, 100]);
    expect(scaleFor(log, [1, 30], 6, false).ticks).toEqual([1, 3, 10, 30]);
    expect(scaleFor(log, [4, 25], 6, false).ticks).toEqual([5, 10, 20]);
  });
});
