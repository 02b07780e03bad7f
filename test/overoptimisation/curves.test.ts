import { describe, expect, test } from "vitest";
import { goldCurve } from "../../src/overoptimisation/curves.ts";

/** A path along d(α − βd), moved by a little for each seed. */
const path = (alpha: number, beta: number, shift = 0) =>
  [0, 0.5, 1, 1.5, 2, 2.5, 3].map((d) => ({
    distance: d,
    proxy: d,
    gold: d * (alpha - beta * d) + (d > 0 ? shift : 0),
  }));

describe("curves over seeds", () => {
  const curve = goldCurve([path(1.5, 0.5), path(1.5, 0.5, 0.1), path(1.5, 0.5, -0.1)], "bestOfN");

  test("means, and where they are highest", () => {
    expect(curve.points.map(({ gold }) => gold.value)).toEqual(
      path(1.5, 0.5).map(({ gold }) => expect.closeTo(gold, 10)),
    );
    expect(curve.peak).toBe(3);
    expect(curve.peakDistance.value).toBeCloseTo(1.5, 10);
    expect(curve.points[2].gold.high - curve.points[2].gold.value).toBeGreaterThan(0.1);
  });

  test("rise and fall are differences in pairs, so what shifts a seed's whole path counts for nothing in the fall", () => {
    expect(curve.rise.value).toBeCloseTo(1.125, 10);
    expect(curve.fall.value).toBeCloseTo(1.125, 10);
    expect(curve.fall.high - curve.fall.low).toBeLessThan(1e-9);
    expect(curve.overOptimised).toBe(true);
  });

  test("the fit is of the means", () => {
    expect(curve.fit?.alpha).toBeCloseTo(1.5, 8);
    expect(curve.fit?.peak).toBeCloseTo(1.5, 8);
  });

  test("a path that only rises is not over-optimised", () => {
    const rising = goldCurve([path(1, 0.1), path(1, 0.1, 0.1)], "bestOfN");
    expect(rising.peak).toBe(6);
    expect(rising.fall.value).toBe(0);
    expect(rising.overOptimised).toBe(false);
  });

  test("the fit leaves out what the reference is worth", () => {
    const above = goldCurve(
      [path(1.5, 0.5), path(1.5, 0.5)].map((points) => points.map((point) => ({ ...point, gold: point.gold + 2 }))),
      "bestOfN",
    );
    expect(above.fit?.alpha).toBeCloseTo(1.5, 8);
  });
});
