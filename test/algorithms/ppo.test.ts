/** PPO's details, each where the field has seen it go wrong. */

import { describe, expect, test } from "vitest";
import { type PpoOptions, ppo } from "../../src/algorithms/index.ts";
import { batchFromFactory, box, discrete, makeBatched } from "../../src/envs/index.ts";
import { RandomStream, streams } from "../../src/random/index.ts";
import { createEngine } from "../../src/tensor/engine.ts";
import { Scripted } from "../rollout/support.ts";
import { hashOf, iterate, learner, small } from "./support.ts";

const finite = (figures: Record<string, number>, ...but: string[]) =>
  Object.entries(figures).filter(([name, x]) => !Number.isFinite(x) && !but.includes(name));

describe("minibatches", () => {
  test("the last one may be smaller; every epoch visits all of them", async () => {
    const of = await learner("CartPole-v1", { batchSize: 100, nEpochs: 3 });
    expect(iterate(of, 1)[0]).toMatchObject({ updates: 3 * 2, epochs: 3 });
    const exact = await learner("CartPole-v1", { batchSize: 64 });
    expect(iterate(exact, 1)[0]).toMatchObject({ updates: 3 * 2 });
    const whole = await learner("CartPole-v1", { batchSize: 10_000 });
    expect(iterate(whole, 1)[0]).toMatchObject({ updates: 3 });
  });

  test("figures are means over all steps, also the gradient's length before it is cut", async () => {
    // So small a step that every epoch sees the same weights.
    const still = { batchSize: 10_000, learningRate: 1e-12, maxGradNorm: 1e-3 };
    const [one] = iterate(await learner("CartPole-v1", { ...still, nEpochs: 1 }), 1);
    const [four] = iterate(await learner("CartPole-v1", { ...still, nEpochs: 4 }), 1);
    expect(four["updates"]).toBe(4);
    expect(one["gradientNorm"]).toBeGreaterThan(0.01);
    for (const name of ["gradientNorm", "valueGradientNorm", "valueLoss", "entropy"]) {
      expect(four[name] / one[name], name).toBeCloseTo(1, 4);
    }
  });

  test.each([
    ["all minibatches of one row", { batchSize: 1, nSteps: 3, nEpochs: 2 }],
    ["a last minibatch of one row", { batchSize: 3, nSteps: 4, nEnvs: 4 }],
    ["a rollout of one row", { nSteps: 1, nEnvs: 1 }],
  ])("%s gives no NaN, and is learnt from (std of a batch of one, SB3 #440)", async (_, options) => {
    const of = await learner("Pendulum-v1", options);
    const before = hashOf(of);
    const [figures] = iterate(of, 1);
    expect(finite(figures, "episodeReturn", "episodeLength")).toEqual([]);
    expect(Math.abs(figures["policyLoss"])).toBeGreaterThan(1e-6);
    expect(hashOf(of)).not.toBe(before);
  });

  test("advantages that are all equal teach the policy nothing and give no NaN", async () => {
    // λ = 0, reward 1, observation 1, γ = 0: every advantage is 1 − V(1).
    const of = await learner(new Scripted({ count: 4 }), { gamma: 0, gaeLambda: 0, nSteps: 15, batchSize: 60 });
    for (const figures of iterate(of, 3)) {
      expect(finite(figures, "episodeReturn", "episodeLength")).toEqual([]);
      expect(Math.abs(figures["policyLoss"])).toBeLessThan(1e-3);
    }
  });
});

describe("options", () => {
  test("targetKl stops an update before the step that would go further", async () => {
    const options = { learningRate: 0.02, nEpochs: 10, batchSize: 32 };
    const [free] = iterate(await learner("CartPole-v1", options), 1);
    expect(free).toMatchObject({ updates: 40, epochs: 10 });
    const [held] = iterate(await learner("CartPole-v1", { ...options, targetKl: 0.01 }), 1);
    expect(held["approxKl"]).toBeLessThan(free["approxKl"]);
    const [wide] = iterate(await learner("CartPole-v1", { ...options, targetKl: 1e6 }), 1);
    expect(wide).toEqual(free);
  });

  test("targetKl stops at the first approxKl above 1.5 times it, to the very update", async () => {
    const options = { learningRate: 0.003, batchSize: 10_000 };
    const run = async (more: PpoOptions) => iterate(await learner("CartPole-v1", { ...options, ...more }), 1)[0];
    // One minibatch an epoch: what k epochs add to the sum over k − 1 is the KL before step k. The first one is 0.
    const kl = [0];
    let sum = 0;
    for (let epochs = 2; epochs <= 9; epochs++) {
      const total = (await run({ nEpochs: epochs }))["approxKl"] * epochs;
      kl.push(total - sum);
      sum = total;
    }
    const seventh = kl[6];
    // Were it compared with targetKl itself, the sixth would have ended it.
    expect(kl[5]).toBeGreaterThan(seventh / 1.5);
    for (let k = 1; k < kl.length; k++) expect(kl[k]).toBeGreaterThan(kl[k - 1]);
    const stopped = (factor: number) => run({ nEpochs: 9, targetKl: (seventh * factor) / 1.5 });
    expect(await stopped(0.999)).toMatchObject({ updates: 7, epochs: 7 });
    expect(await stopped(1.001)).toMatchObject({ updates: 8, epochs: 8 });
  });

  test("every epoch shuffles the rows anew", async () => {
    const nEpochs = 3;
    const of = await learner("CartPole-v1", { nEpochs, seed: 4 });
    const order = Int32Array.from({ length: small.nEnvs * small.nSteps }, (_, i) => i);
    const random = new RandomStream(4, streams.minibatches);
    for (let iteration = 0; iteration < 2; iteration++) {
      of.iterate();
      for (let epoch = 0; epoch < nEpochs; epoch++) random.shuffle(order);
      expect(of.save().state).toMatchObject({ extra: { rowOrder: [...order] }, counters: { order: random.counter } });
    }
  });

  test("recomputeAdvantages: an epoch's targets are those that a new rollout would have", async () => {
    // One state, reward 1, γ = 1/2, λ = 0: the target is 1 + V/2, advantages are all alike, and only V moves.
    const options = { gamma: 0.5, gaeLambda: 0, batchSize: 10_000, learningRate: 0.1 };
    const run = async (more: PpoOptions, iterations: number) =>
      iterate(await learner(new Scripted({ count: 4 }), { ...options, ...more }), iterations).map(
        (figures) => figures["valueLoss"],
      );
    const [first, second] = await run({ nEpochs: 1 }, 2);
    const [both] = await run({ nEpochs: 2, recomputeAdvantages: true }, 1);
    expect(both / ((first + second) / 2)).toBeCloseTo(1, 4);
    const [old] = await run({ nEpochs: 2, recomputeAdvantages: false }, 1);
    expect(Math.abs(old / both - 1)).toBeGreaterThan(0.05);
  });

  test("recomputeAdvantages: the same with one epoch, the same estimates while nothing is learnt, others with several", async () => {
    const run = async (recomputeAdvantages: boolean, more: object) => {
      const of = await learner("Pendulum-v1", {
        recomputeAdvantages,
        normalizeObservations: true,
        nSteps: 250,
        ...more,
      });
      return { figures: iterate(of, 2), hash: hashOf(of) };
    };
    expect(await run(true, { nEpochs: 1 })).toEqual(await run(false, { nEpochs: 1 }));
    const [still, plain] = [await run(true, { learningRate: 0 }), await run(false, { learningRate: 0 })];
    still.figures.forEach((figures, i) => {
      for (const name of ["policyLoss", "valueLoss", "entropy"]) {
        expect(figures[name] / plain.figures[i][name]).toBeCloseTo(1, 3);
      }
    });
    const [anew, old] = [await run(true, { nEpochs: 4 }), await run(false, { nEpochs: 4 })];
    expect(anew.hash).not.toBe(old.hash);
    expect(finite(anew.figures[1])).toEqual([]);
  });

  test("clipRangeVf bounds how far values move", async () => {
    const options = { learningRate: 0.01, nEpochs: 10, vfCoef: 1, maxGradNorm: 100, gaeLambda: 1 };
    const of = async (clipRangeVf: number | undefined) =>
      iterate(await learner("CartPole-v1", { ...options, clipRangeVf }), 2)[1];
    const [free, held] = [await of(undefined), await of(0.05)];
    expect(held["valueLoss"]).toBeGreaterThan(1.2 * free["valueLoss"]);
    expect(await of(1e6)).toMatchObject({ updates: 40 });
  });

  test("schedules count environment steps: not updates, not epochs, not minibatches", async () => {
    for (const more of [{ nEpochs: 1 }, { nEpochs: 5, batchSize: 7 }]) {
      const of = await learner("CartPole-v1", { ...more, nSteps: 25, learningRate: "linear:1e-3", annealSteps: 500 });
      const rates = iterate(of, 7).map((figures) => figures["learningRate"]);
      [1, 0.8, 0.6, 0.4, 0.2, 0, 0].forEach((share, i) => {
        expect(rates[i]).toBeCloseTo(share * 1e-3, 12);
      });
    }
  });

  test("without annealSteps a schedule runs over the planned length of the run", async () => {
    const of = await learner("CartPole-v1", { learningRate: "linear:1" }, 256);
    expect(iterate(of, 2).map((figures) => figures["learningRate"])).toEqual([1, 0.5]);
  });

  test("an entropy bonus keeps the entropy up", async () => {
    const last = async (entCoef: number) =>
      iterate(await learner("CartPole-v1", { entCoef, learningRate: 3e-3, nSteps: 128, nEpochs: 10 }), 8)[7]["entropy"];
    const [without, withBonus] = [await last(0), await last(1)];
    expect(without).toBeLessThan(0.65);
    expect(withBonus).toBeGreaterThan(without + 0.03);
    expect(withBonus).toBeLessThanOrEqual(Math.log(2) + 1e-6);
  });

  test("a learning rate of 0 leaves the policy alone: ratio 1, KL 0, nothing clipped", async () => {
    for (const environment of ["CartPole-v1", "Pendulum-v1"]) {
      const of = await learner(environment, { learningRate: 0, normalizeObservations: true });
      const before = of.save().arrays["parameters"];
      for (const figures of iterate(of, 2)) {
        expect(figures["approxKl"]).toBeLessThan(1e-9);
        expect(figures["clipFraction"]).toBe(0);
      }
      expect(of.save().arrays["parameters"]).toEqual(before);
    }
  });

  test("rewards of a million: the critic's gradient does not stop the policy, which shares nothing with it", async () => {
    const task = (scale: number) => () => ({
      observationSpace: box({ low: -1, high: 1, shape: [1] }),
      actionSpace: discrete(2),
      reset: () => ({ observation: [0.5] }),
      step: (action: unknown) => ({
        observation: [0.5],
        reward: (action as number) * scale,
        terminated: true,
        truncated: false,
      }),
    });
    const entropies = async (scale: number) => {
      const of = await learner(batchFromFactory(task(scale), 4), { learningRate: 3e-3 });
      return iterate(of, 20).map(({ entropy, gradientNorm, valueGradientNorm }) => {
        expect(gradientNorm).toBeLessThan(10);
        expect(valueGradientNorm).toBeGreaterThan(scale > 1 ? 1e3 : 0);
        return entropy;
      });
    };
    const [near, far] = [await entropies(1), await entropies(1e6)];
    expect(near[19]).toBeLessThan(0.05);
    expect(far[19]).toBeLessThan(0.05);
  });

  test("the gradient is cut to maxGradNorm, the critic's apart: each moves as if alone; of shared layers it is one", async () => {
    const options = { optimiser: "sgd", learningRate: 1, nEpochs: 1, batchSize: 10_000, vfCoef: 10 } as const;
    const moves = async (more: PpoOptions) => {
      const of = await learner("CartPole-v1", { ...options, ...more });
      const before = of.save().arrays["parameters"].data as Float32Array;
      const [figures] = iterate(of, 1);
      const moved = (of.save().arrays["parameters"].data as Float32Array).map((x, i) => x - before[i]);
      const length = (part: Float32Array) => Math.sqrt(part.reduce((sum, x) => sum + x * x, 0));
      // One hidden layer of 16, two actions: 4·16 + 16 + 16·2 + 2 numbers, each tensor on a cache line.
      const policy = 64 + 16 + 32 + 16;
      return {
        figures,
        policy: length(moved.slice(0, policy)),
        value: length(moved.slice(policy)),
        all: length(moved),
      };
    };
    const free = await moves({ maxGradNorm: "none" });
    expect(free.policy).toBeCloseTo(free.figures["gradientNorm"], 4);
    expect(free.value / free.figures["valueGradientNorm"]).toBeCloseTo(1, 4);
    const cut = await moves({ maxGradNorm: 0.01 });
    expect([cut.policy, cut.value]).toEqual([expect.closeTo(0.01, 5), free.value]);
    const onlyValue = await moves({ maxGradNorm: 1, maxGradNormVf: 1 });
    expect(free.policy).toBeLessThan(1);
    expect([onlyValue.policy, onlyValue.value]).toEqual([free.policy, expect.closeTo(1, 4)]);
    const apart = await moves({ maxGradNorm: 0.01, maxGradNormVf: 0.02 });
    expect([apart.policy, apart.value]).toEqual([expect.closeTo(0.01, 5), expect.closeTo(0.02, 5)]);
    const shared = await moves({ maxGradNorm: 1, maxGradNormVf: 0.01, shared: true });
    expect(shared.all).toBeCloseTo(1, 4);
    expect(shared.figures).not.toHaveProperty("valueGradientNorm");
  });

  test("an unknown option is refused", async () => {
    await expect(learner("CartPole-v1", { nstep: 3 } as never)).rejects.toThrow(/nstep/);
  });
});

describe("a number that is not finite stops everything before it is learnt (SB3 #1593)", () => {
  test.each([
    ["a NaN reward", Number.NaN, /Collecting stopped: a reward/],
    ["an infinite reward", -Infinity, /Collecting stopped: a reward/],
    [
      "a reward past float32",
      1e300,
      /Estimating advantages stopped.*Infinity at step \d+ of the rollout, environment \d/,
    ],
  ])("%s: parameters and optimiser are as they were", async (_, poison, message) => {
    const reward = (t: number) => (t === 2 * small.nSteps + 5 ? poison : t % 3);
    const of = await learner(new Scripted({ count: 4, reward, observation: (t) => t % 5 }), { nEpochs: 2 });
    iterate(of, 2);
    const [hash, { state }] = [hashOf(of), of.save()];
    expect(() => of.iterate()).toThrow(message);
    expect(hashOf(of)).toBe(hash);
    expect(of.save().state).toMatchObject({
      steps: of.steps,
      optimiserSteps: (state as { optimiserSteps: object }).optimiserSteps,
    });
  });

  test.each(["CartPole-v1", "Pendulum-v1"])(
    "a broken weight is named, not the environment it would act in: %s",
    async (id) => {
      const engine = await createEngine({ build: "simd" });
      const of = ppo(engine, makeBatched(id, small.nEnvs), small, 1000);
      const [first, second] = of.policy().weights["policy.body.0.weight"].data;
      const memory = new Float32Array(engine.memory.buffer);
      memory[memory.findIndex((x, i) => x === first && memory[i + 1] === second)] = Number.NaN;
      const message =
        /Collecting stopped.*step 0 of the rollout \(parameter "policy\.body\.0\.weight".* holds NaN at position 0\)/;
      expect(() => of.iterate()).toThrow(message);
      expect(() => of.iterate()).toThrow(expect.objectContaining({ code: "non-finite" }));
    },
  );
});
