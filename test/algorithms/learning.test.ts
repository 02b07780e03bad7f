/** It learns: tasks whose best return is known, for every kind of action, in seconds. */

import { describe, expect, test } from "vitest";
import { evaluatePolicy } from "../../src/training/evaluate.ts";
import { train } from "../../src/training/train.ts";
import { Identity, identitySpaces } from "./support.ts";

const options = {
  nEnvs: 8,
  nSteps: 32,
  batchSize: 64,
  nEpochs: 8,
  hidden: [32],
  gamma: 0,
  gaeLambda: 0,
  learningRate: 5e-3,
};

describe("repeat what you see", () => {
  test.each([
    ["Discrete", 10_000, 0.99, {}],
    ["MultiDiscrete", 12_000, 0.97, {}],
    ["MultiBinary", 12_000, 0.97, {}],
    ["Box", 16_000, -0.1, {}],
    ["Discrete", 10_000, 0.97, { shared: true }],
    ["Box", 16_000, -0.15, { stateDependentStd: true, normalizeObservations: true, normalizeRewards: true }],
  ] as const)("%s, %i steps, at least %d a step %o", async (kind, steps, least, more) => {
    const environment = () => new Identity(identitySpaces[kind]);
    const { learner } = await train("ppo", { environment, steps, seed: 1, options: { ...options, ...more } });
    const { mean } = await evaluatePolicy(learner.policy(), environment, { episodes: 20, seed: 7 });
    expect(mean / 10).toBeGreaterThan(least);
  });
});
