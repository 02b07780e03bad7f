/** Evaluation: every environment's own quota of whole episodes. */

import { describe, expect, test } from "vitest";
import { box, discrete } from "../../src/envs/index.ts";
import { deriveSeed } from "../../src/random/stream.ts";
import { streams } from "../../src/random/streams.ts";
import { evaluatePolicy } from "../../src/training/evaluate.ts";
import { randomPolicy } from "../policies/support.ts";
import { ForEver, Lottery, lengthOf, specOf } from "./support.ts";

const policy = randomPolicy(box({ low: 0, high: 1, shape: [1] }), discrete(2));

describe("evaluatePolicy", () => {
  test("short episodes do not weigh more: each environment's first episodes count, whenever they end", async () => {
    const episodes = 250;
    const { lengths, returns, mean, sd, min, max } = await evaluatePolicy(await policy, () => new Lottery(), {
      episodes,
      seed: 3,
    });
    const expected = Array.from({ length: 100 }, (_, i) =>
      Array.from({ length: i < 50 ? 3 : 2 }, (_, k) => lengthOf(deriveSeed(3, streams.environmentSeeds, i, k))),
    ).flat();
    expect(lengths).toEqual(expected);
    expect(returns).toEqual(expected);
    const average = expected.reduce((a, b) => a + b, 0) / episodes;
    expect(mean).toBeCloseTo(average, 9);
    expect(sd).toBeCloseTo(Math.sqrt(expected.reduce((a, b) => a + (b - average) ** 2, 0) / (episodes - 1)), 9);
    expect([min, max]).toEqual([Math.min(...expected), Math.max(...expected)]);
  });

  test("the same seed gives the same figures, deterministic or sampled", async () => {
    const cartPole = randomPolicy(box({ low: -9, high: 9, shape: [4] }), discrete(2));
    for (const deterministic of [true, false]) {
      const run = async (seed: number) =>
        (await evaluatePolicy(await cartPole, "CartPole-v1", { episodes: 5, seed, deterministic })).returns;
      expect(await run(1)).toEqual(await run(1));
      expect(await run(1)).not.toEqual(await run(2));
    }
  });

  test("one episode has the deviation 0", async () => {
    expect(await evaluatePolicy(await policy, () => new Lottery(), { episodes: 1 })).toMatchObject({
      episodes: 1,
      sd: 0,
    });
  });

  test("an environment without an end is an error that says what to do, and a time limit cures it", async () => {
    const endless = evaluatePolicy(await policy, specOf({}), { episodes: 2, longestEpisode: 1000 });
    await expect(endless).rejects.toThrow(
      /An episode of Scripted-v0 does not end: got more than 1000 steps.*maxEpisodeSteps/,
    );
    const options = { episodes: 2, environmentOptions: { maxEpisodeSteps: 20 } };
    expect((await evaluatePolicy(await policy, () => new ForEver(), options)).mean).toBe(20);
  });

  test.each([0, -1, 2.5, Number.NaN])("%s episodes are refused", async (episodes) => {
    await expect(evaluatePolicy(await policy, "CartPole-v1", { episodes })).rejects.toThrow(
      /episodes.*whole number ≥ 1/,
    );
  });
});
