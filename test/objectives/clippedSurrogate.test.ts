/** The clipped surrogate and the critic's losses against values worked out by hand. */

import { describe, expect, test } from "vitest";
import { clippedSurrogate, clippedValueLoss, valueLoss } from "../../src/objectives/index.ts";
import { grad } from "../../src/tensor/grad.ts";
import { input, type Tensor } from "../../src/tensor/graph.ts";
import { evaluate } from "../tensor/reference.ts";

const vector = (name: string, n: number) => input(name, [n]);

/** Objective and its gradient by log π. */
function surrogate(ratios: number[], advantages: number[], clipRange: number) {
  const n = ratios.length;
  const [logProb, oldLogProb, advantage] = ["logProb", "oldLogProb", "advantage"].map((name) => vector(name, n));
  const objective = clippedSurrogate({ logProb, oldLogProb, advantage }, clipRange);
  const values = new Map([
    [logProb, ratios.map((ratio) => Math.log(ratio) - 1)],
    [oldLogProb, ratios.map(() => -1)],
    [advantage, advantages],
  ]);
  const [[value], gradient] = evaluate([objective, grad(objective, [logProb])[0]], values);
  return { value, gradient };
}

describe("clipped surrogate (Schulman et al. 2017, eq. 7)", () => {
  test.each([
    ["ρ above 1 + ε, A > 0: stops paying", 1.5, 2, 2.4, 0],
    ["ρ above 1 + ε, A < 0: pays in full", 1.5, -2, -3, -3],
    ["ρ below 1 − ε, A > 0: pays in full", 0.5, 2, 1, 1],
    ["ρ below 1 − ε, A < 0: stops paying", 0.5, -2, -1.6, 0],
    ["ρ within, A > 0", 1.1, 2, 2.2, 2.2],
    ["ρ within, A < 0", 0.9, -2, -1.8, -1.8],
    ["ρ = 1: the policy gradient", 1, 3, 3, 3],
  ])("%s", (_, ratio, advantage, value, slope) => {
    const result = surrogate([ratio], [advantage], 0.2);
    expect(result.value).toBeCloseTo(value, 6);
    expect(result.gradient[0]).toBeCloseTo(slope, 6);
  });

  test("is the mean over the rows", () => {
    const { value, gradient } = surrogate([1.5, 0.5, 1, 1.5], [2, -2, 3, -2], 0.2);
    expect(value).toBeCloseTo((2.4 - 1.6 + 3 - 3) / 4, 6);
    for (const [i, slope] of [0, 0, 0.75, -0.75].entries()) expect(gradient[i]).toBeCloseTo(slope, 6);
  });
});

describe("critic", () => {
  const run = (
    loss: (value: Tensor, old: Tensor, target: Tensor) => Tensor,
    v: number,
    old: number,
    target: number,
  ) => {
    const [value, oldValue, goal] = ["v", "old", "target"].map((name) => vector(name, 1));
    const scalar = loss(value, oldValue, goal);
    const values = new Map([
      [value, [v]],
      [oldValue, [old]],
      [goal, [target]],
    ]);
    const [[result], [gradient]] = evaluate([scalar, grad(scalar, [value])[0]], values);
    return [result, gradient];
  };
  const plain = (value: Tensor, _: Tensor, target: Tensor) => valueLoss(value, target);
  const clipped = (value: Tensor, old: Tensor, target: Tensor) => clippedValueLoss(value, old, target, 0.5);

  test("plain: squared error without a half, gradient 2(V − target)", () => {
    expect(run(plain, 3, 0, 1)).toEqual([4, 4]);
  });

  test.each([
    ["within the range: as plain", 1.25, 1, 3, 3.0625, -3.5],
    ["moved too far towards the target: the clipped error counts, and holds still", 2, 1, 3, 2.25, 0],
    ["moved too far away from the target: the plain error counts, and pulls back", 0, 1, 3, 9, -6],
    ["past the target: the larger error counts", 4, 1, 1.25, 7.5625, 5.5],
  ])("clipped, %s", (_, v, old, target, value, slope) => {
    const [result, gradient] = run(clipped, v, old, target);
    expect(result).toBeCloseTo(value, 6);
    expect(gradient).toBeCloseTo(slope, 6);
  });
});
