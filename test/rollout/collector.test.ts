/** What is recorded is what happened: against an independent replay of the environment with the recorded actions. */

import { describe, expect, test } from "vitest";
import type { BatchedEnvironment } from "../../src/envs/batched.ts";
import { batchFromFactory, box, discrete, type Environment, makeBatched } from "../../src/envs/index.ts";
import { AscentError } from "../../src/errors.ts";
import { clipToSpace } from "../../src/policies/clipToSpace.ts";
import { actorCritic, type NetworkOptions } from "../../src/policies/index.ts";
import { parameterStreams } from "../../src/policies/parameterStreams.ts";
import { Collector, type CollectorOptions } from "../../src/rollout/collector.ts";
import { createEngine } from "../../src/tensor/engine.ts";
import { input, type Tensor } from "../../src/tensor/graph.ts";
import { ParameterBlock } from "../../src/tensor/parameters.ts";
import { Corridor } from "../envs/corridor.ts";
import { evaluate } from "../tensor/reference.ts";
import { expectClose } from "../tensor/support.ts";
import { Lottery, type Script, Scripted } from "./support.ts";

const defaults: CollectorOptions = {
  nSteps: 40,
  gamma: 0.99,
  clipObservations: undefined,
  clipRewards: undefined,
  seed: 6,
};

async function collectorOn(
  environment: BatchedEnvironment,
  options: Partial<CollectorOptions> = {},
  shape: NetworkOptions = { hidden: [8] },
) {
  const engine = await createEngine();
  const network = actorCritic(environment.observationSpace, environment.actionSpace, shape);
  const block = new ParameterBlock(engine, network.parameters);
  network.initialise(block, parameterStreams(1));
  const random = block.values("policy.head.0.weight");
  for (let i = 0; i < random.length; i++) random[i] = ((i * 37) % 11) / 11 - 0.5;
  return {
    network,
    block,
    collector: new Collector(engine, environment, network, [block], { ...defaults, ...options }),
  };
}

/** Something of the network in float64, on flat observations. */
function outOf(
  block: ParameterBlock,
  observations: Float32Array,
  columns: number,
  what: (x: Tensor) => Tensor,
  more: [Tensor, number[]][] = [],
) {
  const x = input("x", [observations.length / columns, columns]);
  const weights = block.tensors.map((t) => [t, Array.from(block.values(t.attributes.name!))] as const);
  return evaluate([what(x)], new Map([[x, Array.from(observations)], ...weights, ...more]))[0];
}

describe("replay", () => {
  test.each([
    ["CartPole-v1 (Discrete, terminations)", () => makeBatched("CartPole-v1", 3)],
    ["Pendulum-v1 (Box, clipped)", () => makeBatched("Pendulum-v1", 2)],
    [
      "a user's class (Dict, masks, both kinds of ends)",
      () => batchFromFactory(() => new Corridor(), 3, { maxEpisodeSteps: 5 }),
    ],
  ])("%s", async (_, make) => {
    const { network, block, collector } = await collectorOn(make());
    const { rollout } = collector;
    const other = make();
    other.reset(defaults.seed);
    for (const round of [1, 2]) {
      collector.collect();
      const { views } = rollout;
      const { count, observationSize: columns, actionSize } = other;
      const actions = new Float32Array(count * actionSize);
      let [ends, cuts] = [0, 0];
      for (let t = 0; t < defaults.nSteps; t++) {
        const from = t * count;
        expect(views.observations.slice(from * columns, (from + count) * columns)).toEqual(other.observations);
        if (other.actionMasks) {
          const width = other.actionMasks.length;
          expect(Array.from(views.masks.slice(t * width, (t + 1) * width))).toEqual(Array.from(other.actionMasks));
        }
        clipToSpace(other.actionSpace, views.actions.slice(from * actionSize, (from + count) * actionSize), actions);
        other.step(actions);
        expect(rollout.rewards.slice(from, from + count)).toEqual(other.rewards);
        expect(rollout.terminated.slice(from, from + count)).toEqual(other.terminated);
        expect(rollout.truncated.slice(from, from + count)).toEqual(other.truncated);
        const behind = outOf(block, other.finalObservations, columns, network.value);
        for (let i = 0; i < count; i++) {
          ends += other.terminated[i];
          if (!other.truncated[i] || other.terminated[i]) continue;
          cuts++;
          expect(rollout.finalValues[from + i]).toBeCloseTo(behind[i], 4);
        }
      }
      expectClose(rollout.lastValues, outOf(block, other.observations, columns, network.value), "last values");
      expectClose(views.values, outOf(block, views.observations, columns, network.value), "values");
      const taken = input("actions", [rollout.rows, actionSize]);
      const mask = other.actionMasks && input("mask", [rollout.rows, views.masks.length / rollout.rows]);
      const given: [Tensor, number[]][] = [[taken, Array.from(views.actions)]];
      if (mask) given.push([mask, Array.from(views.masks)]);
      const logProbs = outOf(
        block,
        views.observations,
        columns,
        (x) => network.distribution(x, { mask }).logProb(taken),
        given,
      );
      expectClose(views.logProbs, logProbs, `log-probabilities, round ${round}`, { absolute: 1e-4 });
      if (other.id === "custom") expect(Math.min(ends, cuts)).toBeGreaterThan(0);
    }
  });

  test("observations are normalised by what was seen up to their step", async () => {
    const { collector } = await collectorOn(makeBatched("Pendulum-v1", 2), { clipObservations: 1.5 });
    const other = makeBatched("Pendulum-v1", 2);
    other.reset(defaults.seed);
    collector.collect();
    const { observations, actions } = collector.rollout.views;
    const seen: number[][] = [];
    const clipped = new Float32Array(2);
    for (let t = 0; t < defaults.nSteps; t++) {
      for (let i = 0; i < 2; i++) seen.push(Array.from(other.observations.slice(3 * i, 3 * i + 3)));
      const n = seen.length;
      for (let j = 0; j < 3; j++) {
        const mean = seen.reduce((s, row) => s + row[j], 0) / n;
        const variance = seen.reduce((s, row) => s + (row[j] - mean) ** 2, 0) / n;
        for (let i = 0; i < 2; i++) {
          const expected = (other.observations[3 * i + j] - mean) / Math.sqrt(variance + 1e-8);
          expect(observations[(2 * t + i) * 3 + j]).toBeCloseTo(Math.min(Math.max(expected, -1.5), 1.5), 3);
        }
      }
      clipToSpace(other.actionSpace, actions.slice(2 * t, 2 * t + 2), clipped);
      other.step(clipped);
    }
  });
});

describe("normalisers count", () => {
  test("each observation that the network acts on, or will, once; each reward once", async () => {
    const { collector } = await collectorOn(makeBatched("CartPole-v1", 3), { clipObservations: 10, clipRewards: 10 });
    const counts = () => {
      const { observationMoments, rewardMoments } = collector.save();
      return [observationMoments!.count, rewardMoments!.count];
    };
    expect(counts()).toEqual([3, 0]);
    for (const round of [1, 2]) {
      collector.collect();
      expect(counts()).toEqual([3 * (1 + round * defaults.nSteps), 3 * round * defaults.nSteps]);
    }
    collector.load(JSON.parse(JSON.stringify(collector.save())));
    expect(counts()).toEqual([3 * (1 + 2 * defaults.nSteps), 3 * 2 * defaults.nSteps]);
  });
});

describe("observations far from 0 (a running variance of 48,640 for 0.0156)", () => {
  const OFFSET = 2 ** 30;
  const space = box({ low: -Infinity, high: Infinity, shape: [1] });

  /** Sixteenths, which float32 does not have that far out; cut off after every third step. */
  const clock = (offset: number) => (): Environment<number[], number> => {
    let t = 0;
    return {
      observationSpace: space,
      actionSpace: discrete(2),
      reset: () => ({ observation: [offset + (t++ % 5) / 16] }),
      step: () => ({ observation: [offset + (t++ % 5) / 16], reward: 0, terminated: false, truncated: t % 3 === 0 }),
    };
  };
  const collected = async (count: number, offset: number) => {
    const { collector } = await collectorOn(batchFromFactory(clock(offset), count), { clipObservations: 10 });
    collector.collect();
    return collector;
  };

  test.each([1, 3])(
    "%d environments: network, values and exported policy see what they would near 0",
    async (count) => {
      const [near, far] = [await collected(count, 0), await collected(count, OFFSET)];
      const [a, b] = [near, far].map(({ rollout }) => rollout);
      expectClose(b.views.observations, a.views.observations, "observations", { absolute: 1e-5 });
      expect(new Set(b.views.observations).size).toBeGreaterThan(5);
      expectClose(b.finalValues, a.finalValues, "values of cut-off observations", { absolute: 1e-5 });
      expectClose(b.lastValues, a.lastValues, "last values", { absolute: 1e-5 });
      const variance = (of: Collector) => of.save().observationMoments!.variance[0];
      expect(variance(far)).toBeCloseTo(variance(near), 9);
    },
  );

  test("the state keeps all digits of what the environments show", async () => {
    const batch = batchFromFactory(() => ({ ...clock(OFFSET)(), saveState: () => 0, loadState: () => {} }), 1);
    const { collector } = await collectorOn(batch, { clipObservations: 10 });
    batch.step(new Float32Array(1));
    const shown = batch.exactObservations![0];
    expect(shown).not.toBe(batch.observations[0]);
    const saved = JSON.parse(JSON.stringify(collector.save()));
    batch.step(new Float32Array(1));
    collector.load(saved);
    expect([batch.exactObservations![0], batch.observations[0]]).toEqual([shown, Math.fround(shown)]);
  });
});

describe("the first number that is not finite stops the run and is named", () => {
  test.each([
    [
      "reward",
      { reward: (t, i) => (t >= 5 && i === 1 ? Number.NaN : 1) },
      /a reward is not.*NaN from Scripted-v0, environment 1, step 4/,
    ],
    ["infinite reward", { reward: (t) => (t === 3 ? Infinity : 1) }, /a reward is not.*Infinity from.*step 2/],
    [
      "observation",
      { observation: (t) => (t >= 7 ? Number.NaN : 1) },
      /an observation is not.*NaN.*environment 0, step 6/,
    ],
    [
      "observation before reward",
      { observation: (t) => (t === 7 ? Number.NaN : 1), reward: (t) => (t > 7 ? Number.NaN : 1) },
      /an observation.*step 6/,
    ],
    [
      "reward before observation",
      { observation: (t) => (t > 7 ? Number.NaN : 1), reward: (t) => (t === 7 ? Number.NaN : 1) },
      /a reward.*step 6/,
    ],
    ["first observation", { observation: (t) => (t === 0 ? Number.NaN : 1) }, /an observation is not.*step 0/],
    [
      "observation behind the last step",
      { observation: (t) => (t === 40 ? Number.NaN : 1) },
      /an observation is not.*step 39/,
    ],
  ] as [string, Script, RegExp][])("%s", async (_, script, message) => {
    for (const normalised of [{}, { clipObservations: 10, clipRewards: 10 }]) {
      const { collector } = await collectorOn(new Scripted({ count: 2, ...script }), normalised);
      expect(() => collector.collect()).toThrow(message);
    }
  });

  test("the observation an episode was cut off on", async () => {
    const environment = new Scripted({ truncated: (t) => t === 3 });
    const { collector } = await collectorOn(environment);
    const step = environment.step.bind(environment);
    environment.step = () => {
      step();
      environment.finalObservations[0] = Number.NaN;
    };
    expect(() => collector.collect()).toThrow(/observation an episode was cut off on.*step 2/);
  });

  test("the value of an observation that an episode was cut off on", async () => {
    const environment = new Scripted({ count: 2, truncated: (t, i) => t === 3 && i === 1 });
    const { collector, block } = await collectorOn(environment, {}, { hidden: [] });
    block.values("value.head.0.weight")[0] = 100;
    const step = environment.step.bind(environment);
    environment.step = () => {
      step();
      environment.finalObservations.fill(3e38);
    };
    const message = /the value of the observation an episode was cut off on.*environment 1, step 2/;
    expect(() => collector.collect()).toThrow(message);
  });

  test.each([false, true])("the value behind the last step; whole episodes: %s", async (whole) => {
    const { collector, block } = await collectorOn(
      new Scripted({ observation: (t) => (t === 40 ? 3e38 : 1) }),
      {},
      { hidden: [] },
    );
    block.values("value.head.0.weight")[0] = 100;
    const collect = () =>
      whole ? collector.collectEpisodes(0, new Int32Array(1), new Uint8Array(1)) : collector.collect();
    expect(collect).toThrow(/the value behind the last step.*Infinity.*environment 0, step 40/);
  });

  test("an error is an AscentError with the code non-finite and says what to do", async () => {
    const { collector } = await collectorOn(new Scripted({ reward: () => Number.NaN }));
    let error: unknown;
    try {
      collector.collect();
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(AscentError);
    expect(error).toMatchObject({ code: "non-finite", message: expect.stringMatching(/checkEnvironment/) });
  });
});

test("environments that restart on resume do not carry the old episodes' returns on", async () => {
  const make = () => batchFromFactory(() => new Stateless(), 1, { maxEpisodeSteps: 7 });
  const { collector } = await collectorOn(make(), { nSteps: 5, clipRewards: 10 });
  collector.collect();
  const { collector: resumed } = await collectorOn(make(), { nSteps: 5, clipRewards: 10 });
  resumed.load(collector.save());
  resumed.collect();
  resumed.collect();
  expect(resumed.episodes.meanLength).toBe(7);
  expect(resumed.episodes.meanReturn).toBeCloseTo(7 * -0.1, 9);
});

test("whole episodes: only those of the batches count, not the short ones that fit in behind them", async () => {
  const count = 20;
  const environment = batchFromFactory(() => new Lottery(), count);
  const { collector } = await collectorOn(environment, { nSteps: 60 });
  const [lengths, cut] = [new Int32Array(count), new Uint8Array(count)];
  const all: number[] = [];
  for (let batch = 0; batch < 5; batch++) {
    collector.collectEpisodes(batch, lengths, cut);
    all.push(...lengths);
  }
  expect(collector.episodes.finished).toBe(5 * count);
  const mean = all.reduce((a, b) => a + b) / all.length;
  expect(collector.episodes.meanReturn).toBeCloseTo(mean, 9);
  expect(collector.episodes.meanLength).toBeCloseTo(mean, 9);
  // Uniform on 1 … 50: the mean of 100 within three deviations of the true one.
  expect(Math.abs(mean - 25.5)).toBeLessThan(3 * Math.sqrt((50 * 50 - 1) / 12 / 100));
});

/** Never ends, and cannot save its state. */
class Stateless extends Corridor {
  override saveState = undefined as never;
  override loadState = undefined as never;
  override actionMask = undefined as never;
  override step() {
    return { observation: this.look(), reward: -0.1, terminated: false, truncated: false };
  }
}

test("an action of several columns that is no number is named by its own environment", async () => {
  const make = (): Environment<number[], Float32Array> => ({
    observationSpace: box({ low: -1, high: 1, shape: [3] }),
    actionSpace: box({ low: -1, high: 1, shape: [2] }),
    reset: () => ({ observation: [0, 0, 0] }),
    step: () => ({ observation: [0, 0, 0], reward: 0, terminated: false, truncated: false }),
  });
  const { collector, block } = await collectorOn(batchFromFactory(make, 3), {}, { hidden: [] });
  block.values("policy.head.0.bias")[1] = Number.NaN;
  expect(() => collector.collect()).toThrow(
    /an action is not a finite number: got NaN .*environment 0, step 0 of the rollout/,
  );
});

test("a log-probability that is no number stops collecting, although the action is one", async () => {
  const make = (): Environment<number[], Float32Array> => ({
    observationSpace: box({ low: -1, high: 1, shape: [1] }),
    actionSpace: box({ low: -1, high: 1, shape: [1] }),
    reset: () => ({ observation: [0] }),
    step: () => ({ observation: [0], reward: 0, terminated: false, truncated: false }),
  });
  const { collector, block } = await collectorOn(batchFromFactory(make, 2), {}, { hidden: [] });
  block.values("policy.logStd").fill(-1000);
  expect(() => collector.collect()).toThrow(
    /a log-probability is not a finite number: got NaN .*environment 0, step 0/,
  );
});

test("what stands in the final observations of episodes that go on is nobody's fault", async () => {
  const environment = new Scripted({ count: 2, reward: (t, i) => (t === 3 && i === 1 ? Number.NaN : 1) });
  const { collector } = await collectorOn(environment);
  const step = environment.step.bind(environment);
  environment.step = () => {
    step();
    environment.finalObservations.fill(Number.NaN);
  };
  expect(() => collector.collect()).toThrow(/a reward is not a finite number: got NaN .*environment 1, step 2/);
});
