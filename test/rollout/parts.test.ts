/** The parts that a collector is made of, each by itself: episodes counted and cut out, observations behind ends, whole episodes played. */
import { describe, expect, test } from "vitest";
import { box, dict, discrete } from "../../src/envs/index.ts";
import { RewardNormaliser } from "../../src/envs/rewardNormaliser.ts";
import { ActionsAtBound } from "../../src/rollout/actionsAtBound.ts";
import { BootstrapObservations } from "../../src/rollout/bootstrapObservations.ts";
import { EpisodeTracker } from "../../src/rollout/episodes.ts";
import { episodesOfRollout } from "../../src/rollout/episodesOfRollout.ts";
import { estimateAdvantages } from "../../src/rollout/estimateAdvantages.ts";
import { partsInBatch, partsOf, writeRows } from "../../src/rollout/minibatch.ts";
import { ObservationNormaliser } from "../../src/rollout/normalise.ts";
import { observationScale } from "../../src/rollout/observationScale.ts";
import { LONGEST_EPISODE, playEpisodes } from "../../src/rollout/playEpisodes.ts";
import { Rollout } from "../../src/rollout/rollout.ts";
import { isCopyOf, type RolloutCopy } from "../../src/rollout/rolloutCopy.ts";
import { createEngine } from "../../src/tensor/engine.ts";
import { expectClose } from "../mdp/support.ts";
import { specOf } from "./support.ts";

const engine = await createEngine({ build: "simd" });
const flags = (...values: number[]) => Uint8Array.from(values);

describe("episodes", () => {
  test("returns and lengths of those that end, by termination or by the clock, each environment for itself", () => {
    const tracker = new EpisodeTracker(2);
    expect([tracker.meanReturn, tracker.meanLength, tracker.finished]).toEqual([Number.NaN, Number.NaN, 0]);
    tracker.step(Float64Array.of(1, 10), flags(0, 0), flags(0, 0));
    tracker.step(Float64Array.of(2, 20), flags(1, 0), flags(0, 0));
    expect([tracker.meanReturn, tracker.meanLength, tracker.finished]).toEqual([3, 2, 1]);
    tracker.step(Float64Array.of(4, 40), flags(0, 0), flags(0, 1));
    expect([tracker.meanReturn, tracker.meanLength, tracker.finished]).toEqual([(3 + 70) / 2, 2.5, 2]);
    tracker.step(Float64Array.of(8, 80), flags(1, 1), flags(1, 1));
    expect([tracker.meanReturn, tracker.finished]).toEqual([(3 + 70 + 12 + 80) / 4, 4]);
  });

  test("the last hundred count", () => {
    const tracker = new EpisodeTracker(1);
    for (let k = 1; k <= 130; k++) {
      for (let t = 1; t < k; t++) tracker.step(Float64Array.of(0), flags(0), flags(0));
      tracker.step(Float64Array.of(k), flags(1), flags(0));
    }
    expect([tracker.meanReturn, tracker.meanLength, tracker.finished]).toEqual([80.5, 80.5, 130]);
    expect(tracker.save().recentReturns).toHaveLength(100);
  });

  test("environments that are left out count nothing; restarted ones begin at nothing", () => {
    const tracker = new EpisodeTracker(2);
    tracker.step(Float64Array.of(1, 10), flags(0, 0), flags(0, 0), Int32Array.of(0, 5));
    tracker.step(Float64Array.of(1, 10), flags(1, 1), flags(0, 0), Int32Array.of(0, 5));
    expect([tracker.meanReturn, tracker.finished]).toEqual([2, 1]);
    tracker.step(Float64Array.of(100, 100), flags(0, 0), flags(0, 0));
    tracker.restart();
    tracker.step(Float64Array.of(4, 6), flags(1, 1), flags(0, 0));
    expect([tracker.meanReturn, tracker.meanLength, tracker.finished]).toEqual([4, 4 / 3, 3]);
  });

  test("saved in the midst of an episode, it goes on", () => {
    const tracker = new EpisodeTracker(2);
    tracker.step(Float64Array.of(1, 10), flags(0, 1), flags(0, 0));
    const saved = structuredClone(tracker.save());
    expect(tracker.form.safeParse(saved).success).toBe(true);
    const copy = new EpisodeTracker(2);
    copy.load(saved);
    for (const one of [tracker, copy]) one.step(Float64Array.of(2, 3), flags(1, 1), flags(0, 0));
    expect(copy.save()).toEqual(tracker.save());
    expect([copy.meanReturn, copy.meanLength, copy.finished]).toEqual([(10 + 3 + 3) / 3, 4 / 3, 3]);
    expect(new EpisodeTracker(3).form.safeParse(saved).success).toBe(false);
  });
});

/** Three steps of two environments, numbers that tell where they are from. */
function filled(): Rollout {
  const rollout = new Rollout(engine, { steps: 3, environments: 2, observationSize: 1, actionSize: 1, maskSize: 2 });
  rollout.rewards.set([1, 2, 3, 4, 5, 6]);
  rollout.views.values.set([10, 20, 30, 40, 50, 60]);
  rollout.finalValues.set([0.1, 0.2, 0.3, 0.4, 0.5, 0.6]);
  rollout.lastValues.set([7, 8]);
  return rollout;
}

describe("whole episodes of a rollout", () => {
  test("are the first steps of each environment, one behind the other", () => {
    const rollout = filled();
    rollout.terminated.set([0, 0, 1, 0, 0, 0]);
    const found = episodesOfRollout(...([rollout, Int32Array.of(2, 3), flags(0, 1), 0.9, true] as const));
    expect(found).toEqual({
      offsets: Int32Array.of(0, 2, 5),
      rows: Int32Array.of(0, 2, 1, 3, 5),
      rewards: Float64Array.of(1, 3, 2, 4, 6),
      values: Float64Array.of(10, 30, 20, 40, 60),
      finalValues: Float64Array.of(0, 8),
      terminated: flags(1, 0),
      gamma: 0.9,
    });
  });

  test("an end by the clock is worth what it ended on, a cut what lies behind the rollout, an end nothing", () => {
    const rollout = filled();
    rollout.truncated.set([0, 1, 0, 0, 0, 0]);
    const of = (cut: Uint8Array, bootstrap: boolean) => {
      const { finalValues, terminated } = episodesOfRollout(rollout, Int32Array.of(3, 1), cut, 1, bootstrap);
      return [...Array.from(finalValues), ...Array.from(terminated)];
    };
    expect(of(flags(1, 0), true)).toEqual([7, Math.fround(0.2), 0, 0]);
    expect(of(flags(1, 0), false)).toEqual([0, 0, 0, 0]);
    rollout.terminated.set([0, 1, 0, 0, 1, 0]);
    expect(of(flags(0, 0), true)).toEqual([0, 0, 1, 1]);
    expect(of(flags(1, 0), true)).toEqual([7, 0, 0, 1]);
  });
});

describe("rows", () => {
  test("behind a short first round are copies of the first step's, and are left alone later", () => {
    const rollout = filled();
    rollout.views.observations.set([1, 2, 3, 4, 5, 6]);
    rollout.views.actions.set([1, 2, 3, 4, 5, 6]);
    rollout.views.masks.set([1, 0, 0, 1, ...new Array(8).fill(7)]);
    rollout.finish(2);
    expect(rollout.filled).toBe(2);
    expect([...rollout.views.observations]).toEqual([1, 2, 3, 4, 1, 2]);
    expect([...rollout.views.actions]).toEqual([1, 2, 3, 4, 1, 2]);
    expect([...rollout.views.masks.subarray(8)]).toEqual([1, 0, 0, 1]);
    rollout.views.observations.set([9], 5);
    rollout.finish(1);
    expect([...rollout.views.observations]).toEqual([1, 2, 3, 4, 1, 9]);
  });

  test("by time, then as the parts are; parts are rows, or with a memory environments", () => {
    const out = new Int32Array(6);
    writeRows({ count: 4, rows: 3 }, Int32Array.of(9, 3, 0, 2), 1, 2, out);
    expect([...out]).toEqual([3, 0, 7, 4, 11, 8]);
    const shape = { steps: 3, environments: 2, observationSize: 1, actionSize: 1, maskSize: 0 };
    expect(partsOf(new Rollout(engine, shape))).toEqual({ count: 6, rows: 1 });
    expect(partsOf(new Rollout(engine, { ...shape, stateSize: 4 }))).toEqual({ count: 2, rows: 3 });
    const batches = [1, 4, 5, 7, 8, 100].map((size) => partsInBatch({ count: 4, rows: 3 }, size));
    expect(batches).toEqual([1, 1, 2, 2, 3, 4]);
  });

  test("advantages that float32 cannot hold are named by step and environment", () => {
    const rollout = filled();
    estimateAdvantages(rollout, { gamma: 1, gaeLambda: 0 });
    expectClose(
      rollout.views.advantages,
      [1 + 30 - 10, 2 + 40 - 20, 3 + 50 - 30, 4 + 60 - 40, 5 + 7 - 50, 6 + 8 - 60],
      1e-6,
    );
    expectClose(rollout.views.targets, [31, 42, 53, 64, 12, 14], 1e-6);
    rollout.rewards[3] = 1e300;
    expect(() => estimateAdvantages(rollout, { gamma: 0.5, gaeLambda: 0 })).toThrow(
      /got Infinity at step 1 of the rollout, environment 1/,
    );
  });
});

test("observations behind ends: as many as there are, in their order, and forgotten at the next round", () => {
  const ends = new BootstrapObservations(2, 3);
  const seen = Float32Array.of(1, 2, 3, 4, 5, 6);
  for (let k = 0; k < 5; k++)
    ends.add(
      10 + k,
      seen.map((x) => x + 10 * k),
      k % 2,
    );
  expect(ends.count).toBe(5);
  expect([...ends.rows]).toEqual([10, 11, 12, 13, 14]);
  expect([...ends.observations]).toEqual([1, 2, 3, 14, 15, 16, 21, 22, 23, 34, 35, 36, 41, 42, 43]);
  const copy = new BootstrapObservations(2, 3);
  copy.load(ends.rows.slice(), ends.observations.slice(), Float32Array.of(9, 8, 7, 6, 5, 4));
  expect([copy.count, [...copy.rows], [...copy.last]]).toEqual([5, [10, 11, 12, 13, 14], [9, 8, 7, 6, 5, 4]]);
  ends.clear();
  expect([ends.count, ends.rows.length, ends.observations.length]).toEqual([0, 0, 0]);
  ends.add(3, seen, 1);
  expect([[...ends.rows], [...ends.observations]]).toEqual([[3], [4, 5, 6]]);
});

test("a copy is one of the rollout's shape, in every array", () => {
  const shape = { steps: 3, environments: 2, observationSize: 2, actionSize: 1, maskSize: 3, stateSize: 4 };
  const copy = (): RolloutCopy => ({
    ...{ observations: new Float32Array(8), actions: new Float32Array(4), masks: new Float32Array(12) },
    ...{ logProbs: new Float32Array(4), rewards: new Float64Array(4), terminated: flags(0, 0, 0, 0) },
    ...{ truncated: flags(0, 0, 0, 0), cutRows: Int32Array.of(0, 3), cutObservations: new Float32Array(4) },
    ...{ lastObservations: new Float32Array(4), states: new Float32Array(8), starts: new Float32Array(4) },
  });
  expect(isCopyOf(shape, copy())).toBe(true);
  expect(
    isCopyOf({ ...shape, stateSize: 0 }, { ...copy(), states: new Float32Array(0), starts: new Float32Array(0) }),
  ).toBe(true);
  expect(isCopyOf({ ...shape, steps: 1 }, copy())).toBe(false);
  expect(isCopyOf(shape, { ...copy(), cutRows: Int32Array.of(0, 4) })).toBe(false);
  expect(isCopyOf(shape, { ...copy(), cutRows: Int32Array.of(-1, 3) })).toBe(false);
  for (const name of Object.keys(copy()) as (keyof RolloutCopy)[])
    expect(isCopyOf(shape, { ...copy(), [name]: new Float32Array(5) })).toBe(false);
  const none = Object.fromEntries(
    Object.keys(copy()).map((name) => [name, new Float32Array(0)]),
  ) as unknown as RolloutCopy;
  expect(isCopyOf(shape, none)).toBe(false);
});

describe("normalisers", () => {
  test("indices pass, numbers are scaled; a copy of the scaling does not move", () => {
    const normaliser = new ObservationNormaliser(dict({ gear: discrete(5), at: box({ low: -9, high: 9 }) }), 1.5);
    normaliser.update(Float64Array.of(4, 0, 2, 4), 2);
    const out = new Float32Array(4);
    normaliser.apply(Float64Array.of(4, 4, 1, -100), out);
    expectClose(out, [4, 1, 1, -1.5], 1e-6);
    const scaling = normaliser.scaling();
    expect([[...scaling.mean], scaling.clip]).toEqual([[0, 2], 1.5]);
    expectClose(scaling.scale, [1, 0.5], 1e-8);
    normaliser.update(Float64Array.of(0, 8), 1);
    expect([...scaling.mean]).toEqual([0, 2]);
    expect(normaliser.form.safeParse(normaliser.save()).success).toBe(true);
    expect(normaliser.form.safeParse({ ...normaliser.save(), mean: [1] }).success).toBe(false);
  });

  test("rewards: saved returns go on, restarted ones begin at 0", () => {
    const make = () => new RewardNormaliser(2, 0.5, 3);
    const step = (one: RewardNormaliser, a: number, b: number, ends = 0) => {
      const out = new Float64Array(4);
      one.apply(Float64Array.of(a, b), flags(ends, 0), flags(0, ends), out, 2);
      return [...out];
    };
    const one = make();
    step(one, 1, 5);
    expect([...one.returns]).toEqual([1, 5]);
    const saved = structuredClone(one.save());
    expect(one.form.safeParse(saved).success).toBe(true);
    const copy = make();
    copy.load(saved);
    const next = step(one, 2, 3);
    expect(step(copy, 2, 3)).toEqual(next);
    expect([...one.returns]).toEqual([2.5, 5.5]);
    expect(next.slice(0, 2)).toEqual([0, 0]);
    const scale = 1 / Math.sqrt(one.moments.variance[0] + 1e-8);
    expect(next.slice(2)).toEqual([Math.min(2 * scale, 3), Math.min(3 * scale, 3)]);
    expect(
      step(one, -1000, 1000)
        .slice(2)
        .every((x) => Math.abs(x) <= 3),
    ).toBe(true);
    step(one, 1, 1, 1);
    expect([...one.returns]).toEqual([0, 0]);
    step(copy, 1, 1);
    copy.restart();
    expect([...copy.returns]).toEqual([0, 0]);
  });
});

describe("signs", () => {
  test("the scale farthest from 1, in ratio, over columns of numbers", () => {
    const rows = Float32Array.of(5, 0.1, 100, 0, 5, 0.1, -100, 0);
    expect(observationScale(rows, 2, [true, true, false, true])).toBeCloseTo(0.1, 6);
    expect(observationScale(rows, 2, [true, true, true, true])).toBeCloseTo(100, 4);
    expect(observationScale(rows, 1, [true, false, false, true])).toBeCloseTo(5, 6);
    expect(observationScale(rows, 2, [false, false, false, true])).toBe(1);
    const long = new Float32Array(1024).fill(1);
    for (let i = 0; i < 1024; i += 4) long[i] = 3;
    expect(observationScale(long, 1024, [true])).toBeCloseTo(3, 6);
  });

  test("shares of rows at a bound, of the column that has most", () => {
    const counter = new ActionsAtBound([-1, 0, 2, Number.NEGATIVE_INFINITY], [1, 5, 2, 4]);
    counter.count(Float32Array.of(-1, 5, 2, 4, 1, 5, 2, 3, 0, 5, 2, 3));
    expect(counter.take()).toBe(1);
    counter.count(Float32Array.of(-1, 5, 2, 4, 1, 1, 2, 4, -1, 1, 2, 3, -1, 1, 2, 3));
    expect(counter.take()).toBe(0.75);
    expect(counter.take()).toBe(0);
  });
});

describe("whole episodes that are played", () => {
  /** Environment i's episodes have i + 1 steps. */
  const spec = specOf({ terminated: (step, i) => step % (i + 1) === 0, observation: (step) => step });
  const play = async (episodes: number, more: Partial<Parameters<typeof playEpisodes>[1]> = {}) => {
    const log: string[] = [];
    const starts: number[][] = [];
    const progress: unknown[] = [];
    const environment = await playEpisodes(
      spec,
      {
        ...{ episodes, seed: 4, environmentOptions: undefined, longestEpisode: LONGEST_EPISODE },
        onProgress: (now) => progress.push({ ...now }),
        ...more,
      },
      () => ({
        act: (_, begins) => starts.push([...begins]),
        before: (i) => log.push(`before ${i}`),
        after: (i, ended) => log.push(`after ${i}${ended ? " end" : ""}`),
      }),
    );
    return { log, starts, progress, environment };
  };

  test("each environment plays its share and no more is told of it", async () => {
    const { log, starts, progress, environment } = await play(3);
    expect(environment.id).toBe("Scripted-v0");
    expect(log).toEqual([
      ...["before 0", "before 1", "before 2", "after 0 end", "after 1", "after 2"],
      ...["before 1", "before 2", "after 1 end", "after 2"],
      ...["before 2", "after 2 end"],
    ]);
    expect(starts).toEqual([
      [1, 1, 1],
      [1, 0, 0],
      [1, 1, 0],
    ]);
    expect(progress.at(-1)).toEqual({ done: 3, episodes: 3, steps: 9, longest: 0 });
  });

  test("more than there are environments: the first ones play one more", async () => {
    const { log } = await play(250);
    const ends = (i: number) => log.filter((line) => line === `after ${i} end`).length;
    expect([ends(0), ends(49), ends(50), ends(99)]).toEqual([3, 3, 2, 2]);
    expect(log.filter((line) => line.endsWith("end"))).toHaveLength(250);
  });

  test("an episode that is longer than any is refused with what there was; an aborted signal ends it", async () => {
    await expect(play(3, { longestEpisode: 2 })).rejects.toThrow(/more than 2 steps, after 2 of 3 episodes had ended/);
    expect((await play(3, { longestEpisode: 3 })).log).toHaveLength(12);
    await expect(play(3, { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
    expect(LONGEST_EPISODE).toBe(100_000);
  });
});
