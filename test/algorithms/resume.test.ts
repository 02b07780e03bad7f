/** The same seed gives the same bits, also when the run was stopped and taken up again in between. */

import { describe, expect, test } from "vitest";
import type { PpoOptions } from "../../src/algorithms/index.ts";
import { batchFromFactory } from "../../src/envs/index.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../../src/files/index.ts";
import { Corridor } from "../envs/corridor.ts";
import { hashOf, iterate, learner, small } from "./support.ts";

describe("determinism", () => {
  test("the same seed twice gives the same parameters, optimiser and figures; another seed others", async () => {
    const run = async (seed: number) => {
      const of = await learner("CartPole-v1", { seed });
      return { figures: iterate(of, 4), hash: hashOf(of), state: of.save().state };
    };
    const first = await run(3);
    expect(await run(3)).toEqual(first);
    expect((await run(4)).hash).not.toBe(first.hash);
    expect((await run(3 + 2 ** 32)).hash).not.toBe(first.hash);
  });

  test("two learners stepped in turns are what each is alone", async () => {
    const [a, b, alone] = await Promise.all([1, 2, 1].map((seed) => learner("Pendulum-v1", { seed })));
    for (let i = 0; i < 3; i++) [a, b].map((of) => of.iterate());
    iterate(alone, 3);
    expect(hashOf(a)).toBe(hashOf(alone));
  });
});

describe("resume: N, saved, loaded into a fresh learner, N more is 2N without a stop (SB3 #1643, #1256)", () => {
  const everything: PpoOptions = {
    normalizeObservations: true,
    normalizeRewards: true,
    learningRate: "linear:1e-3:1e-5",
    clipRange: "cosine:0.2:0.1",
    entCoef: 0.01,
    clipRangeVf: 0.3,
    // A remainder, and an order that each epoch shuffles on.
    batchSize: 48,
    annealSteps: 900,
    seed: 11,
  };
  test.each([
    ["CartPole-v1", () => "CartPole-v1"],
    ["Pendulum-v1", () => "Pendulum-v1"],
    [
      "a user's class with saved state",
      () => batchFromFactory(() => new Corridor(), small.nEnvs, { maxEpisodeSteps: 9 }),
    ],
  ])("%s", async (_, make) => {
    const straight = await learner(make(), everything);
    const figures = iterate(straight, 6);

    const before = await learner(make(), everything);
    expect(iterate(before, 3)).toEqual(figures.slice(0, 3));
    const { arrays, state } = decodeCheckpoint(encodeCheckpoint({ version: 1, ...before.save() }));
    const after = await learner(make(), everything);
    iterate(after, 1);
    after.load({ arrays, state });
    expect(after.steps).toBe(3 * after.stepsPerIteration);
    expect(iterate(after, 3)).toEqual(figures.slice(3));
    expect(hashOf(after)).toBe(hashOf(straight));
    expect(after.save()).toEqual(straight.save());
    expect(after.policy()).toEqual(straight.policy());
  });

  test("with advantages recomputed", async () => {
    const options = { ...everything, recomputeAdvantages: true };
    const straight = await learner("Pendulum-v1", options);
    iterate(straight, 4);
    const before = await learner("Pendulum-v1", options);
    iterate(before, 2);
    const after = await learner("Pendulum-v1", options);
    after.load(before.save());
    iterate(after, 2);
    expect(after.save()).toEqual(straight.save());
  });

  test("saving changes nothing", async () => {
    const [a, b] = [await learner("CartPole-v1"), await learner("CartPole-v1")];
    for (let i = 0; i < 3; i++) {
      a.iterate();
      b.iterate();
      b.save();
      b.policy();
    }
    expect(hashOf(b)).toBe(hashOf(a));
  });

  test("a state saved with another network or rollout is refused, and nothing is loaded", async () => {
    const snapshot = (await learner("CartPole-v1")).save();
    const wider = await learner("CartPole-v1", { hidden: [32] });
    const hash = hashOf(wider);
    expect(() => wider.load(snapshot)).toThrow(
      /another network: hidden: got hidden \[16\], expected hidden \[32\]. Resume with the/,
    );
    expect(hashOf(wider)).toBe(hash);
    const longer = await learner("CartPole-v1", { nSteps: 64 });
    expect(() => longer.load(snapshot)).toThrow(/saved state does not fit.*rows of a rollout/);
    const more = await learner("CartPole-v1", { nEnvs: 8 });
    expect(() => more.load(snapshot)).toThrow(expect.objectContaining({ code: "file" }));
  });
});
