/** Learning with a memory: together with masks, Dict observations and every kind of choice; resumed; refused where it must be. */

import { describe, expect, test } from "vitest";
import type { AlgorithmName } from "../../src/algorithms/byName.ts";
import type { PpoOptions } from "../../src/algorithms/index.ts";
import { batchFromFactory, makeBatched } from "../../src/envs/index.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../../src/files/index.ts";
import { createEngine } from "../../src/tensor/engine.ts";
import { evaluatePolicy } from "../../src/training/evaluate.ts";
import { createLearner, train } from "../../src/training/train.ts";
import { environmentSource } from "../../src/variance/environmentSource.ts";
import { Cue } from "./cue.ts";
import { hashOf, iterate, learner } from "./support.ts";

const options = {
  nEnvs: 8,
  nSteps: 16,
  batchSize: 64,
  nEpochs: 4,
  hidden: [16],
  recurrentSize: 16,
  learningRate: 1e-2,
  gamma: 0.9,
} satisfies PpoOptions;

describe("a cue shown once, asked for later; masks that change from step to step", () => {
  test.each([
    ["Discrete", "lstm", {}],
    ["Discrete", "gru", { shared: true, normalizeObservations: true, normalizeRewards: true }],
    ["MultiDiscrete", "lstm", { shared: true, objective: "penalty", klRule: "fixed" }],
    ["MultiDiscrete", "gru", { recomputeAdvantages: true, clipRangeVf: 0.2 }],
  ] as const)("%s with %s %o is learnt, and no forbidden action is ever taken", async (kind, recurrent, more) => {
    const environment = () => new Cue(kind);
    const of = { environment, steps: 10_000, seed: 1, options: { ...options, recurrent, ...more } };
    const { learner: trained } = await train("ppo", of);
    const { mean } = await evaluatePolicy(trained.policy(), environment, { episodes: 200, seed: 7 });
    expect(mean).toBeGreaterThan(0.97);
    await evaluatePolicy(trained.policy(), environment, { episodes: 200, seed: 8, deterministic: false });
  });

  test("without a memory it cannot be", async () => {
    const { learner: trained } = await train("ppo", { environment: () => new Cue(), steps: 10_000, seed: 1, options });
    const { mean } = await evaluatePolicy(trained.policy(), () => new Cue(), { episodes: 200, seed: 7 });
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.15);
  });

  test.each(["a2c", "trpo"] as AlgorithmName[])("%s learns it too", async (name) => {
    const own = { nEnvs: 16, nSteps: 16, hidden: [16], recurrentSize: 16, recurrent: "gru", gamma: 0.9 };
    const more = name === "a2c" ? { learningRate: 7e-3 } : { batchSize: 64 };
    const of = {
      environment: () => new Cue(),
      steps: name === "a2c" ? 40_000 : 15_000,
      seed: 1,
      options: { ...own, ...more },
    };
    const { learner: trained } = await train(name, of);
    const { mean } = await evaluatePolicy(trained.policy(), () => new Cue(), { episodes: 200, seed: 7 });
    expect(mean).toBeGreaterThan(0.9);
  });
});

describe("minibatches are whole environments", () => {
  test("as many as come nearest to batchSize, at least one, at most all; the last may be fewer", async () => {
    const updates = async (nEnvs: number, batchSize: number) => {
      const of = await learner(makeBatched("CartPole-v1", nEnvs), { nEnvs, nSteps: 10, batchSize, recurrent: "gru" });
      return iterate(of, 1)[0]["updates"] / 3;
    };
    expect(await updates(6, 20)).toBe(3);
    expect(await updates(5, 20)).toBe(3);
    expect(await updates(5, 1)).toBe(5);
    expect(await updates(5, 16)).toBe(3);
    expect(await updates(5, 1000)).toBe(1);
  });

  test("128 steps are compiled in reasonable time", async () => {
    const begin = performance.now();
    const big: PpoOptions = { nSteps: 128, batchSize: 256, hidden: [64], recurrentSize: 64, recurrent: "lstm" };
    iterate(await learner("CartPole-v1", { ...big, nEpochs: 1 }), 1);
    // 0.7 s alone on a slow core; a planner that is quadratic in the steps takes minutes.
    expect(performance.now() - begin).toBeLessThan(10_000);
  });
});

describe.each(["gru", "lstm"] as const)("%s", (recurrent) => {
  const settings = { ...options, nEnvs: 4, nEpochs: 2, recurrent, normalizeObservations: true, seed: 5 };
  const make = () => batchFromFactory(() => new Cue("MultiDiscrete"), 4, { maxEpisodeSteps: 4 });

  test("at a learning rate of 0 the ratio is 1 for ever, also where episodes end in the middle of a rollout", async () => {
    const of = await learner(make(), { ...settings, learningRate: 0 });
    for (const figures of iterate(of, 4)) {
      expect(Math.abs(figures["approxKl"])).toBeLessThan(1e-9);
      expect(figures["clipFraction"]).toBe(0);
    }
  });

  test("the same seed twice gives the same bits, another seed others", async () => {
    const run = async (seed: number) => {
      const of = await learner(make(), { ...settings, seed });
      return { figures: iterate(of, 3), hash: hashOf(of), state: of.save().state };
    };
    const first = await run(3);
    expect(await run(3)).toEqual(first);
    expect((await run(4)).hash).not.toBe(first.hash);
  });

  test.each([{}, { recomputeAdvantages: true, objective: "penalty" as const }])(
    "stopped in the middle of episodes and resumed, it goes on as if it had not: %o",
    async (more) => {
      const straight = await learner(make(), { ...settings, ...more });
      const figures = iterate(straight, 5);
      const before = await learner(make(), { ...settings, ...more });
      iterate(before, 3);
      const { arrays, state } = decodeCheckpoint(encodeCheckpoint({ version: 1, ...before.save() }));
      const { memory } = (state as { collector: { memory: number[] } }).collector;
      expect(memory.some((x) => x !== 0)).toBe(true);
      const after = await learner(make(), { ...settings, ...more });
      iterate(after, 1);
      after.load({ arrays, state });
      expect(iterate(after, 2)).toEqual(figures.slice(3));
      expect(after.save()).toEqual(straight.save());
      expect(hashOf(after)).toBe(hashOf(straight));
    },
  );
});

test.each(["reinforce", "off-policy-pg"] as AlgorithmName[])(
  "%s, which learns from rows out of order, has no option of a memory",
  async (name) => {
    const refused = createLearner(name, { environment: "CartPole-v1", options: { nEnvs: 2, recurrent: "lstm" } });
    await expect(refused).rejects.toThrow(/has no option "recurrent"/);
    await expect(refused).rejects.toMatchObject({ code: "option" });
  },
);

test("so does the comparison of gradient estimators", async () => {
  const engine = await createEngine();
  const policy = (await learner("CartPole-v1", { recurrent: "gru" })).policy();
  expect(() => environmentSource(engine, policy, { trajectories: 4, seed: 0, gamma: 1 })).toThrow(/with a memory/);
});

test("a checkpoint of a network without a memory is refused, and nothing is loaded", async () => {
  const snapshot = (await learner("CartPole-v1")).save();
  const of = await learner("CartPole-v1", { recurrent: "gru" });
  const hash = hashOf(of);
  expect(() => of.load(snapshot)).toThrow(/another network: recurrent, recurrentSize/);
  expect(hashOf(of)).toBe(hash);
});
