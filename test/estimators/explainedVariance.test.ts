/** How much of the targets' variance the critic explains. */

import { expect, test } from "vitest";
import { explainedVariance } from "../../src/estimators/index.ts";

const targets = [1, 2, 3, 6];

test("1 for perfect predictions, also shifted by a constant", () => {
  expect(explainedVariance(targets, targets)).toBe(1);
  expect(
    explainedVariance(
      targets.map((x) => x - 100),
      targets,
    ),
  ).toBeCloseTo(1, 12);
});

test("0 for a constant, and below 0 for worse than that", () => {
  expect(explainedVariance([3, 3, 3, 3], targets)).toBeCloseTo(0, 12);
  expect(
    explainedVariance(
      targets.map((x) => -x),
      targets,
    ),
  ).toBeCloseTo(-3, 12);
  expect(
    explainedVariance(
      targets.map((x) => x / 2),
      targets,
    ),
  ).toBeCloseTo(0.75, 12);
});

test("targets that do not vary: 1 when the predictions do not either, whatever their offset, else 0", () => {
  expect(explainedVariance([5, 5, 5], [5, 5, 5])).toBe(1);
  expect(explainedVariance([0, 0, 0], [0.1, 0.1, 0.1])).toBe(1);
  expect(explainedVariance(new Float32Array(7), new Float32Array(7).fill(1.1))).toBe(1);
  expect(explainedVariance([1, 2, 3], [5, 5, 5])).toBe(0);
  expect(explainedVariance([5, 5, 5 + 1e-9], [5, 5, 5])).toBe(0);
  expect(explainedVariance([7], [3])).toBe(1);
});

test("a constant of any size and number of rows is one, although its mean rounds", () => {
  for (let n = 2; n < 200; n++) {
    const constant = new Float64Array(n).fill(Math.sqrt(n) / 3);
    expect(explainedVariance(new Float64Array(n), constant)).toBe(1);
    expect(explainedVariance(Float64Array.of(1, ...new Float64Array(n - 1)), constant)).toBe(0);
  }
});

test("an offset of a billion changes nothing", () => {
  const noise = [0.25, -0.5, 0.25, 0];
  const near = explainedVariance(
    targets.map((x, i) => x + noise[i]),
    targets,
  );
  const far = explainedVariance(
    targets.map((x, i) => 1e9 + x + noise[i]),
    targets.map((x) => 1e9 + x),
  );
  expect(far).toBe(near);
});
