/** What is recorded is what happened: against a replay of the environments with the recorded actions. */

import { describe, expect, test } from "vitest";
import { batchFromFactory, discrete, flatSize, makeBatched } from "../../src/envs/index.ts";
import { checkDataset, type EpisodeDataset, recordEpisodes, returnsOf } from "../../src/imitation/index.ts";
import { Policy } from "../../src/policies/index.ts";
import { deriveSeed, streams } from "../../src/random/index.ts";
import { createEngine } from "../../src/tensor/engine.ts";
import { Corridor } from "../envs/corridor.ts";
import { randomPolicy } from "../policies/support.ts";
import { ForEver } from "../rollout/support.ts";
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

test("a policy's episodes are those it plays from the dataset's seed, and as many an environment as in evaluation", async () => {
  const one = makeBatched("CartPole-v1", 1);
  const policy = await randomPolicy(one.observationSpace, one.actionSpace);
  const engine = await createEngine();
  for (const deterministic of [true, false]) {
    const dataset = await recordEpisodes(policy, "CartPole-v1", { episodes: 150, seed: 3, deterministic });
    const environment = makeBatched("CartPole-v1", 100);
    const actor = new Policy(engine, policy, { seed: dataset.seed, rows: 100 });
    const actions = new Float32Array(100);
    const lengths: number[][] = Array.from({ length: 100 }, () => []);
    const since = new Int32Array(100);
    environment.reset(dataset.seed);
    for (let t = 1; lengths.some((own, i) => own.length < (i < 50 ? 2 : 1)); t++) {
      actor.actBatch(environment.observations, actions, { deterministic });
      environment.step(actions);
      for (let i = 0; i < 100; i++) {
        if (environment.terminated[i] === 0 && environment.truncated[i] === 0) continue;
        lengths[i].push(t - since[i]);
        since[i] = t;
      }
    }
    const expected = lengths.flatMap((own, i) => own.slice(0, i < 50 ? 2 : 1));
    expect(expected).toEqual(expected.map((_, k) => dataset.offsets[k + 1] - dataset.offsets[k]));
    const mean = expected.reduce((a, b) => a + b) / 150;
    const sd = Math.sqrt(expected.reduce((a, b) => a + (b - mean) ** 2, 0) / 149);
    expect(returnsOf(dataset).mean).toBeCloseTo(mean, 9);
    expect(returnsOf(dataset).sd).toBeCloseTo(sd, 9);
    expect(returnsOf(dataset)).toMatchObject({ min: Math.min(...expected), max: Math.max(...expected) });
  }
});

test("an episode much longer than the room at first keeps its masks to the end", async () => {
  class Switching {
    readonly observationSpace = discrete(2);
    readonly actionSpace = discrete(4);
    #step = 0;
    reset() {
      this.#step = 0;
      return { observation: 0 };
    }
    step() {
      this.#step++;
      return { observation: this.#step % 2, reward: 1, terminated: this.#step === 1200, truncated: false };
    }
    actionMask() {
      return Uint8Array.from([0, 1, 2, 3], (choice) => (choice <= this.#step % 4 ? 1 : 0));
    }
  }
  const dataset = await recordEpisodes("random", () => new Switching(), { episodes: 2, seed: 1 });
  const rows = Array.from({ length: 2400 }, (_, t) => [0, 1, 2, 3].map((choice) => (choice <= t % 4 ? 1 : 0)));
  expect(dataset.masks).toEqual(Uint8Array.from(rows.flat()));
});

test("recorded episodes are not those of a training or an evaluation with the same seed", async () => {
  const { seed } = await recordEpisodes("random", "CartPole-v1", { episodes: 1, seed: 3 });
  expect(seed).toBe(deriveSeed(3, streams.data, 0, 0));
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
