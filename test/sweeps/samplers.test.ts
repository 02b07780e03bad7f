/** Samplers: even where they should be, functions of what they say they are, and better than chance where they learn. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AscentError } from "../../src/errors.ts";
import { gridSettings, gridSize } from "../../src/sweeps/samplers/grid.ts";
import { Parzen } from "../../src/sweeps/samplers/parzen.ts";
import { mostTrials, type Sampler, samplerSchema, sampleSettings } from "../../src/sweeps/samplers/sampler.ts";
import { sobolPoint, sobolSettings } from "../../src/sweeps/samplers/sobol.ts";
import { type Dimension, positionOf, type Space, valueAt } from "../../src/sweeps/space.ts";
import type { Trial } from "../../src/sweeps/trial.ts";

const space: Space = {
  activation: { choice: ["tanh", "relu", "gelu"] },
  learningRate: { logUniform: [1e-5, 1e-2] },
  gamma: { uniform: [0.9, 0.999] },
  epochs: { integer: [1, 20] },
  nSteps: { logInteger: [8, 2048] },
};

const dimensions: fc.Arbitrary<Dimension> = fc.oneof(
  fc.array(fc.string(), { minLength: 1, maxLength: 5 }).map((choice) => ({ choice: [...new Set(choice)] })),
  fc
    .tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 1, max: 100 }))
    .map(([low, size]) => ({ uniform: [low, low + size] as [number, number] })),
  fc
    .tuple(fc.integer({ min: -8, max: 2 }), fc.integer({ min: 1, max: 5 }))
    .map(([low, size]) => ({ logUniform: [10 ** low, 10 ** (low + size)] as [number, number] })),
  fc
    .tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 1, max: 100 }))
    .map(([low, size]) => ({ integer: [low, low + size] as [number, number] })),
  fc
    .tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 1000 }))
    .map(([low, size]) => ({ logInteger: [low, low + size] as [number, number] })),
);
const position = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe("dimensions", () => {
  test("a value's position gives the value again", () => {
    fc.assert(
      fc.property(dimensions, position, (dimension, at) => {
        const value = valueAt(dimension, at);
        const found = positionOf(dimension, value);
        expect(found).toBeGreaterThanOrEqual(0);
        expect(found).toBeLessThan(1);
        const again = valueAt(dimension, found!);
        if (typeof value === "number") expect(again as number).toBeCloseTo(value, 3);
        else expect(again).toBe(value);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test("both ends belong to a range, and every whole number has its share", () => {
    expect(valueAt({ integer: [3, 6] }, 0)).toBe(3);
    expect(valueAt({ integer: [3, 6] }, 0.9999999)).toBe(6);
    expect([0.1, 0.3, 0.6, 0.9].map((at) => valueAt({ integer: [3, 6] }, at))).toEqual([3, 4, 5, 6]);
    expect(valueAt({ logUniform: [1e-5, 1e-1] }, 0)).toBe(1e-5);
    expect(valueAt({ logUniform: [1e-5, 1e-1] }, 0.5)).toBe(1e-3);
    expect(valueAt({ logUniform: [1e-5, 1e-1] }, 1 - Number.EPSILON)).toBe(1e-1);
    // Of [1, 3], uniform in the logarithm up to 4: 1 has ln 2 / ln 4.
    expect(valueAt({ logInteger: [1, 3] }, 0.499)).toBe(1);
    expect(valueAt({ logInteger: [1, 3] }, 0.501)).toBe(2);
  });

  test("continuous values have six digits", () => {
    expect(valueAt({ uniform: [0, 1] }, 1 / 3)).toBe(0.333333);
  });

  test.each([
    [{ choice: [1, 2] }, 3],
    [{ uniform: [0, 1] }, 1.5],
    [{ uniform: [0, 1] }, "0.5"],
    [{ logUniform: [1, 2] }, -1],
    [{ integer: [1, 3] }, 2.5],
    [{ integer: [1, 3] }, 4],
  ] as [Dimension, unknown][])("%j has no %j", (dimension, value) => {
    expect(positionOf(dimension, value)).toBeUndefined();
  });
});

describe("grid", () => {
  const small: Space = { a: { choice: ["x", "y"] }, b: { integer: [1, 3] }, c: { logUniform: [1, 100], points: 3 } };

  test("has every combination once, the last setting's fastest", () => {
    expect(gridSize(small)).toBe(18);
    const all = Array.from({ length: 18 }, (_, i) => gridSettings(small, i));
    expect(all[0]).toEqual({ a: "x", b: 1, c: 1 });
    expect(all[1]).toEqual({ a: "x", b: 1, c: 10 });
    expect(all[2]).toEqual({ a: "x", b: 1, c: 100 });
    expect(all[17]).toEqual({ a: "y", b: 3, c: 100 });
    expect(new Set(all.map((one) => JSON.stringify(one))).size).toBe(18);
    expect(gridSettings(small, 18)).toBeUndefined();
  });

  test("is refused where a range does not say its points", () => {
    expect(() => mostTrials({ kind: "grid" }, space)).toThrow(AscentError);
    expect(() => mostTrials({ kind: "grid" }, space)).toThrow(/learningRate/);
    expect(mostTrials({ kind: "grid" }, small)).toBe(18);
  });
});

describe("Sobol", () => {
  /** scipy.stats.qmc.Sobol(21, scramble=False, bits=32), times 2³². */
  const recorded: Record<string, number[]> = {
    "1": [
      2147483648, 2147483648, 2147483648, 2147483648, 2147483648, 2147483648, 2147483648, 2147483648, 2147483648,
      2147483648, 2147483648, 2147483648, 2147483648, 2147483648, 2147483648, 2147483648, 2147483648, 2147483648,
      2147483648, 2147483648, 2147483648,
    ],
    "2": [
      3221225472, 1073741824, 1073741824, 1073741824, 3221225472, 3221225472, 1073741824, 3221225472, 3221225472,
      3221225472, 3221225472, 3221225472, 1073741824, 1073741824, 3221225472, 1073741824, 3221225472, 1073741824,
      3221225472, 1073741824, 1073741824,
    ],
    "3": [
      1073741824, 3221225472, 3221225472, 3221225472, 1073741824, 1073741824, 3221225472, 1073741824, 1073741824,
      1073741824, 1073741824, 1073741824, 3221225472, 3221225472, 1073741824, 3221225472, 1073741824, 3221225472,
      1073741824, 3221225472, 3221225472,
    ],
    "5": [
      3758096384, 3758096384, 536870912, 1610612736, 3758096384, 2684354560, 3758096384, 1610612736, 1610612736,
      536870912, 1610612736, 3758096384, 3758096384, 536870912, 3758096384, 1610612736, 3758096384, 1610612736,
      1610612736, 2684354560, 2684354560,
    ],
    "17": [
      2550136832, 4160749568, 4160749568, 671088640, 3355443200, 2013265920, 134217728, 1476395008, 4160749568,
      2818572288, 2550136832, 3892314112, 671088640, 671088640, 3623878656, 2281701376, 1207959552, 402653184,
      1207959552, 2281701376, 939524096,
    ],
    "63": [
      67108864, 3422552064, 1543503872, 1946157056, 3690987520, 603979776, 2483027968, 603979776, 3556769792,
      2483027968, 1811939328, 2885681152, 2348810240, 3288334336, 1409286144, 3288334336, 335544320, 1677721600,
      4093640704, 1006632960, 1006632960,
    ],
  };

  test.each(Object.entries(recorded))("point %s is scipy's, in 21 dimensions", (number, point) => {
    expect([...sobolPoint(21, Number(number))]).toEqual(point);
  });

  test("the first 2^k points fall into 2^k equal parts of every dimension, after the shift too", () => {
    const names = Array.from({ length: 21 }, (_, i) => `s${i}`);
    const wide: Space = Object.fromEntries(names.map((name) => [name, { integer: [0, 63] }]));
    for (const seed of [0, 5]) {
      const points = Array.from({ length: 64 }, (_, i) => sobolSettings(wide, seed, i));
      for (const name of names) expect(new Set(points.map((point) => point[name])).size).toBe(64);
    }
    expect(sobolSettings(wide, 0, 3)).not.toEqual(sobolSettings(wide, 5, 3));
  });
});

describe("Parzen", () => {
  test.each([[[]], [[0.5]], [[0, 1]], [[0.2, 0.21, 0.22, 0.9]]])("of %j integrates to 1", (points) => {
    const density = new Parzen(points);
    const steps = 20000;
    let sum = 0;
    for (let i = 0; i < steps; i++) sum += density.density((i + 0.5) / steps) / steps;
    expect(sum).toBeCloseTo(1, 6);
  });

  test("draws have its density", () => {
    const density = new Parzen([0.2, 0.25, 0.8]);
    const bins = new Float64Array(10);
    const each = 200;
    for (let i = 0; i < each; i++)
      for (let j = 0; j < each; j++)
        bins[Math.floor(10 * density.draw((i + 0.5) / each, (j + 0.5) / each))] += 1 / (each * each);
    for (let bin = 0; bin < 10; bin++) {
      let wanted = 0;
      for (let i = 0; i < 100; i++) wanted += density.density((bin + (i + 0.5) / 100) / 10) / 1000;
      expect(bins[bin]).toBeCloseTo(wanted, 2);
    }
  });
});

describe("all", () => {
  const kinds = ["random", "sobol", "tpe"].map((kind) => samplerSchema.parse(kind));
  /** 3 at its best, at learningRate 1e-3, gamma 0.98, gelu. */
  const worth = (settings: Trial["settings"]): number =>
    3 -
    Math.abs(Math.log10(settings["learningRate"] as number) + 3) -
    10 * Math.abs((settings["gamma"] as number) - 0.98) -
    (settings["activation"] === "gelu" ? 0 : 0.5);
  const run = (sampler: Sampler, seed: number, count: number): Trial[] => {
    const trials: Trial[] = [];
    for (let number = 0; number < count; number++) {
      const settings = sampleSettings(sampler, space, seed, number, trials)!;
      trials.push({ number, settings, state: "complete", scores: [worth(settings)] });
    }
    return trials;
  };

  test.each(kinds)("$kind stays in the space, and repeats", (sampler) => {
    const trials = run(sampler, 7, 40);
    expect(run(sampler, 7, 40)).toEqual(trials);
    expect(run(sampler, 8, 40)).not.toEqual(trials);
    for (const { settings } of trials) {
      for (const [name, dimension] of Object.entries(space))
        expect(positionOf(dimension, settings[name])).toBeDefined();
    }
  });

  test("tpe's later trials are better than random ones, over ten seeds", () => {
    const [random, , tpe] = kinds;
    const late = (sampler: Sampler, seed: number) =>
      run(sampler, seed, 60)
        .slice(30)
        .reduce((sum, { scores }) => sum + scores[0] / 30, 0);
    for (let seed = 0; seed < 10; seed++) expect(late(tpe, seed)).toBeGreaterThan(late(random, seed) + 0.3);
  });

  test("tpe learns from failed trials to keep away, and counts no running one", () => {
    const tpe = samplerSchema.parse({ kind: "tpe", startupTrials: 5 });
    const trials: Trial[] = run(kinds[0], 3, 40).map((trial) =>
      trial.settings["activation"] === "relu" ? { ...trial, state: "failed", scores: [] } : trial,
    );
    let relu = 0;
    for (let number = 40; number < 80; number++) {
      if (sampleSettings(tpe, space, 3, number, trials)!["activation"] === "relu") relu++;
    }
    expect(relu).toBeLessThan(6);
    const running: Trial[] = trials.map((trial) => ({ ...trial, state: "running" }));
    expect(sampleSettings(tpe, space, 3, 50, running)).toEqual(sampleSettings(kinds[0], space, 3, 50, []));
  });
});
