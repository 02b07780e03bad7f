/** Acting on what cannot be acted on: an AscentError, never an action that is not finite or not allowed. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { box, dict, discrete, makeBatched, multiDiscrete, type Space } from "../../src/envs/index.ts";
import { AscentError } from "../../src/errors.ts";
import { createPolicy, Policy } from "../../src/policies/index.ts";
import { createEngine } from "../../src/tensor/index.ts";
import { evaluatePolicy } from "../../src/training/evaluate.ts";
import { randomPolicy } from "./support.ts";

const two = box({ low: -1, high: 1, shape: [2] });
const kinds: [string, Space][] = [
  ["Box", box({ low: -2, high: 2, shape: [2] })],
  ["Discrete", discrete(3)],
  ["MultiDiscrete", multiDiscrete([2, 3])],
  ["Dict", dict({ push: box({ low: -1, high: 1, shape: [1] }), which: discrete(2) })],
];

describe.each(kinds)("actions in %s", (_, space) => {
  test.each([Number.NaN, Infinity, -Infinity])("an observation of %s is refused, and names its row", async (odd) => {
    const policy = await createPolicy(await randomPolicy(two, space), { rows: 3 });
    const actions = new Float32Array(3 * (space.kind === "discrete" ? 1 : 2)).fill(-7);
    const observations = Float32Array.of(0.1, 0.2, 0.3, odd, 0.5, 0.6);
    for (const deterministic of [true, false]) {
      expect(() => policy.actBatch(observations, actions, { deterministic })).toThrow(
        expect.objectContaining({ code: "non-finite", message: expect.stringContaining("row 1 is not finite: got ") }),
      );
    }
    expect([...actions]).toEqual(actions.length === 3 ? [-7, -7, -7] : [-7, -7, -7, -7, -7, -7]);
  });

  test("weights that are not finite, or make what is not, give no action", async () => {
    for (const odd of [Number.NaN, 3e38]) {
      const description = await randomPolicy(two, space);
      for (const { data } of Object.values(description.weights)) data.fill(odd);
      const policy = await createPolicy(description);
      for (const deterministic of [true, false]) {
        expect(() => policy.act([1, 1], { deterministic })).toThrow(/did not come to a decision: got .+ at position/);
      }
    }
  });
});

test("a policy with a memory remembers nothing of what it refused", async () => {
  const description = await randomPolicy(two, discrete(3), { recurrent: "gru", recurrentSize: 4 });
  const [one, other] = [await createPolicy(description), await createPolicy(description)];
  const action = new Float32Array(1);
  expect(() => one.actBatch(Float32Array.of(Number.NaN, 0), action)).toThrow(AscentError);
  for (let t = 0; t < 4; t++) expect(one.act([0.3 * t, 1])).toBe(other.act([0.3 * t, 1]));
});

describe("masks", () => {
  test.each<[unknown, RegExp]>([
    [[1, Number.NaN, 0], /bad action mask at step 0: got NaN at entry 1, expected 0 \(forbidden\) or 1/],
    [[2, 1, 0], /got 2 at entry 0/],
    [[1, 1, -1], /got -1 at entry 2/],
    [[0.5, 1, 0], /got 0\.5 at entry 0/],
    [[true, false, true], /got true at entry 0/],
    [["1", 0, 0], /got "1" at entry 0/],
    [[0, 0, 0], /allows no action at step 0: got an action mask of zeros/],
    [[1, 1], /wrong number of mask entries/],
    ["111", /action mask is none: got "111"/],
    [{ 0: 1 }, /action mask is none/],
  ])("%o", async (mask, message) => {
    const policy = await createPolicy(await randomPolicy(two, discrete(3)));
    const error = await (async () => policy.act([0, 0], { mask: mask as number[] }))().catch((e) => e);
    expect(error).toBeInstanceOf(AscentError);
    expect(error.message).toMatch(message);
  });

  test("whatever the observation, what is drawn is allowed", async () => {
    const policy = await createPolicy(await randomPolicy(two, multiDiscrete([2, 3])));
    const entry = fc.constantFrom(0, 1);
    const number = fc.float({ noNaN: true, noDefaultInfinity: true });
    const choices = fc.tuple(fc.tuple(entry, entry), fc.tuple(entry, entry, entry));
    fc.assert(
      fc.property(choices, fc.tuple(number, number), fc.boolean(), ([a, b], observation, deterministic) => {
        fc.pre(a.includes(1) && b.includes(1));
        let action: ArrayLike<number>;
        try {
          action = policy.act(observation, { mask: [...a, ...b], deterministic }) as Int32Array;
        } catch (error) {
          // Numbers near the end of float32 overflow in the network: refused, not acted on.
          expect(error).toMatchObject({ code: "non-finite" });
          return;
        }
        expect([a[action[0]], b[action[1]]]).toEqual([1, 1]);
      }),
      { seed: 4, numRuns: 200 },
    );
  });
});

describe("arguments", () => {
  test.each([
    { rows: -1 },
    { rows: 0 },
    { rows: "2" },
    { rows: 1.5 },
    { seed: -1 },
    { seed: 1.5 },
    { seed: 7n },
    { row: 2 },
    null,
  ])("createPolicy(…, %o)", async (options) => {
    const description = await randomPolicy(two, discrete(2));
    await expect(createPolicy(description, options as object)).rejects.toThrow(AscentError);
    const engine = await createEngine();
    expect(() => new Policy(engine, description, options as object)).toThrow(AscentError);
  });

  test.each([undefined, null, {}, "policy.safetensors", Promise.resolve({})])(
    "createPolicy(%s)",
    async (description) => {
      await expect(createPolicy(description as never)).rejects.toThrow(/expected a policy's description/);
    },
  );

  test("of a call: kinds of arrays, misspelt options", async () => {
    const policy = await createPolicy(await randomPolicy(two, discrete(2)));
    const action = new Float32Array(1);
    expect(() => policy.actBatch([0, 0] as never, action)).toThrow(
      /observations: got \[0, 0\], expected a Float32Array or Float64Array/,
    );
    expect(() => policy.actBatch(new Float32Array(2), new Float64Array(1) as never)).toThrow(/got a Float64Array of 1/);
    expect(() => policy.act([0, 0], { determinstic: false } as object)).toThrow(/Did you mean "deterministic"\?/);
    expect(() => policy.act([0, "1"] as never)).toThrow(/element 1 is "1", not a number/);
    expect(() => policy.act([0, 1n] as never)).toThrow(/element 1 is 1n/);
  });
});

test("evaluation refuses observations that are not finite, from batched environments too", async () => {
  const description = await randomPolicy(box({ low: -10, high: 10, shape: [4] }), discrete(2));
  const spec = {
    id: "Strange-v0",
    summary: "",
    maxEpisodeSteps: undefined,
    makeSingle: () => {
      throw new Error("not used");
    },
    make: (count: number) => {
      const batch = makeBatched("CartPole-v1", count);
      const { step } = batch;
      batch.step = (actions) => {
        step.call(batch, actions);
        batch.observations[4 * (count - 1) + 2] = Number.NaN;
      };
      return Object.assign(batch, { observationSpace: description.observationSpace });
    },
  };
  await expect(evaluatePolicy(description, spec, { episodes: 3 })).rejects.toThrow(
    /row 2 is not finite: got NaN in column 2/,
  );
});

test("nor of a decision that it could not come to", async () => {
  const description = await randomPolicy(two, discrete(3), { recurrent: "gru", hidden: [4], recurrentSize: 32 });
  for (const [name, { data }] of Object.entries(description.weights)) {
    if (/bias/i.test(name)) data.fill(0);
    if (name === "policy.head.0.weight") data.fill(3e38);
  }
  const policy = await createPolicy(description);
  const zero = policy.act([0, 0]);
  expect(() => policy.act([5, -3])).toThrow(/did not come to a decision/);
  // Whatever it remembered of that would be as far too large.
  expect(policy.act([0, 0])).toBe(zero);
});
