/** Wrappers of environments: what each does, in closed form, and that all of them go on exactly from a saved state. */

import { describe, expect, test } from "vitest";
import {
  actionRepeat,
  batchFromFactory,
  box,
  checkEnvironment,
  discrete,
  drawFrames,
  type Environment,
  environmentSpec,
  episodeStatistics,
  type Frame,
  frameStack,
  type GoldenEpisode,
  MaskedCorridor,
  normalizeObservation,
  normalizeReward,
  recordGolden,
  replayGolden,
  rescaleAction,
  timeLimit,
} from "../../src/envs/index.ts";
import { stringifyExact } from "../../src/files/exactJson.ts";
import { RandomStream, streams } from "../../src/random/index.ts";
import { whyNotScene } from "../../src/scenes/whyNotScene.ts";

const cartPole = () => environmentSpec("CartPole-v1").makeSingle();
const pendulum = () => environmentSpec("Pendulum-v1").makeSingle();

/** Shows and pays what it is told to: the k-th step gives rewards[k], and ends after the last. */
function told(rewards: readonly number[], shape: readonly number[] = [1]) {
  const size = shape.reduce((a, b) => a * b, 1);
  let at = 0;
  const environment: Environment<Float32Array, number> & { taken: number[] } = {
    taken: [],
    observationSpace: box({ low: -1000, high: 1000, shape }),
    actionSpace: discrete(3),
    reset() {
      at = 0;
      return { observation: new Float32Array(size).fill(10) };
    },
    step(action) {
      environment.taken.push(action);
      const observation = Float32Array.from({ length: size }, (_, j) => 100 * (at + 1) + j);
      return { observation, reward: rewards[at++], terminated: at === rewards.length, truncated: false };
    },
  };
  return environment;
}

const clock = () => 0;
type Wrap = (environment: Environment) => Environment;
const wrappers: Record<string, Wrap> = {
  actionRepeat: (one) => actionRepeat(one, 3),
  drawFrames: (one) => drawFrames(one, () => undefined),
  episodeStatistics: (one) => episodeStatistics(one, { clock }),
  frameStack: (one) => frameStack(one as Environment<Float32Array>, 3) as Environment,
  normalizeObservation: (one) => normalizeObservation(one as Environment<Float32Array>) as Environment,
  normalizeReward: (one) => normalizeReward(one),
  recordGolden: (one) => recordGolden(one, () => undefined),
  timeLimit: (one) => timeLimit(one, 60),
  all: (one) =>
    frameStack(
      normalizeObservation(
        normalizeReward(
          actionRepeat(
            recordGolden(episodeStatistics(one, { clock }), () => undefined),
            2,
          ),
        ) as Environment<Float32Array>,
      ),
      2,
    ) as Environment,
};

/** What they remember outlasts episodes on purpose. */
const normalisers = ["normalizeObservation", "normalizeReward", "all"];

describe.each(Object.entries(wrappers))("%s", (name, wrap) => {
  const make = () => wrap(cartPole() as Environment);

  test("keeps the contract; statistics alone outlast a reset", () => {
    const rules = checkEnvironment(make, { steps: 80 }).map(({ rule }) => rule);
    expect(rules).toEqual(normalisers.includes(name) ? ["reset"] : []);
  });

  test("goes on to the bit from a state that went through JSON, over the ends of episodes", () => {
    const play = (one: Environment, random: RandomStream, steps: number) =>
      Array.from({ length: steps }, () => {
        const result = one.step(random.integer(2));
        return result.terminated || result.truncated ? [result, one.reset()] : [result];
      });
    const [live, copy] = [make(), make()];
    live.reset({ seed: 5 });
    play(live, new RandomStream(1, streams.user), 70);
    const saved: unknown = JSON.parse(stringifyExact(live.saveState?.()));
    copy.loadState?.(saved);
    const next = play(live, new RandomStream(2, streams.user), 70);
    expect(play(copy, new RandomStream(2, streams.user), 70)).toEqual(next);
    expect(copy.saveState?.()).toEqual(live.saveState?.());
  });

  test("passes masks, scenes and close through", () => {
    // Places of the corridor are no Box.
    if (["frameStack", "normalizeObservation", "all"].includes(name)) return;
    let closed = 0;
    const inner = Object.assign(new MaskedCorridor() as Environment, { close: () => closed++ });
    const outer = wrap(inner);
    outer.reset({ seed: 3 });
    expect(outer.actionMask?.()).toEqual(inner.actionMask?.());
    expect(outer.scene?.()).toEqual(inner.scene?.());
    outer.close?.();
    expect(closed).toBe(1);
  });
});

test("a refused state changes nothing", () => {
  for (const [name, wrap] of Object.entries(wrappers)) {
    if (name === "actionRepeat") continue;
    const one = wrap(cartPole() as Environment);
    one.reset({ seed: 1 });
    one.step(1);
    const before = one.saveState?.();
    for (const bad of [undefined, {}, { ...(before as object), inner: 3 }])
      expect(() => one.loadState?.(bad)).toThrow(/not a saved state/);
    expect(one.saveState?.()).toEqual(before);
  }
});

describe("frameStack", () => {
  test("the oldest first; the first observation stands for those before it", () => {
    const one = frameStack(told([0, 0, 0], [2]), 3);
    expect(one.observationSpace.shape).toEqual([3, 2]);
    expect([...one.reset().observation]).toEqual([10, 10, 10, 10, 10, 10]);
    expect([...one.step(0).observation]).toEqual([10, 10, 10, 10, 100, 101]);
    expect([...one.step(0).observation]).toEqual([10, 10, 100, 101, 200, 201]);
    expect([...one.step(0).observation]).toEqual([100, 101, 200, 201, 300, 301]);
    expect([...one.reset().observation]).toEqual([10, 10, 10, 10, 10, 10]);
  });

  test("images get more channels, first or last as their layout is; grey planes become images", () => {
    const first = frameStack(told([0], [2, 8, 8]), 4);
    expect(first.observationSpace.shape).toEqual([8, 8, 8]);
    const last = frameStack(told([0], [6, 6, 2]), 2);
    expect(last.observationSpace.shape).toEqual([6, 6, 4]);
    last.reset();
    expect([...last.step(0).observation.subarray(0, 8)]).toEqual([10, 10, 100, 101, 10, 10, 102, 103]);
    expect(frameStack(told([0], [8, 8]), 4).observationSpace.shape).toEqual([4, 8, 8]);
  });

  test("an observation that was handed out stays as it was", () => {
    const one = frameStack(told([0, 0]), 2);
    const { observation } = one.reset();
    one.step(0);
    expect([...observation]).toEqual([10, 10]);
  });
});

describe("actionRepeat", () => {
  test("sums rewards, shows the last step, and stops at the end", () => {
    const inner = told([1, 2, 4, 8, 16]);
    const one = actionRepeat(inner, 3);
    one.reset();
    expect(one.step(2)).toMatchObject({ reward: 7, observation: Float32Array.of(300), terminated: false });
    expect(one.step(1)).toMatchObject({ reward: 24, terminated: true });
    expect(inner.taken).toEqual([2, 2, 2, 1, 1]);
  });

  test("stops where the mask no longer allows the action", () => {
    const one = actionRepeat(new MaskedCorridor(), 5);
    // From place 0: its code for a step forward stands for nothing in place 1.
    const seed = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].find((seed) => one.reset({ seed }).observation === 0);
    expect(one.reset({ seed }).observation).toBe(0);
    expect(one.step(3)).toMatchObject({ observation: 1, reward: 0.9 });
  });
});

describe("rescaleAction", () => {
  test("both ends exactly, the middle in the middle, each element by its own bounds", () => {
    let got: number[] = [];
    const inner: Environment<number, Float32Array> = {
      observationSpace: discrete(2),
      actionSpace: box({ low: [-2, 0], high: [0.1, 5] }),
      reset: () => ({ observation: 0 }),
      step: (action) => {
        got = [...action];
        return { observation: 0, reward: 0, terminated: false, truncated: false };
      },
    };
    const one = rescaleAction(inner, 0, 10);
    expect(one.actionSpace).toEqual(box({ low: 0, high: 10, shape: [2] }));
    one.step(Float32Array.of(0, 10));
    expect(got).toEqual([-2, 5]);
    one.step(Float32Array.of(10, 5));
    expect(got).toEqual([Math.fround(0.1), 2.5]);
  });

  test("needs finite bounds, in order", () => {
    expect(() => rescaleAction(pendulum(), 1, 1)).toThrow(/hold nothing between them/);
    const open = Object.assign(pendulum(), { actionSpace: box({ low: 0, high: Infinity, shape: [1] }) });
    expect(() => rescaleAction(open)).toThrow(/finite bounds/);
    expect(() => rescaleAction(cartPole() as unknown as ReturnType<typeof pendulum>)).toThrow(/needs Box actions/);
  });
});

describe("normalising", () => {
  test("observations by the moments of all that was seen, clipped", () => {
    const one = normalizeObservation(told([0, 0, 0]), { clip: 1.2 });
    expect([...one.reset().observation]).toEqual([0]);
    one.step(0);
    const third = one.step(0).observation[0];
    const seen = [10, 100, 200];
    const mean = seen.reduce((a, b) => a + b) / 3;
    const variance = seen.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 3;
    expect(one.moments()).toMatchObject({ count: 3 });
    expect(one.moments().mean[0]).toBeCloseTo(mean, 10);
    expect(one.moments().variance[0]).toBeCloseTo(variance, 8);
    expect(third).toBe(Math.fround(1.2));
    const frozen = normalizeObservation(told([0]), { update: false, moments: one.moments() });
    expect(frozen.reset().observation[0]).toBeCloseTo((10 - mean) / Math.sqrt(variance + 1e-8), 5);
    expect(frozen.moments()).toEqual(one.moments());
    expect(() => normalizeObservation(told([0], [2]), { moments: one.moments() })).toThrow(/not 2 numbers/);
  });

  test("rewards by the deviation of the discounted return, which ends with the episode", () => {
    const one = normalizeReward(told([1, 3]), { gamma: 0.5 });
    one.reset();
    expect(one.step(0).reward).toBe(1);
    // Returns 1 and 3.5.
    expect(one.step(0).reward).toBeCloseTo(3 / 1.25, 6);
    one.reset();
    // Returns 1, 3.5 and 1: what came before the end does not go on.
    expect(one.step(0).reward).toBeCloseTo(1 / Math.sqrt(((1 - 5.5 / 3) ** 2 * 2 + (3.5 - 5.5 / 3) ** 2) / 3), 6);
  });
});

test("episodeStatistics: return, length and seconds, beside the info there is", () => {
  let milliseconds = 0;
  const one = episodeStatistics(told([1, 2, 4]), { clock: () => milliseconds });
  for (let episode = 0; episode < 2; episode++) {
    one.reset();
    milliseconds += 500;
    expect([one.step(0).info, one.step(0).info]).toEqual([undefined, undefined]);
    milliseconds += 1000;
    expect(one.step(0).info).toEqual({ episode: { return: 7, length: 3, seconds: 1.5 } });
  }
});

describe("recordGolden", () => {
  test("what it writes is what ascent replay follows, through a stop in the midst", () => {
    const episodes: GoldenEpisode[] = [];
    const make = () => {
      const inner = cartPole();
      const initial = () => ({
        state: (inner.saveState?.() as { batch: { state: number[] } } | undefined)?.batch.state ?? [],
      });
      return recordGolden(inner, (episode) => episodes.push(episode), { initial });
    };
    const random = new RandomStream(3, streams.user);
    let one = make();
    one.reset({ seed: 8 });
    for (let t = 0; t < 60; t++) {
      const { terminated } = one.step(random.integer(2));
      if (terminated) one.reset();
      if (t !== 20) continue;
      const saved: unknown = JSON.parse(stringifyExact(one.saveState?.()));
      one = make();
      one.loadState?.(saved);
    }
    one.close?.();
    const steps = episodes.reduce((sum, { rewards }) => sum + rewards.length, 0);
    expect(steps).toBe(60);
    expect(episodes.length).toBeGreaterThan(1);
    const report = replayGolden(JSON.parse(JSON.stringify({ env: "CartPole-v1", episodes })), 0);
    expect(report).toMatchObject({ agrees: true, steps: 60, maxObservationError: 0 });
  });

  test("an episode that a reset breaks off is given too, one without a step is not", () => {
    const episodes: GoldenEpisode[] = [];
    const one = recordGolden(told([1, 2, 3]), (episode) => episodes.push(episode));
    one.reset();
    one.reset();
    one.step(2);
    one.reset();
    expect(episodes).toEqual([
      { obs0: [10], actions: [[2]], obs: [[100]], rewards: [1], terminated: [false], truncated: [false] },
    ]);
  });
});

describe("drawFrames", () => {
  test("the first state, every n-th, and the last", () => {
    const frames: Frame[] = [];
    const one = drawFrames(timeLimit(cartPole(), 8), (frame) => frames.push(frame), { every: 3, width: 200 });
    one.reset({ seed: 0 });
    for (let t = 0; t < 8; t++) one.step(t % 2);
    one.reset();
    expect(frames.map(({ episode, step }) => [episode, step])).toEqual([
      [0, 0],
      [0, 3],
      [0, 6],
      [0, 8],
      [1, 0],
    ]);
    for (const { scene, svg } of frames) {
      expect(whyNotScene(scene)).toBeUndefined();
      expect(svg).toMatch(/^<svg .*width="200"/);
    }
  });

  test("an environment that does not draw itself is told so", () => {
    expect(() => drawFrames(told([0]), () => undefined)).toThrow(/does not draw itself/);
  });
});

test("wrapped environments are batched and resumed as others", () => {
  const make = () => batchFromFactory(() => frameStack(normalizeObservation(cartPole()), 2), 3);
  const [a, b] = [make(), make()];
  expect([a.observationSize, a.exactState]).toEqual([8, true]);
  a.reset(4);
  for (let t = 0; t < 40; t++) a.step(Float32Array.of(t % 2, 1, 0));
  b.loadState(JSON.parse(stringifyExact(a.saveState())));
  for (let t = 0; t < 40; t++) {
    for (const batch of [a, b]) batch.step(Float32Array.of(1, t % 2, 0));
    expect(b.observations).toEqual(a.observations);
  }
});
