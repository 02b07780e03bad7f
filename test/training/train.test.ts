/** The loop from names to a trained policy. */

import { describe, expect, expectTypeOf, test } from "vitest";
import { algorithms } from "../../src/algorithms/algorithmRegistry.ts";
import type { AlgorithmName, OptionsOf } from "../../src/algorithms/byName.ts";
import type { TrpoOptions } from "../../src/algorithms/trpo.ts";
import { recordEpisodes } from "../../src/imitation/record.ts";
import type { Policy } from "../../src/policies/index.ts";
import { createLearner, runLearner, type TrainOptions, train } from "../../src/training/train.ts";
import { Corridor } from "../envs/corridor.ts";
import { ForEver, specOf } from "../rollout/support.ts";

const small = { nEnvs: 4, nSteps: 32, batchSize: 64, nEpochs: 4, hidden: [16], learningRate: 0.01 };

describe("train", () => {
  test("a user's own class: Dict observations, masks, a time limit", async () => {
    const seen: number[] = [];
    const { policy, metrics, stopped } = await train("ppo", {
      environment: () => new Corridor(),
      environmentOptions: { id: "Corridor", maxEpisodeSteps: 30 },
      steps: 2500,
      options: small,
      onIteration: ({ steps }) => void seen.push(steps),
    });
    expect(stopped).toBe(false);
    expect(seen).toEqual(Array.from({ length: 20 }, (_, i) => 128 * (i + 1)));
    expect(metrics["episodeReturn"]).toBeGreaterThan(0.6);
    expect(policy.description.environment).toBe("Corridor");
    for (const place of [0, 1, 2, 3]) expect(policy.act({ place, noise: [0, 0.5] })).toBe(1);
  });

  test.each([
    [
      "reward",
      specOf({ reward: (t) => (t > 40 ? Number.NaN : 1) }),
      /Collecting stopped: a reward.*environment 0, step 8 of the rollout/,
    ],
    [
      "observation",
      specOf({ observation: (t) => (t > 3 ? Number.NaN : 1) }),
      /Collecting stopped: an observation.*step 3/,
    ],
    [
      "user's reward",
      () =>
        Object.assign(new Corridor(), {
          step: () => ({
            observation: { place: 1, noise: [0, 0] },
            reward: Number.NaN,
            terminated: false,
            truncated: false,
          }),
        }),
      /environment 0 gave a bad reward at step 1 of its episode 0, seed 0: got NaN/,
    ],
  ])("a NaN %s ends it with an error that names where", async (_, environment, message) => {
    await expect(train("ppo", { environment, steps: 1000, options: small })).rejects.toThrow(message);
    await expect(train("ppo", { environment, steps: 1000, options: small })).rejects.toMatchObject({
      code: "non-finite",
    });
  });

  test.each([
    ["algorithm", "pp", { environment: "CartPole-v1" }, /no algorithm "pp".*Did you mean "ppo"/],
    [
      "environment",
      "ppo",
      { environment: "CartPole-v2" },
      /no environment named "CartPole-v2".*Did you mean "CartPole-v1"/,
    ],
    [
      "option",
      "ppo",
      { environment: "CartPole-v1", options: { nStep: 3 } },
      /no option "nStep".*Did you mean "nSteps"/,
    ],
    ["steps", "ppo", { environment: "CartPole-v1", steps: 0 }, /steps: got 0/],
  ])("a wrong %s is named", async (_, algorithm, options, message) => {
    await expect(train(algorithm as AlgorithmName, options)).rejects.toThrow(message);
  });
});

describe("runLearner", () => {
  test("the signal ends it after the iteration, and the run can go on", async () => {
    const { learner } = await createLearner("ppo", { environment: "CartPole-v1", options: small, steps: 1000 });
    const stop = new AbortController();
    const first = await runLearner(learner, 1000, {
      signal: stop.signal,
      onIteration: ({ steps }) => {
        if (steps >= 256) stop.abort();
      },
    });
    expect([first.stopped, first.metrics["steps"], learner.steps]).toEqual([true, 256, 256]);
    const second = await runLearner(learner, 1000);
    expect([second.stopped, learner.steps]).toEqual([false, 1024]);
  });

  test("an aborted signal means no iteration at all", async () => {
    const { learner } = await createLearner("ppo", { environment: "CartPole-v1", options: small });
    const { stopped } = await runLearner(learner, 1000, { signal: AbortSignal.abort() });
    expect([stopped, learner.steps]).toEqual([true, 0]);
  });

  test("a run that has learnt all there is was not stopped, one that was aborted was", async () => {
    const data = await recordEpisodes("random", "CartPole-v1", { episodes: 4 });
    const options = { hidden: [4], patience: 1, heldOut: 0.5, learningRate: 0.1 };
    const full = await train("bc", { data, steps: 1_000_000, options });
    expect([full.learner.finished, full.stopped]).toEqual([true, false]);
    expect(full.metrics.steps).toBeLessThan(1_000_000);
    const stop = new AbortController();
    const onIteration = () => stop.abort();
    const half = await train("bc", { data, steps: 1_000_000, options, onIteration, signal: stop.signal });
    expect([half.learner.finished, half.stopped]).toEqual([false, true]);
  });

  test("without an iteration the figures that every run ends with are NaN", async () => {
    const signal = AbortSignal.abort();
    const { metrics } = await train("ppo", { environment: "CartPole-v1", options: small, signal });
    expect(metrics).toEqual({ steps: 0, episodes: Number.NaN, episodeReturn: Number.NaN, episodeLength: Number.NaN });
    const data = await recordEpisodes("random", "CartPole-v1", { episodes: 2 });
    expect((await train("bc", { data, options: { hidden: [4] }, signal })).metrics).toEqual({ steps: 0 });
  });
});

describe("reward 1 for ever behind a time limit of 8, γ = 0.98", () => {
  async function learnedValue(length: number): Promise<number> {
    const { learner } = await train("ppo", {
      environment: () => new ForEver(length),
      environmentOptions: { maxEpisodeSteps: 8 },
      steps: 30_000,
      options: {
        ...{ nEnvs: 4, nSteps: 30, batchSize: 120, nEpochs: 6, hidden: [], gamma: 0.98, gaeLambda: 0.95 },
        ...{ learningRate: "linear:0.3:0.02", maxGradNorm: 1e9, vfCoef: 1 },
      },
    });
    const { weights } = learner.policy();
    return weights["value.head.0.weight"].data[0] + weights["value.head.0.bias"].data[0];
  }

  test("a timeout is bootstrapped: V ≈ 1/(1 − γ) = 50", async () => {
    expect(Math.abs((await learnedValue(Infinity)) - 50)).toBeLessThan(1.5);
  });

  test("a termination is not: V is what is left of 8 steps", async () => {
    const value = await learnedValue(8);
    expect(value).toBeGreaterThan(2);
    expect(value).toBeLessThan(7);
  });
});

test("the options of a named algorithm are typed; under a name known later, any may be given", () => {
  // @ts-expect-error: PPO has no such option.
  const typo: TrainOptions<"ppo"> = { options: { hiden: [8] } };
  const later: TrainOptions = { options: { hiden: [8] } };
  expect(typo).toEqual(later);
  expectTypeOf<TrainOptions<"trpo">>().toExtend<{ options?: TrpoOptions }>();
  expectTypeOf<keyof OptionsOf>().toEqualTypeOf<AlgorithmName>();
  const typed = { reinforce: 1, a2c: 1, "off-policy-pg": 1, npg: 1, trpo: 1, ppo: 1, bc: 1 } satisfies Record<
    AlgorithmName,
    number
  >;
  expect(Object.keys(typed).sort()).toEqual(Object.keys(algorithms).sort());
});

test("a policy samples under the seed that it was trained with, wherever that was given", async () => {
  const of = { environment: "CartPole-v1", steps: 100, options: { ...small, seed: 7 } };
  const sampled = async ({ policy }: { policy: Policy }) =>
    Array.from({ length: 60 }, () => policy.act([0, 0, 0, 0], { deterministic: false }));
  const first = await train("ppo", of);
  const second = await train("ppo", { ...of, options: small, seed: 7 });
  expect(await sampled(first)).toEqual(await sampled(second));
});
