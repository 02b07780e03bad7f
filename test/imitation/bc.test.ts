/** Behaviour cloning: it is maximum likelihood, it learns every kind of action, it stops in time, and it resumes exactly. */

import { describe, expect, test } from "vitest";
import { type BcOptions, bc } from "../../src/algorithms/bc.ts";
import { makeBatched } from "../../src/envs/index.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../../src/files/index.ts";
import { type EpisodeDataset, recordEpisodes } from "../../src/imitation/index.ts";
import type { PolicyLearner } from "../../src/learners/learner.ts";
import { Policy } from "../../src/policies/index.ts";
import { createEngine } from "../../src/tensor/engine.ts";
import { evaluatePolicy } from "../../src/training/evaluate.ts";
import { train } from "../../src/training/train.ts";
import { repeatedObservations, spaces, tiny } from "./support.ts";

async function learner(dataset: EpisodeDataset, options: BcOptions = {}, totalSteps = 1e5): Promise<PolicyLearner> {
  return bc(await createEngine({ build: "simd" }), dataset, { hidden: [32], ...options }, totalSteps);
}

describe("it learns what is done", () => {
  test.each([
    ["Discrete", {}],
    ["MultiDiscrete", {}],
    ["MultiBinary", {}],
    ["Box", {}],
    ["Box", { stateDependentStd: true }],
    ["Box", { distribution: "squashedGaussian" }],
    ["Box", { distribution: "beta" }],
    ["Box", { distribution: "gsde" }],
  ] as [keyof typeof spaces, BcOptions][])("%s %o", async (kind, more) => {
    const dataset = repeatedObservations(spaces[kind], 40);
    const of = await learner(dataset, { ...more, learningRate: 5e-3, batchSize: 32 });
    const first = of.iterate();
    let last = first;
    for (let i = 0; i < 60; i++) last = of.iterate();
    expect(last["heldOutLogLikelihood"]).toBeGreaterThan(first["heldOutLogLikelihood"]);
    expect(last["logLikelihood"]).toBeGreaterThan(first["logLikelihood"]);
    if (kind === "Box") {
      expect(last).not.toHaveProperty("heldOutAccuracy");
      const policy = new Policy(await createEngine(), of.policy());
      // Before squashing, actions near the bounds lie far out and pull most at the fit.
      const action = policy.act([0.5, -0.25]) as Float32Array;
      expect(Math.abs(action[0] - 0.5) + Math.abs(action[1] + 0.25)).toBeLessThan(
        more.distribution === "squashedGaussian" ? 0.4 : 0.25,
      );
    } else {
      expect(last["heldOutAccuracy"]).toBeGreaterThan(0.97);
    }
  });

  test("masks: forbidden actions have no part in the likelihood", async () => {
    // Uniform among the allowed ones is the best that can be said of random actions: the mean of −log(how many).
    const dataset = await recordEpisodes("random", "MaskedCorridor-v1", { episodes: 30, seed: 2 });
    const of = await learner(dataset, { learningRate: 3e-3 });
    for (let i = 0; i < 8; i++) of.iterate();
    const masks = Array.from({ length: dataset.rewards.length }, (_, t) =>
      dataset.masks!.subarray(40 * t, 40 * t + 40),
    );
    const entropy = masks.reduce((sum, mask) => sum + Math.log(mask.reduce((a, b) => a + b, 0)), 0) / masks.length;
    const { logLikelihood } = of.iterate();
    expect(logLikelihood).toBeLessThan(-entropy + 0.06);
    expect(logLikelihood).toBeGreaterThan(-entropy - 0.1);
  });
});

test("its step is the policy gradient with every weight 1 (docs/theory.md, 4): at the empirical frequencies it vanishes", async () => {
  // One state, three actions taken 1, 2 and 5 times: the maximum of the likelihood is at these shares.
  const steps = 80;
  const dataset: EpisodeDataset = {
    ...tiny(),
    masks: undefined,
    offsets: Int32Array.from({ length: 11 }, (_, k) => 8 * k),
    observations: new Float32Array(steps),
    actions: Float32Array.from({ length: steps }, (_, t) => [1, 2, 2, 3, 3, 3, 3, 3][t % 8]),
    rewards: new Float64Array(steps),
    terminated: Uint8Array.from({ length: steps }, (_, t) => (t % 8 === 7 ? 1 : 0)),
    truncated: new Uint8Array(steps),
    finalObservations: new Float32Array(10),
  };
  const of = await learner(dataset, { batchSize: 1000, learningRate: 2e-2, hidden: [4], heldOut: 0 });
  let figures = of.iterate();
  for (let i = 0; i < 300; i++) figures = of.iterate();
  const best = [1, 2, 5].reduce((sum, n) => sum + (n / 8) * Math.log(n / 8), 0);
  expect(figures["logLikelihood"]).toBeCloseTo(best, 4);
  expect(figures["gradientNorm"]).toBeLessThan(1e-2);
  expect(figures["heldOutLogLikelihood"]).toBeNaN();
  expect(of.finished).toBe(false);
});

test("figures of an epoch are means over its samples, a smaller last minibatch counts for what it is", async () => {
  const dataset = repeatedObservations(spaces.Discrete, 4);
  const still = { learningRate: 0, heldOut: 0, seed: 3 };
  const whole = (await learner(dataset, { ...still, batchSize: 40 })).iterate();
  const parts = (await learner(dataset, { ...still, batchSize: 32 })).iterate();
  for (const name of ["logLikelihood", "entropy"]) expect(parts[name]).toBeCloseTo(whole[name], 5);
  expect(parts["updates"]).toBe(2);
});

test("early stopping: it ends after `patience` epochs without progress, and the best epoch's policy is kept", async () => {
  const dataset = await recordEpisodes("random", "CartPole-v1", { episodes: 12, seed: 1 });
  const of = await learner(dataset, { patience: 3, heldOut: 0.25, learningRate: 1e-2, hidden: [64, 64] });
  const seen: number[] = [];
  const policies = [];
  while (!of.finished && seen.length < 200) {
    seen.push(of.iterate()["heldOutLogLikelihood"]);
    policies.push(of.policy());
  }
  const best = seen.indexOf(Math.max(...seen));
  expect(seen).toHaveLength(best + 4);
  expect(of.policy()).toEqual(policies[best]);
  expect(policies[Math.max(0, best - 1)].weights).not.toEqual(policies[best].weights);
  const { learner: run, stopped, metrics } = await train("bc", { data: dataset, steps: 1e6, options: { patience: 3 } });
  expect([run.finished, stopped, metrics["epochsSinceBest"]]).toEqual([true, false, 3]);
});

test("resume: N epochs, saved, loaded, N more are 2N without a stop, schedules, weight decay and all", async () => {
  const dataset = await recordEpisodes("random", "Pendulum-v1", { episodes: 10, seed: 3 });
  const options: BcOptions = { learningRate: "linear:1e-2", entCoef: 0.01, weightDecay: 0.1, batchSize: 48, seed: 9 };
  const straight = await learner(dataset, options, 8 * 1800);
  const figures = Array.from({ length: 6 }, () => straight.iterate());
  expect(figures.map(({ steps }) => steps)).toEqual([1, 2, 3, 4, 5, 6].map((k) => 1800 * k));
  const before = await learner(dataset, options, 8 * 1800);
  for (let i = 0; i < 3; i++) before.iterate();
  const { arrays, state } = decodeCheckpoint(encodeCheckpoint({ version: 1, ...before.save() }));
  const after = await learner(dataset, options, 8 * 1800);
  after.iterate();
  after.load({ arrays, state });
  expect(Array.from({ length: 3 }, () => after.iterate())).toEqual(figures.slice(3));
  expect(after.save()).toEqual(straight.save());
  expect(after.policy()).toEqual(straight.policy());
  const other = await learner(await recordEpisodes("random", "Pendulum-v1", { episodes: 9 }), options);
  expect(() => other.load(before.save())).toThrow(/recorded steps/);
});

test("normalisation comes from the training episodes, and acting undoes nothing of it", async () => {
  const dataset = await recordEpisodes("random", "Pendulum-v1", { episodes: 5, seed: 3 });
  const of = await learner(dataset, { heldOut: 0 });
  of.iterate();
  const { mean, scale } = of.policy().scaling!;
  const column = Array.from({ length: 1000 }, (_, t) => dataset.observations[3 * t + 2]);
  const average = column.reduce((a, b) => a + b, 0) / 1000;
  const variance = column.reduce((a, b) => a + (b - average) ** 2, 0) / 1000;
  expect(mean[2]).toBeCloseTo(average, 4);
  expect(scale[2]).toBeCloseTo(1 / Math.sqrt(variance), 4);
  expect((await learner(dataset, { normalizeObservations: false })).policy().scaling).toBeUndefined();
});

test("a clone of a good policy is good: CartPole-v1 from 6 episodes of an expert", async () => {
  const expert = await train("ppo", { environment: "CartPole-v1", seed: 1, steps: 25_000 });
  const data = await recordEpisodes(expert.learner.policy(), "CartPole-v1", { episodes: 6, seed: 77 });
  const recorded = data.rewards.length / 6;
  const clone = await train("bc", { data, environment: "CartPole-v1", seed: 1, steps: 200_000 });
  const { mean } = await evaluatePolicy(clone.learner.policy(), "CartPole-v1", { episodes: 50, seed: 5 });
  expect(mean).toBeGreaterThan(0.9 * recorded);
});

describe("refusals", () => {
  test("data of another environment, no data, data for an algorithm that acts", async () => {
    const data = await recordEpisodes("random", "CartPole-v1", { episodes: 3 });
    await expect(train("bc", { data, environment: "Pendulum-v1" })).rejects.toThrow(
      /recorded episodes of CartPole-v1 cannot be used with Pendulum-v1: other observations: got Box\(\[4\]/,
    );
    await expect(train("bc", { environment: "CartPole-v1" })).rejects.toThrow(/learns from recorded episodes.*--data/);
    await expect(train("ppo", { data, environment: "CartPole-v1" })).rejects.toThrow(/learns by acting.*use bc/);
  });

  test("a single episode cannot be split, unless nothing is held out", async () => {
    const { observations, actions } = tiny();
    expect(observations.length).toBe(actions.length);
    const one = await recordEpisodes("random", "CartPole-v1", { episodes: 1 });
    await expect(learner(one)).rejects.toThrow(/Too few recorded episodes.*heldOut to 0/);
    expect((await learner(one, { heldOut: 0 })).iterate()["logLikelihood"]).toBeLessThan(0);
  });

  test("broken data are refused before anything is learnt", async () => {
    const data = await recordEpisodes("random", "CartPole-v1", { episodes: 3 });
    data.observations[7] = Number.NaN;
    await expect(learner(data)).rejects.toThrow(/not finite.*NaN in column 3 of step 1 of episode 0/);
  });
});

test("environments are closed and never stepped while learning from data", async () => {
  const data = await recordEpisodes("random", "CartPole-v1", { episodes: 3 });
  let steps = 0;
  const made = () => {
    const environment = makeBatched("CartPole-v1", 1);
    const step = environment.step.bind(environment);
    environment.step = (actions) => {
      steps++;
      step(actions);
    };
    return environment;
  };
  const environment = {
    id: "CartPole-v1",
    summary: "",
    maxEpisodeSteps: 500,
    make: made,
    makeSingle: undefined as never,
  };
  await train("bc", { data, environment, steps: 100 });
  expect(steps).toBe(0);
});
