/** Chapter 4's study: three roads to one gradient, whose numbers agree; times are only looked at for being there. */

import { expect, test } from "vitest";
import { study } from "../../lab/chapters/04-one-pass/studies/cost.ts";

test("a backward pass for each score, one in all and all scores of one give the same gradient, seed by seed", async () => {
  const outputs = [];
  for await (const output of study({ trajectories: 4, seed: 0, rounds: 3 })) outputs.push(output);
  expect(outputs.map(({ rounds }) => rounds)).toEqual([1, 2, 3]);
  const found = outputs[2];
  expect(found.naive).toHaveLength(found.parameters);
  expect(Math.max(...found.naive.map(Math.abs))).toBeGreaterThan(0.1);
  expect(found.onePassDifference).toBeLessThan(1e-5);
  expect(found.allScoresDifference).toBeLessThan(1e-5);
  expect(found.backwardPasses).toEqual({ naive: found.steps, onePass: 1, allScores: 1 });
  expect(found.naiveRatio.low).toBeLessThanOrEqual(found.naiveRatio.value);
  expect(found.naiveRatio.value).toBeGreaterThan(1);
  expect(outputs[0].naiveRatio.low).toBeNaN();
  for await (const again of study({ trajectories: 4, seed: 0, rounds: 1 })) expect(again.naive).toEqual(found.naive);
  for await (const other of study({ trajectories: 4, seed: 1, rounds: 1 }))
    expect(other.naive).not.toEqual(found.naive);
});
