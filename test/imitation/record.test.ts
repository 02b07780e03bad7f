/** What is recorded is what happened: against a replay of the environments with the recorded actions. */

import { describe, expect, test } from "vitest";
import { batchFromFactory, flatSize, makeBatched } from "../../src/envs/index.ts";
import { checkDataset, type EpisodeDataset, recordEpisodes, returnsOf } from "../../src/imitation/index.ts";
import { evaluatePolicy } from "../../src/training/evaluate.ts";
import { Corridor } from "../envs/corridor.ts";
import { randomPolicy } from "../policies/support.ts";
import { ForEver } from "../training/support.ts";
import { MaskedPairs } from "./support.ts";

/** The episodes of environment 0 come first: it alone is played again. */
function replay(dataset: EpisodeDataset, environment: ReturnType<typeof makeBatched>, episodes: number): void {
  const { observationSpace, actionSpace, offsets } = dataset;
  const [columns, width] = [flatSize(observationSpace), flatSize(actionSpace)];
  environment.reset(dataset.seed);
  for (let k = 0; k < episodes; k++) {
    for (let t = offsets[k]; t < offsets[k + 1]; t++) {
      expect(environment.observations).toEqual(dataset.observations.slice(t * columns, (t + 1) * columns));
      if (dataset.masks !== undefined) {
        const size = dataset.masks.length / dataset.rewards.length;
        expect(environment.actionMasks).toEqual(dataset.masks.slice(t * size, (t + 1) * size));
      }
      environment.step(dataset.actions.slice(t * width, (t + 1) * width));
      expect(environment.rewards[0]).toBe(dataset.rewards[t]);
      expect(environment.terminated[0]).toBe(dataset.terminated[t]);
      expect(environment.truncated[0]).toBe(dataset.truncated[t]);
    }
    expect(environment.finalObservations).toEqual(dataset.finalObservations.slice(k * columns, (k + 1) * columns));
  }
}

describe("random actions", () => {
  test.each([
    ["CartPole-v1", (count: number) => makeBatched("CartPole-v1", count)],
    ["Pendulum-v1", (count: number) => makeBatched("Pendulum-v1", count)],
    ["MaskedCorridor-v1", (count: number) => makeBatched("MaskedCorridor-v1", count)],
    ["Dict and both ends", (count: number) => batchFromFactory(() => new Corridor(), count, { maxEpisodeSteps: 6 })],
    ["MultiDiscrete masks", (count: number) => batchFromFactory(() => new MaskedPairs() as never, count)],
  ])("%s", async (_, make) => {
    const spec = { id: "X-v0", summary: "", maxEpisodeSteps: undefined, make, makeSingle: undefined as never };
    const dataset = await recordEpisodes("random", spec, { episodes: 201, seed: 5 });
    expect(dataset.offsets).toHaveLength(202);
    checkDataset(dataset);
    replay(dataset, make(1), 3);
  });

  test("the same seed gives the same episodes, another one others", async () => {
    const record = (seed: number) => recordEpisodes("random", "MaskedCorridor-v1", { episodes: 3, seed });
    expect(await record(1)).toEqual(await record(1));
    expect((await record(2)).actions).not.toEqual((await record(1)).actions);
  });
});

test("a policy's episodes bring what its evaluation says", async () => {
  const space = makeBatched("CartPole-v1", 1);
  const policy = await randomPolicy(space.observationSpace, space.actionSpace);
  for (const deterministic of [true, false]) {
    const options = { episodes: 150, seed: 3, deterministic };
    const dataset = await recordEpisodes(policy, "CartPole-v1", options);
    const { mean, sd, min, max, lengths } = await evaluatePolicy(policy, "CartPole-v1", options);
    expect(returnsOf(dataset)).toEqual({ mean, sd, min, max });
    expect(lengths).toEqual(lengths.map((_, k) => dataset.offsets[k + 1] - dataset.offsets[k]));
  }
});

test("refusals: other spaces, no end, bad counts", async () => {
  const { observationSpace } = makeBatched("CartPole-v1", 1);
  const policy = await randomPolicy(observationSpace, observationSpace);
  await expect(recordEpisodes(policy, "CartPole-v1", { episodes: 1 })).rejects.toThrow(
    /The policy of Test-v0 cannot be used with CartPole-v1: other actions: got Box.*expected Discrete\(2\)/,
  );
  await expect(recordEpisodes("random", () => new ForEver(), { episodes: 1, longestEpisode: 99 })).rejects.toThrow(
    /does not end: got more than 99 steps.*time limit/,
  );
  await expect(recordEpisodes("random", "CartPole-v1", { episodes: 0 })).rejects.toThrow(/episodes: got 0/);
});
