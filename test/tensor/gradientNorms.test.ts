/** Parts of a gradient are measured and cut each by its own limit. */
import { expect, test } from "vitest";
import { createEngine, floatsOf, GRANULE } from "../../src/tensor/engine.ts";
import { clipScale, GradientNorms, norm } from "../../src/tensor/gradientNorms.ts";

test("each part has its own norm, limit and factor; the sum of the norms is given back", async () => {
  const engine = await createEngine({ build: "simd" });
  const gradient = engine.allocate(4 * GRANULE);
  const values = floatsOf(gradient);
  values.set([3, 4], 0);
  values.set([6, 8], GRANULE);
  values.set([5, 12], 3 * GRANULE);
  const gradients = new GradientNorms([GRANULE, 2 * GRANULE, GRANULE], [1, 20, Number.POSITIVE_INFINITY]);
  expect(gradients.measure(gradient)).toBe(5 + 10 + 13);
  expect([...gradients.norms]).toEqual([5, 10, 13]);
  expect([...gradients.scales]).toEqual([0.2, 1, 1]);
  const tight = new GradientNorms([GRANULE, 2 * GRANULE, GRANULE], [Number.POSITIVE_INFINITY, 5, 1.3]);
  tight.measure(gradient);
  expect([...tight.scales]).toEqual([1, 0.5, 0.1]);
  expect(norm(gradient)).toBeCloseTo(Math.sqrt(25 + 100 + 169), 5);
  values[0] = Number.NaN;
  expect(tight.measure(gradient)).toBeNaN();
});

test("a gradient no longer than the limit is left alone", () => {
  expect([clipScale(0, 1), clipScale(1, 1), clipScale(4, 1), clipScale(1e9, Infinity)]).toEqual([1, 1, 0.25, 1]);
});
