/**
 * What cannot be learnt from, and what is only unusual: for each, what every algorithm does. Broken recorded episodes are in
 * test/imitation; numbers that are not finite in test/rollout/collector.test.ts.
 */

import { describe, expect, test } from "vitest";
import { algorithms } from "../../src/algorithms/algorithmRegistry.ts";
import type { AlgorithmName } from "../../src/algorithms/byName.ts";
import { batchFromFactory, discrete, type Environment, multiDiscrete, type Space } from "../../src/envs/index.ts";
import { divideByRootMeanSquare } from "../../src/estimators/rootMeanSquare.ts";
import { recordEpisodes } from "../../src/imitation/index.ts";
import type { PolicyLearner } from "../../src/learners/learner.ts";
import { Policy } from "../../src/policies/index.ts";
import { createEngine } from "../../src/tensor/engine.ts";
import { createLearner, type TrainOptions } from "../../src/training/train.ts";
import { randomPolicy } from "../policies/support.ts";
import { ForEver, Scripted, specOf } from "../rollout/support.ts";

const acting = Object.values(algorithms).filter(({ learnsFrom }) => learnsFrom === "environment");
const names = acting.map(({ name }) => name);
/** Those that collect whole episodes. */
const episodic = ["reinforce", "off-policy-pg"];

/** A small learner on an engine of the build whose numbers are those of every platform. */
async function learner(
  name: string,
  environment: TrainOptions["environment"],
  options: Record<string, unknown> = {},
): Promise<PolicyLearner> {
  const engine = await createEngine({ build: "simd" });
  const complete = { nEnvs: 2, nSteps: 16, hidden: [8], seed: 1, ...options };
  return (await createLearner(name as AlgorithmName, { environment, engine, options: complete, steps: 10_000 }))
    .learner;
}

/** Every trainable number, as the checkpoint has it. */
function parametersOf({ save }: PolicyLearner): Float32Array[] {
  const entries = Object.entries(save().arrays).filter(([name]) => !name.startsWith("optimiser"));
  return entries.map(([, { data }]) => data as Float32Array);
}

const allFinite = (of: PolicyLearner) => parametersOf(of).every((array) => array.every(Number.isFinite));

/** Policy parameters that all rows reach: the head's. */
const policyHead = (of: PolicyLearner) => of.policy().weights["policy.head.0.weight"].data;

describe("an action mask that allows nothing", () => {
  class DeadEnd implements Environment<number, unknown> {
    readonly observationSpace = discrete(9);
    readonly actionSpace: Space;
    readonly #mask: Uint8Array;
    #steps = 0;
    constructor(actionSpace: Space, mask: Uint8Array) {
      this.actionSpace = actionSpace;
      this.#mask = mask;
    }
    reset() {
      this.#steps = 0;
      return { observation: 0 };
    }
    step() {
      this.#steps++;
      return { observation: this.#steps % 9, reward: 1, terminated: false, truncated: false };
    }
    actionMask() {
      return this.#steps < 5 ? new Uint8Array(this.#mask.length).fill(1) : this.#mask;
    }
  }

  test.each(names)("%s: a class of one's own is named with the step of its episode", async (name) => {
    const environment = () => new DeadEnd(discrete(3), new Uint8Array(3)) as never;
    const of = await learner(name, environment);
    expect(() => of.iterate()).toThrow(
      /^custom: environment 0 gave a bad action mask at step 5 of its episode 0, seed \d+: got a mask that allows no action/,
    );
  });

  test("of one choice of a MultiDiscrete is as bad", async () => {
    const mask = Uint8Array.of(1, 1, 1, 0, 0);
    const batch = batchFromFactory(() => new DeadEnd(multiDiscrete([3, 2]), mask) as never, 2, { id: "Dead-v0" });
    batch.reset(0);
    const run = () => {
      for (let t = 0; t < 9; t++) batch.step(new Float32Array(4));
    };
    expect(run).toThrow(/Dead-v0: environment 0 .* at step 5 .*allows no action/);
  });

  test.each(names)("%s: a batch written by hand is named with the step of the rollout", async (name) => {
    const masks = new Uint8Array(4).fill(1);
    class Masked extends Scripted {
      readonly actionMasks = masks;
      #taken = 0;
      override reset() {
        super.reset();
        this.#taken = 0;
        masks.fill(1);
      }
      override step() {
        super.step();
        if (++this.#taken === 3) masks.fill(0, 2, 4);
      }
    }
    const of = await learner(name, { ...specOf({}), make: (count) => new Masked({ count }) });
    expect(() => of.iterate()).toThrow(
      /^Collecting stopped: Scripted-v0, environment 1, allows no action at step 3 of the rollout: got an action mask of zeros/,
    );
    expect(() => of.iterate()).toThrow(expect.objectContaining({ code: "environment" }));
  });

  test("a policy that is asked to act under it says in which environment and row", async () => {
    const description = await randomPolicy(discrete(3), multiDiscrete([2, 2]));
    const policy = new Policy(await createEngine(), description, { rows: 2 });
    const act = (mask: number[]) => policy.actBatch(new Float32Array(2), new Float32Array(4), { mask });
    expect(() => act([1, 0, 0, 1, 1, 1, 1, 1])).not.toThrow();
    expect(() => act([1, 0, 0, 1, 1, 1, 0, 0])).toThrow(
      /Test-v0, row 1, allows no action at step 1: got an action mask/,
    );
  });
});

describe("a batch of one", () => {
  test.each(names)("%s learns from one environment, one step, minibatches of one", async (name) => {
    const batch = "batchSize" in algorithms[name].options.shape ? { batchSize: 1 } : {};
    const of = await learner(name, "Pendulum-v1", { nEnvs: 1, nSteps: 1, ...batch });
    for (let i = 0; i < 5; i++) {
      const figures = of.iterate();
      expect(figures["steps"]).toBe(i + 1);
      expect(Number.isFinite(figures["policyLoss"])).toBe(true);
    }
    expect(allFinite(of)).toBe(true);
  });

  test.each(names)("%s normalises a single advantage to nothing that is not a number (SB3 #440)", async (name) => {
    const of = await learner(name, "CartPole-v1", { nEnvs: 1, nSteps: 1, normalizeAdvantage: true });
    for (let i = 0; i < 5; i++) of.iterate();
    expect(allFinite(of)).toBe(true);
  });

  test("bc learns from an episode of one step", async () => {
    const one = () => new ForEver(1) as never;
    const data = await recordEpisodes("random", one, { episodes: 1 });
    const { learner } = await createLearner("bc", { data, options: { heldOut: 0, hidden: [4] } });
    for (let i = 0; i < 5; i++) expect(learner.iterate()["logLikelihood"]).toBeLessThan(0);
    expect(allFinite(learner)).toBe(true);
  });
});

describe("advantages that are all alike", () => {
  // γ = 0, reward 1 for ever, one observation: every advantage is 1 − V of the same state.
  const constant = { ...specOf({}) };
  const normalised = { normalizeAdvantage: true, gamma: 0, gaeLambda: 0 };

  test.each(["ppo", "a2c", "npg", "trpo"])(
    "%s: standardised they are 0, and the policy stays where it is",
    async (name) => {
      const of = await learner(name, constant, {
        ...normalised,
        ...(name === "trpo" || name === "npg" ? {} : { vfCoef: 0 }),
      });
      const before = policyHead(of).slice();
      for (let i = 0; i < 3; i++) of.iterate();
      expect(policyHead(of)).toEqual(before);
    },
  );

  test.each(episodic)("%s: on the scale of 1 they stay there, though they hardly differ", async (name) => {
    const plain = name === "reinforce" ? { baseline: "none", optimiser: "sgd" } : {};
    const of = await learner(name, constant, { ...normalised, ...plain });
    const figures = of.iterate();
    // Weights near ±1; 16 steps, each of log π near −0.7.
    expect(Math.abs(figures["policyLoss"])).toBeLessThan(2 * 16);
    expect(allFinite(of)).toBe(true);
  });

  test("divideByRootMeanSquare makes equal weights, and a single one, ±1; zeros stay", () => {
    for (const weights of [[5, 5, 5], [0, 0], [-3], [0.1, 0.1, 0.1], [500, 500]]) {
      const scaled = Float64Array.from(weights);
      divideByRootMeanSquare(scaled);
      scaled.forEach((x, k) => {
        expect(x).toBeCloseTo(Math.sign(weights[k]), 6);
      });
    }
    const apart = Float64Array.of(1, 7);
    divideByRootMeanSquare(apart);
    expect(apart[0]).toBeCloseTo(0.2, 6);
    expect(apart[1]).toBeCloseTo(1.4, 6);
  });

  test("weights that become alike do not jump: 500 ± d is about 1 for every d", () => {
    for (const d of [50, 5.1, 5, 4.9, 0.1, 0]) {
      const weights = Float64Array.of(500 - d, 500 + d);
      divideByRootMeanSquare(weights);
      expect(Math.abs(weights[0] - 1)).toBeLessThan(0.11);
      expect(Math.abs(weights[1] - 1)).toBeLessThan(0.11);
    }
  });
});

describe("an environment whose episodes never end", () => {
  test.each(["ppo", "a2c", "npg", "trpo"])(
    "%s bootstraps: values grow towards 1 / (1 − γ), not to the rollout's length",
    async (name) => {
      const fast = name === "npg" || name === "trpo" ? { nCriticUpdates: 40, batchSize: 8 } : { vfCoef: 1 };
      const of = await learner(name, () => new ForEver() as never, {
        ...fast,
        gamma: 0.8,
        learningRate: 0.02,
        nSteps: 4,
      });
      let figures = of.iterate();
      for (let i = 0; i < 150; i++) figures = of.iterate();
      expect(figures["episodes"]).toBe(0);
      expect(figures["episodeReturn"]).toBeNaN();
      // Without a bootstrap V would be the mean of 1, 1.8, 2.44, 2.952: about 2.
      const policy = of.policy();
      expect(criticValue(policy, 1)).toBeGreaterThan(4);
      expect(criticValue(policy, 1)).toBeLessThan(6);
    },
  );

  test.each(episodic)("%s cuts them at nSteps and counts the cuts", async (name) => {
    const of = await learner(name, () => new ForEver() as never, { nEnvs: 3, nSteps: 20 });
    const figures = of.iterate();
    expect(figures["cutEpisodes"]).toBe(3);
    expect(figures["steps"]).toBe(60);
    expect(of.iterate()["steps"]).toBe(120);
    const ends = await learner(name, () => new ForEver(7) as never, { nEnvs: 3, nSteps: 20 });
    expect(ends.iterate()["cutEpisodes"]).toBe(0);
  });
});

describe("episodes longer than the rollout", () => {
  test.each(["ppo", "a2c", "npg", "trpo"])("%s carries them on: returns count whole episodes", async (name) => {
    const of = await learner(name, () => new ForEver(50) as never, { nSteps: 8 });
    let figures = of.iterate();
    for (let i = 0; i < 14; i++) figures = of.iterate();
    // 15 rollouts of 8 steps are 120 steps: two whole episodes of each environment.
    expect([figures["episodes"], figures["episodeReturn"], figures["episodeLength"]]).toEqual([4, 50, 50]);
  });

  test.each(episodic)("%s begins anew with every batch, so that it never sees an end beyond nSteps", async (name) => {
    const of = await learner(name, () => new ForEver(50) as never, { nSteps: 8 });
    for (let i = 0; i < 3; i++) expect(of.iterate()).toMatchObject({ cutEpisodes: 2, episodes: 0 });
    const long = await learner(name, () => new ForEver(50) as never, { nSteps: 64 });
    expect(long.iterate()).toMatchObject({ cutEpisodes: 0, episodes: 2, episodeReturn: 50 });
  });

  test.each(["ppo", "a2c"])("%s takes a minibatch larger than the rollout as the whole of it", async (name) => {
    const large = "batchSize" in algorithms[name].options.shape ? { batchSize: 4096, nEpochs: 3 } : {};
    const of = await learner(name, "CartPole-v1", large);
    expect(of.iterate()["updates"]).toBe(name === "ppo" ? 3 : 1);
  });
});

/** V of a one-column observation, from the weights of a policy file: tanh layers of the value net. */
function criticValue({ weights }: ReturnType<PolicyLearner["policy"]>, observation: number): number {
  let layer = [observation];
  for (const prefix of ["value.body.0", "value.head.0"]) {
    const { data, shape } = weights[`${prefix}.weight`];
    const bias = weights[`${prefix}.bias`].data;
    const next = Array.from(bias, (b, j) => layer.reduce((sum, x, i) => sum + x * data[i * shape[1] + j], b));
    layer = prefix.startsWith("value.body") ? next.map(Math.tanh) : next;
  }
  return layer[0];
}
