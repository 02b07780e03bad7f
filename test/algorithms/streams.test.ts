/** No two uses of randomness in a run share a stream: every (seed, stream, index) is opened once. */

import { beforeEach, expect, test, vi } from "vitest";
import { makeBatched } from "../../src/envs/index.ts";
import { recordEpisodes } from "../../src/imitation/index.ts";
import { createLearner } from "../../src/training/train.ts";

const opened: string[] = [];
vi.mock("../../src/random/stream.ts", async (original) => {
  const module = await original<typeof import("../../src/random/stream.ts")>();
  class Recorded extends module.RandomStream {
    constructor(...key: ConstructorParameters<typeof module.RandomStream>) {
      super(...key);
      opened.push(`seed ${key[0]}, stream ${key[1]}, index ${key[2] ?? 0}`);
    }
  }
  return { ...module, RandomStream: Recorded };
});
beforeEach(() => {
  opened.length = 0;
});

const options = { nEnvs: 3, nSteps: 16, hidden: [4] };

test.each(["reinforce", "a2c", "off-policy-pg", "npg", "trpo", "ppo"] as const)("%s", async (name) => {
  const { learner } = await createLearner(name, { environment: "CartPole-v1", options, seed: 5 });
  learner.iterate();
  expect(opened.length).toBeGreaterThan(3);
  expect(opened.filter((key, i) => opened.indexOf(key) !== i)).toEqual([]);
});

test("bc", async () => {
  const data = await recordEpisodes("random", "CartPole-v1", { episodes: 4 });
  opened.length = 0;
  const { learner } = await createLearner("bc", { data, options: { hidden: [4] }, seed: 5 });
  learner.iterate();
  expect(opened.length).toBeGreaterThan(1);
  expect(opened.filter((key, i) => opened.indexOf(key) !== i)).toEqual([]);
});

test("programs sample under numbers of their own: no stream of numbers drawn one by one is theirs", async () => {
  const { streams } = await import("../../src/random/streams.ts");
  const programs = new Set([streams.actions, streams.evaluation, streams.tokens]);
  for (const name of ["reinforce", "a2c", "off-policy-pg", "npg", "trpo", "ppo"] as const) {
    const { learner } = await createLearner(name, { environment: "CartPole-v1", options, seed: 5 });
    learner.iterate();
  }
  const numbers = opened.map((key) => Number(/stream (\d+)/.exec(key)![1]));
  expect(numbers.filter((number) => (programs as Set<number>).has(number))).toEqual([]);
  expect(new Set(numbers).size).toBeGreaterThan(2);
});

test("environments of a batch have streams of their own", () => {
  makeBatched("CartPole-v1", 5).reset(3);
  expect(new Set(opened).size).toBe(opened.length);
});
