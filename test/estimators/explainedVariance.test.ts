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

test("NaN when the targets do not vary, not −∞ or a division by rounding noise", () => {
  expect(explainedVariance([1, 2, 3], [5, 5, 5])).toBeNaN();
  expect(explainedVariance([0, 0, 0], [0.1, 0.1, 0.1])).toBeNaN();
  expect(explainedVariance(new Float32Array(7), new Float32Array(7).fill(1.1))).toBeNaN();
});

test("NaN for a constant of any size and number of rows, whose mean rounds", () => {
  for (let n = 1; n < 200; n++) {
    const constant = new Float64Array(n).fill(Math.sqrt(n) / 3);
    expect(explainedVariance(new Float64Array(n), constant)).toBeNaN();
  }
});
