/** Bounds of any size and place: what is learnt in [10, 20], ±0.01 or [0, 1000] is what is learnt in [−1, 1]. */

import { describe, expect, test } from "vitest";
import { bc, type PpoOptions } from "../../src/algorithms/index.ts";
import { batchFromFactory, box, dict, type Environment } from "../../src/envs/index.ts";
import { recordEpisodes } from "../../src/imitation/index.ts";
import { createPolicy } from "../../src/policies/index.ts";
import { createEngine } from "../../src/tensor/engine.ts";
import { train } from "../../src/training/train.ts";
import { iterate, learner } from "./support.ts";

/** One step an episode: reward −(miss of 0.6, in half-widths)². */
const aim = (low: number, high: number) => (): Environment<number[], Float32Array> => ({
  observationSpace: box({ low: -1, high: 1, shape: [1] }),
  actionSpace: box({ low, high, shape: [1] }),
  reset: () => ({ observation: [0.5] }),
  step: ([action]) => {
    const miss = (action - (low + high) / 2) / ((high - low) / 2) - 0.6;
    return { observation: [0.5], reward: -miss * miss, terminated: true, truncated: false };
  },
});

describe.each([
  [10, 20],
  [-0.01, 0.01],
  [0, 1000],
])("[%d, %d]", (low, high) => {
  const halfWidth = (high - low) / 2;

  test.each([
    ["gaussian", {}],
    ["gsde", { distribution: "gsde", logStdInit: -1 }],
  ] as const)("%s: the same updates as in [-1, 1]; entropy and logStd in the environment's units", async (_, more) => {
    const options: PpoOptions = { ...more, seed: 5, learningRate: 1e-3 };
    const of = (a: number, b: number) => learner(batchFromFactory(aim(a, b) as () => Environment, 4), options);
    const [there, here] = [await of(low, high), await of(-1, 1)];
    const [figures, expected] = [iterate(there, 3), iterate(here, 3)];
    figures.forEach((one, i) => {
      for (const [name, value] of Object.entries(one)) {
        const inUnits = name === "entropy" || name === "logStd" ? Math.log(halfWidth) : 0;
        const wanted = expected[i][name] + inUnits;
        expect(Math.abs(value - wanted), `${name}, iteration ${i}`).toBeLessThan(2e-3 * (1 + Math.abs(wanted)));
      }
    });
    const [weights, other] = [there.save().arrays["parameters"], here.save().arrays["parameters"]];
    weights.data.forEach((x, i) => {
      expect(Math.abs(Number(x) - Number(other.data[i])), `parameter ${i}`).toBeLessThan(1e-3);
    });
  });
});

test.each([
  ["gaussian", {}],
  ["gaussian, σ of the network", { stateDependentStd: true }],
  ["gsde", { distribution: "gsde" }],
  ["squashedGaussian", { distribution: "squashedGaussian" }],
  ["beta", { distribution: "beta" }],
] as const)("[10, 20], %s: the best action is found", async (_, more) => {
  const { policy } = await train("ppo", {
    environment: aim(10, 20) as () => Environment,
    steps: 16_384,
    seed: 1,
    options: { nEnvs: 8, nSteps: 64, nEpochs: 10, hidden: [16], learningRate: 1e-3, ...more },
  });
  const [action] = policy.act([0.5]) as Float32Array;
  expect(Math.abs(action - 18)).toBeLessThan(1);
});

test("without normalizeActions the network's numbers are the environment's, as far as they reach", async () => {
  const { policy } = await train("ppo", {
    environment: aim(10, 20) as () => Environment,
    steps: 2048,
    options: { nEnvs: 8, nSteps: 64, hidden: [16], normalizeActions: false },
  });
  expect(policy.act([0.5])).toEqual(Float32Array.of(10));
});

test("bc learns recorded actions in [10, 20] and [0, 1000] as a Dict has them, and acts in their units", async () => {
  const environment = () => ({
    observationSpace: box({ low: -1, high: 1, shape: [1] }),
    actionSpace: dict({
      force: box({ low: 10, high: 20, shape: [1] }),
      angle: box({ low: [0, 7], high: [1000, 7] }),
    }),
    reset: () => ({ observation: [0.5] }),
    step: () => ({ observation: [0.5], reward: 0, terminated: true, truncated: false }),
  });
  const dataset = await recordEpisodes("random", environment as () => Environment, { episodes: 64, seed: 2 });
  for (let i = 0; i < dataset.actions.length; i += 3) dataset.actions.set([18, 250, 7], i);
  const of = bc(await createEngine(), dataset, { learningRate: 3e-2, hidden: [8], heldOut: 0, batchSize: 16 }, 1e6);
  let figures = of.iterate();
  for (let i = 0; i < 60; i++) figures = of.iterate();
  const policy = await createPolicy(of.policy());
  const action = policy.act([0.5]) as { force: Float32Array; angle: Float32Array };
  expect(action.force[0]).toBeCloseTo(18, 0);
  expect(Math.abs(action.angle[0] - 250)).toBeLessThan(20);
  expect(action.angle[1]).toBe(7);
  // Of `force`, which comes first; it began at σ = 5.
  expect(figures["logStd"]).toBeLessThan(Math.log(5) - 1);
});
