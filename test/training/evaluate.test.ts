/** Evaluation: every environment's own quota of whole episodes. */

import { describe, expect, test } from "vitest";
import { box, discrete, makeBatched } from "../../src/envs/index.ts";
import { summarise } from "../../src/estimators/returnSummary.ts";
import { deriveSeed } from "../../src/random/stream.ts";
import { streams } from "../../src/random/streams.ts";
import type { PlayProgress } from "../../src/rollout/playEpisodes.ts";
import { evaluatePolicy } from "../../src/training/evaluate.ts";
import { train } from "../../src/training/train.ts";
import { randomPolicy } from "../policies/support.ts";
import { ForEver, Lottery, lengthOf, specOf } from "../rollout/support.ts";

const policy = randomPolicy(box({ low: 0, high: 1, shape: [1] }), discrete(2));

describe("evaluatePolicy", () => {
  test("short episodes do not weigh more: each environment's first episodes count, whenever they end", async () => {
    const episodes = 250;
    const { lengths, returns, mean, sd, min, max } = await evaluatePolicy(await policy, () => new Lottery(), {
      episodes,
      seed: 3,
    });
    const own = deriveSeed(3, streams.evaluation, 0, 0);
    const expected = Array.from({ length: 100 }, (_, i) =>
      Array.from({ length: i < 50 ? 3 : 2 }, (_, k) => lengthOf(deriveSeed(own, streams.environmentSeeds, i, k))),
    ).flat();
    expect(lengths).toEqual(expected);
    expect(returns).toEqual(expected);
    const average = expected.reduce((a, b) => a + b, 0) / episodes;
    expect(mean).toBeCloseTo(average, 9);
    expect(sd).toBeCloseTo(Math.sqrt(expected.reduce((a, b) => a + (b - average) ** 2, 0) / (episodes - 1)), 9);
    expect([min, max]).toEqual([Math.min(...expected), Math.max(...expected)]);
  });

  test("the same seed gives the same figures, deterministic or sampled", async () => {
    const cartPole = randomPolicy(makeBatched("CartPole-v1", 1).observationSpace, discrete(2));
    for (const deterministic of [true, false]) {
      const run = async (seed: number) =>
        (await evaluatePolicy(await cartPole, "CartPole-v1", { episodes: 5, seed, deterministic })).returns;
      expect(await run(1)).toEqual(await run(1));
      expect(await run(1)).not.toEqual(await run(2));
    }
  });

  test("a policy of other spaces is refused by name, and the environments are closed", async () => {
    let open = 0;
    class Closing extends ForEver {
      constructor() {
        super();
        open++;
      }
      close() {
        open--;
      }
    }
    const other = await randomPolicy(box({ low: 0, high: 1, shape: [2] }), discrete(2));
    await expect(evaluatePolicy(other, () => new Closing(), { episodes: 3 })).rejects.toThrow(
      /The policy of Test-v0 cannot be used with custom: other observations: got Box.*expected Box/,
    );
    expect(open).toBe(0);
    const endless = evaluatePolicy(await policy, () => new Closing(), { episodes: 2, longestEpisode: 9 });
    await expect(endless).rejects.toThrow(/does not end/);
    expect(open).toBe(0);
    await evaluatePolicy(await policy, () => new Closing(), { environmentOptions: { maxEpisodeSteps: 3 } });
    expect(open).toBe(0);
  });

  test("a training with the same seed goes through other episodes", async () => {
    const begun: number[] = [];
    class Noting extends Lottery {
      override reset(options?: { seed?: number }) {
        begun.push(options!.seed!);
        return super.reset(options);
      }
    }
    await evaluatePolicy(await policy, () => new Noting(), { episodes: 20 });
    const evaluated = begun.splice(0);
    await train("ppo", {
      environment: () => new Noting(),
      steps: 400,
      options: { nEnvs: 20, nSteps: 20, hidden: [4] },
    });
    expect(evaluated.filter((seed) => begun.includes(seed))).toEqual([]);
  });

  test("any number of episodes is summed up", () => {
    const { mean, min, max } = summarise(Array.from({ length: 400_000 }, (_, i) => i % 5));
    expect([mean, min, max]).toEqual([2, 0, 4]);
  });

  test("one episode has the deviation 0", async () => {
    expect(await evaluatePolicy(await policy, () => new Lottery(), { episodes: 1 })).toMatchObject({
      episodes: 1,
      sd: 0,
    });
  });

  test("an environment without an end is an error that says what to do, and a time limit cures it", async () => {
    const unbounded = randomPolicy(box({ low: -Infinity, high: Infinity, shape: [1] }), discrete(2));
    const endless = evaluatePolicy(await unbounded, specOf({}), { episodes: 2, longestEpisode: 1000 });
    await expect(endless).rejects.toThrow(
      /An episode of Scripted-v0 does not end: got more than 1000 steps, after 0 of 2 episodes had ended.*maxEpisodeSteps.*longestEpisode/,
    );
    const options = { episodes: 2, environmentOptions: { maxEpisodeSteps: 20 } };
    expect((await evaluatePolicy(await policy, () => new ForEver(), options)).mean).toBe(20);
  });

  test("an episode of exactly the longest length is none without an end", async () => {
    const play = { episodes: 3, environmentOptions: { maxEpisodeSteps: 20 } };
    const limited = async (longestEpisode: number) =>
      evaluatePolicy(await policy, () => new ForEver(), { ...play, longestEpisode });
    expect((await limited(20)).lengths).toEqual([20, 20, 20]);
    await expect(limited(19)).rejects.toThrow(/more than 19 steps/);
  });

  test("nobody waits in silence, nor for ever: progress is told, and the bound holds by itself", async () => {
    const told: PlayProgress[] = [];
    const onProgress = (progress: PlayProgress) => told.push(progress);
    await evaluatePolicy(await policy, () => new Lottery(), { episodes: 7, onProgress });
    expect(told.at(-1)).toMatchObject({ done: 7, episodes: 7, longest: 0 });
    expect(told.at(-1)?.steps).toBeGreaterThanOrEqual(7);

    told.length = 0;
    const endless = evaluatePolicy(await policy, () => new ForEver(), { episodes: 1, onProgress });
    await expect(endless).rejects.toThrow(/more than 100000 steps, after 0 of 1 episodes had ended/);
    expect(told.length).toBeGreaterThan(1);
    for (const { done, steps, longest } of told) expect([done, longest]).toEqual([0, steps]);
    expect(told.map(({ steps }) => steps)).toEqual(told.map(({ steps }) => steps).sort((a, b) => a - b));
  }, 30_000);

  test.each([0, -1, 2.5, Number.NaN])("%s episodes are refused", async (episodes) => {
    await expect(evaluatePolicy(await policy, "CartPole-v1", { episodes })).rejects.toThrow(
      /episodes.*whole number ≥ 1/,
    );
  });
});
