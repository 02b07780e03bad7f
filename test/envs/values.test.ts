/** Spaces, masks, wrappers and single environments where they are easily got wrong: rows behind the first, bounds, seeds, what is passed on. */
import { describe, expect, test } from "vitest";
import { mountainCarContinuous } from "../../src/envs/classic-control/mountain-car-continuous.ts";
import {
  batchFromFactory,
  box,
  checkEnvironment,
  clipAction,
  dict,
  discrete,
  type Environment,
  environmentSpec,
  hideMask,
  multiBinary,
  multiDiscrete,
  type Space,
  singleFromBatched,
  timeLimit,
  transformReward,
  withoutMasks,
} from "../../src/envs/index.ts";
import { unusableMask, unusableMaskRow, whyNotMask } from "../../src/envs/masks.ts";
import { RoundingWatch } from "../../src/envs/roundingWatch.ts";
import { whyNotSpace } from "../../src/envs/spaces/kinds.ts";
import {
  choiceColumns,
  maskSize,
  readFlat,
  sampleFlat,
  whyNotFlat,
  whyNotIn,
  writeFlat,
} from "../../src/envs/spaces.ts";
import { cos } from "../../src/math/deterministic.ts";
import { deriveSeed, RandomStream, streams } from "../../src/random/index.ts";
import { Corridor } from "./corridor.ts";

const mixed = dict({
  speed: box({ low: [-1, 0], high: [1, Number.POSITIVE_INFINITY] }),
  gear: discrete(3, 5),
  parts: dict({ keys: multiBinary(2), dials: multiDiscrete([2, 4]) }),
});

describe("columns of a Dict, from an offset on", () => {
  const value = { speed: [0.5, 7], gear: 6, parts: { keys: [1, 0], dials: [1, 3] } };
  const columns = [0.5, 7, 6, 1, 0, 1, 3];

  test("written, read and checked where they lie", () => {
    const out = new Float64Array(10).fill(9);
    writeFlat(mixed, value, out, 2);
    expect([...out]).toEqual([9, 9, ...columns, 9]);
    expect(readFlat(mixed, out, 2)).toEqual({
      speed: Float32Array.of(0.5, 7),
      gear: 6,
      parts: { keys: Uint8Array.of(1, 0), dials: Int32Array.of(1, 3) },
    });
    expect(whyNotFlat(mixed, out, 2)).toBeUndefined();
    expect(whyNotFlat(mixed, out, 1)).toMatch(/field "speed"/);
  });

  test.each([
    [0, -2, 'field "speed": element 0: -2 is outside [-1, 1]'],
    [1, -0.1, 'field "speed": element 1: -0.1 is outside [0, Infinity]'],
    [2, 4, 'field "gear": 4 is not an integer in [5, 7]'],
    [2, 8, 'field "gear": 8 is not an integer in [5, 7]'],
    [3, 2, 'field "parts": field "keys": element 0: 2 is not an integer in [0, 1]'],
    [5, 2, 'field "parts": field "dials": element 0: 2 is not an integer in [0, 1]'],
    [6, 4, 'field "parts": field "dials": element 1: 4 is not an integer in [0, 3]'],
  ])("column %d of %d", (column, x, why) => {
    const bad = columns.with(column, x);
    expect(whyNotFlat(mixed, bad, 0)).toBe(why);
    expect(whyNotIn(mixed, readFlat(mixed, Float64Array.from(bad), 0))).toBe(
      why.replace("-0.1", String(Math.fround(-0.1))),
    );
  });

  test("choices and masks, in the order of the columns", () => {
    expect(choiceColumns(mixed)).toEqual([
      { column: 2, start: 5, size: 3 },
      { column: 5, start: 0, size: 2 },
      { column: 6, start: 0, size: 4 },
    ]);
    expect(maskSize(mixed)).toBe(9);
  });

  test("what cannot be written says so", () => {
    const out = new Float32Array(7);
    const wrong: [unknown, RegExp][] = [
      [null, /got null/],
      [{ ...value, gear: "6" }, /got "6"/],
      [{ speed: [1, 2], gear: 6 }, /an object without "parts"/],
      [{ ...value, speed: [1] }, /1 elements/],
      [{ ...value, speed: [1, "2"] }, /element 1 = "2"/],
    ];
    for (const [bad, message] of wrong) expect(() => writeFlat(mixed, bad, out, 0)).toThrow(message);
  });
});

test("random values are spread as said: uniform between bounds, exponential from one, normal without", () => {
  const space = box({
    low: [-2, 3, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
    high: [4, Number.POSITIVE_INFINITY, -1, Number.POSITIVE_INFINITY],
  });
  const random = new RandomStream(3, streams.user);
  const count = 20_000;
  const drawn = new Float32Array(4 * count);
  for (let i = 0; i < count; i++) sampleFlat(space, random, drawn, 4 * i);
  const column = (j: number) => Array.from({ length: count }, (_, i) => drawn[4 * i + j]);
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / count;
  const moments = [0, 1, 2, 3].map((j) => [mean(column(j)), mean(column(j).map((x) => x * x)) - mean(column(j)) ** 2]);
  for (const [j, [expected, variance]] of [
    [1, 3],
    [4, 1],
    [-2, 1],
    [0, 1],
  ].entries()) {
    expect(Math.abs(moments[j][0] - expected)).toBeLessThan(4 * Math.sqrt(variance / count));
    expect(moments[j][1] / variance).toBeCloseTo(1, 1);
  }
  expect(Math.min(...column(1))).toBeGreaterThanOrEqual(3);
  expect(Math.max(...column(2))).toBeLessThanOrEqual(-1);
  const counts = new Map<string, number>();
  for (let i = 0; i < 4000; i++) {
    const out = new Float32Array(4);
    sampleFlat(dict({ gear: discrete(2, 5), rest: multiDiscrete([1, 2]), key: multiBinary(1) }), random, out, 0);
    counts.set(out.join(), (counts.get(out.join()) ?? 0) + 1);
  }
  const all = [5, 6].flatMap((gear) => [0, 1].flatMap((dial) => [0, 1].map((key) => `${gear},0,${dial},${key}`)));
  expect([...counts.keys()].sort()).toEqual(all);
  for (const seen of counts.values()) expect(Math.abs(seen - 500)).toBeLessThan(90);
});

test.each<[unknown, string]>([
  [3, "not an object"],
  [{ kind: "ball" }, "its kind is none of box, discrete, multiDiscrete, multiBinary, dict"],
  [{ kind: "box", shape: [2, 0], low: [], high: [] }, "its shape is not a list of positive integers"],
  [{ kind: "box", shape: [2, 2], low: [0, 0, 0, 0], high: [1, 1] }, "low and high are not 4 numbers each"],
  [{ kind: "box", shape: [1], low: [0, 0], high: [1] }, "low and high are not 1 numbers each"],
  [{ kind: "discrete", n: 0, start: 0 }, "n or start is not an integer"],
  [{ kind: "discrete", n: 2 }, "n or start is not an integer"],
  [{ kind: "multiDiscrete", categories: [] }, "its categories are not a list of positive integers"],
  [{ kind: "multiDiscrete", categories: [2, 0] }, "its categories are not a list of positive integers"],
  [{ kind: "multiBinary", n: 1.5 }, "n is not a positive integer"],
  [{ kind: "dict" }, "it has no fields"],
  [{ kind: "dict", fields: { a: { kind: "multiBinary" } } }, 'its field "a": n is not a positive integer'],
])("%j is no space: %s", (space, why) => {
  expect(whyNotSpace(space)).toBe(why);
});

test("integers have to survive a float32 column", () => {
  expect(discrete(2 ** 24).n).toBe(2 ** 24);
  expect(discrete(24, -(2 ** 24) + 24).start).toBe(-(2 ** 24) + 24);
  for (const call of [
    () => discrete(2 ** 24 + 1),
    () => discrete(24, 2 ** 24 - 23),
    () => multiDiscrete([2 ** 24 + 1]),
  ])
    expect(call).toThrow(/2\^24|2\*\*24|16777216/);
});

describe("masks", () => {
  const space = multiDiscrete([2, 3]);

  test.each<[Space, unknown, string | undefined]>([
    [space, Uint8Array.of(1, 0, 0, 0, 1), undefined],
    [space, Uint8Array.of(1, 0, 0, 0, 0), "a mask that allows no action"],
    [space, Uint8Array.of(0, 0, 0, 0, 1), "a mask that allows no action"],
    [space, Uint8Array.of(1, 0, 0, 2, 1), "entries other than 0 and 1"],
    [space, Uint8Array.of(1, 0, 1, 1), "4 entries"],
    [space, [1, 0, 1, 1, 1], "an array of 5, not a Uint8Array"],
    [box({ low: 0, high: 1 }), Uint8Array.of(1), "a mask for Box([1], 0..1), which cannot have one"],
  ])("of %o: %o", (of, mask, why) => {
    if (why === undefined) expect(whyNotMask(of, mask)).toBeUndefined();
    else expect(whyNotMask(of, mask)).toContain(why.includes("array of 5") ? "not a Uint8Array" : why);
  });

  test("the first unusable row is found, and shown by its own entries", () => {
    const good = [1, 0, 0, 0, 1];
    expect(unusableMaskRow(space, [...good, ...good])).toBe(-1);
    expect(unusableMaskRow(space, [...good, ...good, 1, 0, 0, 0, 0])).toBe(2);
    expect(unusableMaskRow(space, [...good, 0.5, 1, 1, 1, 1])).toBe(1);
    const odd = unusableMask("who", "now", space, [...good, 1, 0, 0, -3, 1], 1);
    expect(odd.message).toMatch(/who, has a bad action mask now: got -3 at entry 3, expected 0/);
    const none = unusableMask("who", "now", space, [...good, 0, 0, 1, 1, 1], 1);
    expect(none.message).toMatch(/who, allows no action now: got an action mask of zeros/);
  });
});

describe("what float32 does not keep", () => {
  const pair = box({ low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY, shape: [2] });

  test("two observations that become one, and the column in which they differ", () => {
    const watch = new RoundingWatch(pair);
    expect(watch.see([1, 1e8])).toBeUndefined();
    expect(watch.see([1, 1e8])).toBeUndefined();
    expect(watch.see([1, 2e8])).toBeUndefined();
    expect(watch.see([1, 1e8 + 1])).toBe("100000000 and 100000001 in column 1 of two observations otherwise alike");
    expect(watch.see([0.1 + 0.2, 5])).toBeUndefined();
    expect(watch.see([0.3, 5])).toBeUndefined();
  });

  test("a column that moves and stands still in float32; one that never moves is nothing", () => {
    const watch = new RoundingWatch(pair);
    for (const [k, x] of [0, 2, -1].entries()) watch.see([k, 1e9 + x]);
    expect(watch.stillColumn()).toBe("numbers from 999999999 to 1000000002 in column 1");
    const still = new RoundingWatch(pair);
    for (let k = 0; k < 3; k++) still.see([-k, 1e9]);
    expect(still.stillColumn()).toBeUndefined();
  });
});

describe("wrappers", () => {
  const closing = () => {
    const environment = new Corridor() as Environment & { closed?: number };
    environment.closed = 0;
    environment.close = () => {
      environment.closed = (environment.closed ?? 0) + 1;
    };
    return environment;
  };
  const wrappers: [string, (environment: Environment) => Environment][] = [
    ["timeLimit", (environment) => timeLimit(environment, 5)],
    ["transformReward", (environment) => transformReward(environment, (reward) => 2 * reward)],
    ["hideMask", hideMask],
  ];

  test.each(wrappers)("%s passes spaces, state and close through, masks unless they are to be hidden", (name, wrap) => {
    const inner = closing();
    const outer = wrap(inner);
    expect([outer.observationSpace, outer.actionSpace]).toEqual([inner.observationSpace, inner.actionSpace]);
    const { observation } = outer.reset({ seed: 12 });
    expect(observation).toEqual(new Corridor().reset({ seed: 12 }).observation);
    expect(outer.actionMask?.()).toEqual(name === "hideMask" ? undefined : inner.actionMask?.());
    outer.step(1);
    const saved = outer.saveState?.();
    const expected = outer.step(1);
    const copy = wrap(new Corridor() as Environment);
    copy.loadState?.(saved);
    expect(copy.step(1)).toEqual(expected);
    outer.close?.();
    expect(inner.closed).toBe(1);
  });

  test.each(wrappers)("%s of an environment without masks or state has none", (_, wrap) => {
    const plain: Environment = {
      observationSpace: discrete(2),
      actionSpace: discrete(2),
      reset: () => ({ observation: 0 }),
      step: () => ({ observation: 1, reward: 3, terminated: false, truncated: false }),
    };
    const outer = wrap(plain);
    expect([outer.actionMask, outer.saveState, outer.loadState]).toEqual([undefined, undefined, undefined]);
    outer.close?.();
  });

  test("a time limit counts anew after each reset, and keeps the environment's own ends", () => {
    let cut = false;
    const plain: Environment = {
      ...{ observationSpace: discrete(2), actionSpace: discrete(2), reset: () => ({ observation: 0 }) },
      step: () => ({ observation: 1, reward: 3, terminated: false, truncated: cut }),
    };
    const limited = timeLimit(plain, 3);
    for (let episode = 0; episode < 2; episode++) {
      limited.reset();
      expect([1, 2, 3, 4].map(() => limited.step(0).truncated)).toEqual([false, false, true, true]);
    }
    limited.reset();
    cut = true;
    expect(limited.step(0).truncated).toBe(true);
  });

  test("a state of a time limit is one", () => {
    const limited = timeLimit(new Corridor() as Environment, 3);
    limited.reset({ seed: 1 });
    for (const bad of [undefined, {}, { steps: -1, inner: {} }, { steps: 0.5, inner: {} }])
      expect(() => limited.loadState?.(bad)).toThrow(/not a saved state of timeLimit/);
  });

  test("actions are clipped element by element, to bounds of their own", () => {
    let got: number[] = [];
    const inner: Environment = {
      observationSpace: discrete(2),
      actionSpace: box({ low: [-1, 0, -5], high: [1, 2, Number.POSITIVE_INFINITY] }),
      reset: () => ({ observation: 0 }),
      step: (action) => {
        got = [...(action as Float32Array)];
        return { observation: 0, reward: 0, terminated: false, truncated: false };
      },
    };
    const clipped = clipAction(inner as Environment<unknown, Float32Array>);
    clipped.step([-3, -3, -3]);
    expect(got).toEqual([-1, 0, -3]);
    clipped.step([3, 3, 1e30]);
    expect(got).toEqual([1, 2, Math.fround(1e30)]);
  });

  test("without its masks a task is the same task under the same name", () => {
    const spec = environmentSpec("MaskedCorridor-v1");
    const bare = withoutMasks(spec);
    const [batch, single] = [bare.make(2), bare.makeSingle()];
    expect([bare.id, batch.id, batch.actionMasks, single.actionMask]).toEqual([spec.id, spec.id, undefined, undefined]);
    const masked = spec.make(2);
    for (const one of [batch, masked]) one.reset(3);
    for (let t = 0; t < 120; t++) {
      const masks = masked.actionMasks!;
      const actions = Float32Array.of(masks.subarray(0, 40).indexOf(1), masks.subarray(40).indexOf(1));
      for (const one of [batch, masked]) one.step(actions);
      for (const name of ["observations", "rewards", "terminated", "truncated"] as const)
        expect(batch[name]).toEqual(masked[name]);
    }
    expect(batch.count).toBe(2);
  });
});

test("a batch made of single environments starts the same episodes whenever it is reset to the seed", () => {
  const batch = batchFromFactory(() => new Corridor(), 2, { maxEpisodeSteps: 3 });
  const course = () => {
    batch.reset(4);
    const seen = [[...batch.observations]];
    for (let t = 0; t < 8; t++) {
      batch.step(Float32Array.of(1, 1));
      seen.push([...batch.observations]);
    }
    return seen;
  };
  const first = course();
  expect(course()).toEqual(first);
  batch.reset(5);
  expect([...batch.observations]).not.toEqual(first[0]);
});

test("the checker looks at images within a Dict, however deep", () => {
  const unclear = box({ low: 0, high: 255, shape: [7, 7, 20] });
  const observation = () => ({ a: { eye: new Float32Array(980) } });
  const findings = checkEnvironment(() => ({
    observationSpace: dict({ a: dict({ eye: unclear }) }),
    actionSpace: discrete(2),
    reset: () => ({ observation: observation() }),
    step: () => ({ observation: observation(), reward: 0, terminated: true, truncated: false }),
  }));
  expect(findings.filter(({ rule }) => rule === "image-layout")).toHaveLength(1);
});

describe("one environment for people", () => {
  test("the first episode starts from the seed, each further one from a seed of its own, which a new seed begins anew", () => {
    const batch = environmentSpec("Pendulum-v1").make(1);
    const seeds: number[] = [];
    const reset = batch.reset.bind(batch);
    batch.reset = (seed) => {
      seeds.push(seed);
      reset(seed);
    };
    const single = singleFromBatched(batch);
    for (const options of [undefined, {}, { seed: 7 }, undefined, undefined, { seed: 0 }, undefined])
      single.reset(options);
    const derived = (seed: number, k: number) => deriveSeed(seed, streams.environmentSeeds, 0, k);
    expect(seeds).toEqual([0, derived(0, 1), 7, derived(7, 1), derived(7, 2), 0, derived(0, 1)]);
    expect(() => single.reset({ seed: -1 })).toThrow(expect.objectContaining({ name: "AscentError" }));
  });

  test("what it refuses: steps before and behind an episode, states of others", () => {
    const spec = environmentSpec("Pendulum-v1");
    const single = spec.makeSingle();
    expect(() => single.step(Float32Array.of(0))).toThrow(/step was called before reset/);
    expect(() => single.saveState?.()).toThrow(/saveState was called before reset/);
    single.reset({ seed: 1 });
    for (let t = 1; t <= 200; t++) expect(single.step([0]).truncated).toBe(t === 200);
    expect(() => single.step(Float32Array.of(0))).toThrow(/after the episode's end/);
    const ended = single.saveState?.() as Record<string, unknown>;
    const copy = spec.makeSingle();
    copy.loadState?.(ended);
    expect(() => copy.step(Float32Array.of(0))).toThrow(/after the episode's end/);
    copy.reset();
    expect(copy.step(Float32Array.of(0)).reward).toBeLessThanOrEqual(0);
    for (const bad of [
      { ...ended, id: "CartPole-v1" },
      { ...ended, phase: "new" },
      { ...ended, resets: -1 },
    ])
      expect(() => copy.loadState?.(bad)).toThrow(/not a saved state of Pendulum-v1/);
  });
});

test("states are for environments that take them: others begin their next episodes", () => {
  class Forgetful extends Corridor {}
  Object.assign(Forgetful.prototype, { saveState: undefined, loadState: undefined });
  const [exact, other] = [new Corridor(), new Forgetful()].map((_, k) =>
    batchFromFactory(() => (k === 0 ? new Corridor() : new Forgetful()), 2),
  );
  expect([exact.exactState, other.exactState]).toEqual([true, false]);
  exact.reset(3);
  exact.step(Float32Array.of(1, 1));
  other.loadState(exact.saveState());
  const next = batchFromFactory(() => new Forgetful(), 2);
  next.reset(3);
  const { episodes } = exact.saveState() as { episodes: number[] };
  expect((other.saveState() as { episodes: number[] }).episodes).toEqual(episodes.map((k) => k + 1));
  expect([...other.observations]).not.toEqual([...next.observations]);
  expect(other.rewards.every((reward) => reward === 0)).toBe(true);
  other.step(Float32Array.of(1, 1));
});

test("the first step of the continuous car is made with all the digits its start has", () => {
  const [state, rewards, terminated] = [new Float64Array(2), new Float64Array(1), new Uint8Array(1)];
  let rounded = 0;
  for (let k = 0; k < 200; k++) {
    const start = -0.6 + 0.001 * k + 1e-9 * k;
    state.set([start, 0]);
    mountainCarContinuous.advance(state, Float32Array.of(0.3), rewards, terminated, 1);
    const pull = Math.fround(
      Math.fround(Math.fround(0.3) * Math.fround(0.0015)) - Math.fround(0.0025 * cos(3 * start)),
    );
    expect(state[1]).toBe(Math.fround(pull));
    expect(state[0]).toBe(Math.fround(start + pull));
    if (Math.fround(start + pull) !== Math.fround(Math.fround(start) + pull)) rounded++;
  }
  expect(rounded).toBeGreaterThan(10);
});
