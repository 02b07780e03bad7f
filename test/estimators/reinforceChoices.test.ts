/** Every weighting with every baseline is the estimators that its name stands for, by hand on one small batch. */

import { expect, test } from "vitest";
import { type ReinforceWeighting, reinforceWeights } from "../../src/estimators/reinforceWeights.ts";
import { summarise } from "../../src/estimators/returnSummary.ts";
import { divideByRootMeanSquare } from "../../src/estimators/rootMeanSquare.ts";
import { expectClose } from "../mdp/support.ts";

/** Two episodes, of two steps and of one: R = (1 + 0.5·2, 4) = (2, 4), to go (2, 2, 4). */
const episodes = {
  ...{ offsets: Int32Array.of(0, 2, 3), rewards: [1, 2, 4], values: [0.5, 0.25, 1], gamma: 0.5 },
  ...{ finalValues: [9, 9], terminated: [1, 1] },
};

test.each([
  ["total", "none", [2, 2, 4]],
  ["total", "mean", [-1, -1, 1]],
  ["total", "leaveOneOut", [-2, -2, 2]],
  ["total", "timeStep", [-1, 0, 1]],
  ["total", "value", [1.5, 1.75, 3]],
  ["toGo", "none", [2, 2, 4]],
  ["toGo", "mean", [-2 / 3, -2 / 3, 4 / 3]],
  ["toGo", "leaveOneOut", [-2, 2, 2]],
  ["toGo", "timeStep", [-1, 0, 1]],
  ["toGo", "value", [1.5, 1.75, 3]],
] as [ReinforceWeighting["weighting"], ReinforceWeighting["baseline"], number[]][])(
  "%s, %s",
  (weighting, baseline, expected) => {
    const out = new Float64Array(3);
    reinforceWeights(episodes, { weighting, baseline, discounting: "standard", gaeLambda: 1 }, out);
    expectClose(out, expected, 1e-12);
    reinforceWeights(episodes, { weighting, baseline, discounting: "exact", gaeLambda: 1 }, out);
    expectClose(out, weighting === "total" ? expected : [expected[0], 0.5 * expected[1], expected[2]], 1e-12);
  },
);

test("weights over their root mean square: by hand, all alike, all 0", () => {
  const weights = Float64Array.of(3, -4, 0, 5);
  divideByRootMeanSquare(weights);
  const scale = 1 / (Math.sqrt(50 / 4) + 1e-8);
  expectClose(weights, [3 * scale, -4 * scale, 0, 5 * scale], 1e-15);
  const alike = Float64Array.of(-7, -7);
  divideByRootMeanSquare(alike);
  expectClose(alike, [-1, -1], 1e-8);
  const small = Float64Array.of(1e-8, 1e-8);
  divideByRootMeanSquare(small);
  expectClose(small, [0.5, 0.5], 1e-12);
  const zeros = new Float64Array(3);
  divideByRootMeanSquare(zeros);
  expect([...zeros]).toEqual([0, 0, 0]);
});

test("a summary of returns: mean, deviation of a sample, least and greatest", () => {
  expect(summarise([3, -1, 7, 3])).toEqual({ mean: 3, sd: Math.sqrt(32 / 3), min: -1, max: 7 });
  expect(summarise([4, 9]).sd).toBeCloseTo(Math.sqrt(12.5), 12);
  expect(summarise([5])).toEqual({ mean: 5, sd: 0, min: 5, max: 5 });
});
