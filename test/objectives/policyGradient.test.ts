/** Theory 5: one backward pass of a pseudo-loss is the weighted sum of the per-sample scores. And an exact gradient. */

import { expect, test } from "vitest";
import { categoricalHead } from "../../src/distributions/index.ts";
import { box, discrete, type Space } from "../../src/envs/spaces.ts";
import { clippedSurrogate } from "../../src/objectives/index.ts";
import { actorCritic } from "../../src/policies/index.ts";
import { grad } from "../../src/tensor/grad.ts";
import { constant, input } from "../../src/tensor/graph.ts";
import { mul, neg } from "../../src/tensor/ops/elementwise.ts";
import { sliceAxis } from "../../src/tensor/ops/layout.ts";
import { mean, sum } from "../../src/tensor/ops/reduce.ts";
import { evaluate } from "../tensor/reference.ts";
import { expectClose, numbers, seeded } from "../tensor/support.ts";

test.each([
  ["Categorical", discrete(3), (i: number) => [i % 3]],
  ["Gaussian", box({ low: -9, high: 9, shape: [2] }), (i: number) => [0.3 * i - 1, 1 - 0.2 * i]],
] as [string, Space, (i: number) => number[]][])(
  "%s: one backward pass is the naive sum of per-sample gradients",
  (_, space, act) => {
    const rows = 6;
    const random = seeded(11);
    const network = actorCritic(box({ low: -9, high: 9, shape: [3] }), space, { hidden: [4] });
    const observation = input("observation", [rows, 3]);
    const actions = input("actions", [rows, act(0).length]);
    const weights = input("weights", [rows]);
    const parameters = network.policyParameters;
    const values = new Map([
      [observation, numbers(random, rows * 3)],
      [actions, Array.from({ length: rows }, (_, i) => act(i)).flat()],
      [weights, numbers(random, rows)],
      ...parameters.map(
        (p) =>
          [
            p,
            numbers(
              random,
              p.shape.reduce((a, b) => a * b, 1),
              -1,
              1,
            ),
          ] as const,
      ),
    ]);
    const logProb = network.distribution(observation).logProb(actions);
    const once = evaluate(grad(neg(mean(mul(weights, logProb))), parameters), values);

    const naive = parameters.map((p) => new Array<number>(p.shape.reduce((a, b) => a * b, 1)).fill(0));
    for (let i = 0; i < rows; i++) {
      const scores = evaluate(grad(sum(sliceAxis(logProb, 0, i, 1)), parameters), values);
      scores.forEach((score, k) => {
        score.forEach((s, j) => {
          naive[k][j] -= (values.get(weights)![i] * s) / rows;
        });
      });
    }
    once.forEach((gradient, k) => {
      expectClose(gradient, naive[k], `gradient ${k}`, { absolute: 1e-7 });
    });
    expect(once.flat().some((x) => Math.abs(x) > 0.01)).toBe(true);
  },
);

test("two-armed bandit, θ = (0, 0), r = (1, 0): ∇J = (¼, −¼), by the score and by the surrogate", () => {
  const theta = input("theta", [1, 2]);
  const both = constant([0, 1], [2, 1]);
  // One row for each arm; at θ = 0 their mean is the expectation.
  const logits = mul(theta, constant([1, 1], [2, 1]));
  const logProb = categoricalHead([2]).at(logits).logProb(both);
  const reward = constant([1, 0], [2]);
  const values = new Map([[theta, [0, 0]]]);
  const oldLogProb = constant([Math.log(0.5), Math.log(0.5)], [2]);
  for (const objective of [
    mean(mul(logProb, reward)),
    clippedSurrogate({ logProb, oldLogProb, advantage: reward }, 0.2),
    // A baseline leaves it alone.
    clippedSurrogate({ logProb, oldLogProb, advantage: constant([0.5, -0.5], [2]) }, 0.2),
  ]) {
    const [gradient] = evaluate(grad(objective, [theta]), values);
    expectClose(gradient, [0.25, -0.25], "∇J", { absolute: 1e-6 });
  }
});
