/** Acting: for every kind of space, one observation or many, with masks, and reproducibly. */

import { describe, expect, test } from "vitest";
import { box, contains, dict, discrete, multiBinary, multiDiscrete, type Space } from "../../src/envs/spaces.ts";
import { createPolicy, encodePolicy, loadPolicyFromBytes, type Policy } from "../../src/policies/index.ts";
import { numbers, seeded } from "../tensor/support.ts";
import { randomPolicy } from "./support.ts";

const three = box({ low: -9, high: 9, shape: [3] });
const observations = Array.from({ length: 20 }, (_, i) => numbers(seeded(i), 3));

const make = async (observation: Space, action: Space, seed = 0): Promise<Policy> =>
  createPolicy(await randomPolicy(observation, action), { seed });

describe("kinds of actions", () => {
  test.each([
    ["Discrete with a start", discrete(4, -2)],
    ["Box", box({ low: [-0.1, -5], high: [0.1, 5] })],
    ["MultiDiscrete", multiDiscrete([2, 3, 4])],
    ["MultiBinary", multiBinary(3)],
  ])("%s: values of the space, most probable and sampled, and not always the same", async (_, space) => {
    const policy = await make(three, space);
    for (const deterministic of [true, false]) {
      const actions = observations.map((observation) => policy.act(observation, { deterministic }));
      for (const action of actions) expect(contains(space, action), JSON.stringify(action)).toBe(true);
      expect(new Set(actions.map((action) => JSON.stringify(action))).size).toBeGreaterThan(1);
    }
  });

  test("Box actions are clipped to their bounds, and reach them", async () => {
    const policy = await make(three, box({ low: -0.1, high: 0.1, shape: [1] }));
    const reached = new Set(observations.map((o) => (policy.act(o, { deterministic: false }) as Float32Array)[0]));
    expect(reached).toContain(Math.fround(0.1));
    expect(reached).toContain(Math.fround(-0.1));
  });

  test("a mask is kept to, most probable and sampled", async () => {
    const policy = await make(three, discrete(3, 5));
    for (const observation of observations) {
      for (const deterministic of [true, false]) {
        expect([5, 7]).toContain(policy.act(observation, { deterministic, mask: [1, 0, 1] }));
      }
      expect(policy.act(observation, { mask: [0, 1, 0] })).toBe(6);
    }
  });
});

describe("kinds of observations", () => {
  test("Discrete is one-hot: what it is told by is the weight's row", async () => {
    const description = await randomPolicy(discrete(3, 10), discrete(3), { hidden: [] });
    const weight = description.weights["policy.head.0.weight"].data.fill(0);
    description.weights["policy.head.0.bias"].data.fill(0);
    weight.set([0, 0, 1, 1, 0, 0, 0, 1, 0]);
    const policy = await createPolicy(description);
    expect([10, 11, 12].map((o) => policy.act(o))).toEqual([2, 0, 1]);
  });

  test("Dict is laid out in the order of its fields, whatever the order of the observation's keys", async () => {
    const space = dict({
      place: discrete(3),
      sensors: box({ low: -9, high: 9, shape: [2] }),
      lamps: multiBinary(2),
      pair: multiDiscrete([2, 2]),
    });
    const policy = await make(space, box({ low: -1e3, high: 1e3, shape: [2] }));
    const observation = { place: 2, sensors: [0.5, -1], lamps: [1, 0], pair: [0, 1] };
    const columns = Float32Array.of(2, 0.5, -1, 1, 0, 0, 1);
    const expected = new Float32Array(2);
    policy.actBatch(columns, expected);
    expect(policy.act(observation)).toEqual(expected);
    const turned = { pair: [0, 1], lamps: [1, 0], sensors: [0.5, -1], place: 2 };
    expect(policy.act(turned)).toEqual(expected);
    expect(policy.act({ ...observation, place: 1 })).not.toEqual(expected);
  });
});

test("act and actBatch agree, one row or many", async () => {
  const description = await randomPolicy(three, box({ low: -9, high: 9, shape: [2] }));
  const [single, many] = [await createPolicy(description), await createPolicy(description, { rows: 20 })];
  const actions = new Float32Array(40);
  many.actBatch(Float32Array.from(observations.flat()), actions);
  observations.forEach((observation, i) => {
    const action = single.act(observation) as Float32Array;
    for (let j = 0; j < 2; j++) expect(action[j]).toBeCloseTo(actions[2 * i + j], 5);
  });
});

test("sampled actions repeat with the seed and differ without it", async () => {
  const [a, b, c] = await Promise.all([7, 7, 8].map((seed) => make(three, discrete(50), seed)));
  const play = (policy: Policy) => observations.map((o) => policy.act(o, { deterministic: false }));
  const first = play(a);
  expect(play(b)).toEqual(first);
  expect(play(c)).not.toEqual(first);
  expect(play(a)).not.toEqual(first);
});

test("an exported policy carries its normaliser (SB3 #383)", async () => {
  const scaling = { mean: Float64Array.of(1, -2, 0.5), scale: Float64Array.of(0.1, 4, 1), clip: 2 };
  const space = box({ low: -Infinity, high: Infinity, shape: [2] });
  const description = await randomPolicy(three, space, { hidden: [8] }, scaling);
  const original = await createPolicy(description);
  const loaded = await loadPolicyFromBytes(encodePolicy(description));
  const bare = await createPolicy({ ...description, scaling: undefined });
  for (const observation of observations) {
    const action = original.act(observation);
    expect(loaded.act(observation)).toEqual(action);
    expect(bare.act(observation)).not.toEqual(action);
    const seen = observation.map((x, i) => Math.min(Math.max((x - scaling.mean[i]) * scaling.scale[i], -2), 2));
    (bare.act(seen) as Float32Array).forEach((x, i) => {
      expect(x).toBeCloseTo((action as Float32Array)[i], 4);
    });
  }
});

test("observations far from 0 are normalised before they are rounded to float32", async () => {
  const away = box({ low: -Infinity, high: Infinity, shape: [1] });
  const scaling = { mean: Float64Array.of(0), scale: Float64Array.of(4), clip: 10 };
  const near = await randomPolicy(away, away, { hidden: [8] }, scaling);
  const far = { ...near, scaling: { ...scaling, mean: Float64Array.of(2 ** 30) } };
  const [a, b] = [await createPolicy(near), await loadPolicyFromBytes(encodePolicy(far))];
  const actions = [0, 1 / 16, 1 / 8, 0.25].map((x) => {
    const action = b.act([2 ** 30 + x]);
    expect(action).toEqual(a.act([x]));
    const out = new Float32Array(1);
    b.actBatch(Float64Array.of(2 ** 30 + x), out);
    expect(out).toEqual(action);
    return (action as Float32Array)[0];
  });
  expect(new Set(actions).size).toBe(4);
});

describe("wrong observations are named", () => {
  test.each([
    ["too short", [1, 2], /has 2 elements, not 3.*Box\(\[3\]/],
    ["not numbers", ["a", 1, 2], /element 0 is "a", not a number/],
    ["NaN", [0, Number.NaN, 0], /element 1: NaN/],
    ["infinite", [0, 0, Infinity], /element 2: Infinity is outside/],
    ["no array", 3, /3 is not an array/],
  ])("%s", async (_, observation, message) => {
    const policy = await make(three, discrete(2));
    expect(() => policy.act(observation as never)).toThrow(message);
    expect(() => policy.act(observation as never)).toThrow(expect.objectContaining({ code: "space" }));
  });

  test("a Dict's field and a Discrete value outside", async () => {
    const policy = await make(dict({ high: discrete(3), low: three }), discrete(2));
    expect(() => policy.act({ low: [0, 0, 0] } as never)).toThrow(/field "high" is missing/);
    expect(() => policy.act({ high: 3, low: [0, 0, 0] })).toThrow(/field "high": 3 is not an integer in \[0, 2\]/);
    expect(() => policy.act({ high: 1, low: [0, 0] } as never)).toThrow(/field "low": it has 2 elements/);
  });

  test("a number outside a Box's bounds is no reason to stop acting", async () => {
    const policy = await make(three, discrete(2));
    expect([0, 1]).toContain(policy.act([100, 0, -10]));
  });

  test("actBatch refuses wrong lengths of observations, actions and masks", async () => {
    const policy = await make(three, discrete(2));
    const one = new Float32Array(1);
    expect(() => policy.actBatch(new Float32Array(4), one)).toThrow(/observation columns: got 4, expected 1 rows × 3/);
    expect(() => policy.actBatch(new Float32Array(3), new Float32Array(2))).toThrow(/action columns: got 2/);
    expect(() => policy.actBatch(new Float32Array(3), one, { mask: [1] })).toThrow(
      /mask entries: got 1, expected 1 rows × 2/,
    );
  });
});

test("act is for policies of one row: with several, the others would act on what is not there", async () => {
  const policy = await createPolicy(await randomPolicy(three, discrete(2)), { rows: 3 });
  expect(() => policy.act([0, 0, 0])).toThrow(/Policy.act: .*several observations.*3 rows.*Call actBatch/);
  expect(() => policy.act([0, 0, 0], { mask: [1, 0] })).toThrow(/Call actBatch/);
});
