/** Policies that remember: what they do depends on the episode so far and on nothing before it. */

import { describe, expect, test } from "vitest";
import { box, discrete } from "../../src/envs/index.ts";
import { actorCritic, createPolicy, decodePolicy, encodePolicy } from "../../src/policies/index.ts";
import { input } from "../../src/tensor/graph.ts";
import { evaluatePolicy } from "../../src/training/evaluate.ts";
import { evaluate } from "../tensor/reference.ts";
import { randomPolicy } from "./support.ts";

const observationSpace = box({ low: -1, high: 1, shape: [2] });
const actionSpace = box({ low: -100, high: 100, shape: [1] });
const observations = [
  [0.1, 0.9],
  [-0.4, 0.2],
  [0.8, -0.6],
  [0.1, 0.9],
  [-0.4, 0.2],
  [0.8, -0.6],
];

describe.each(["gru", "lstm"] as const)("%s", (recurrent) => {
  const network = { hidden: [8], recurrent, recurrentSize: 6 };

  test("act goes on with the episode, reset begins another: as the network says in float64", async () => {
    const description = await randomPolicy(observationSpace, actionSpace, network);
    const policy = await createPolicy(description);
    const net = actorCritic(observationSpace, actionSpace, network);
    const n = observations.length;
    const leaves = {
      x: input("x", [n, 2]),
      state: input("state", [1, net.memory!.policyStateSize]),
      starts: input("starts", [n]),
    };
    const { mode } = net.distribution(leaves.x, { memory: { state: leaves.state, starts: leaves.starts } });
    const weights = net.policyParameters.map(
      (tensor) => [tensor, Array.from(description.weights[tensor.attributes.name!].data)] as const,
    );
    const expected = (starts: number[]) =>
      evaluate(
        [mode()],
        new Map([
          [leaves.x, observations.flat()],
          [leaves.state, new Array<number>(net.memory!.policyStateSize).fill(0)],
          [leaves.starts, starts],
          ...weights,
        ]),
      )[0];
    const play = (startsAt: number[]) =>
      observations.map((observation, t) => {
        if (startsAt.includes(t)) policy.reset();
        return (policy.act(observation) as Float32Array)[0];
      });
    for (const starts of [[0], [0, 3], [0, 1, 2, 5]]) {
      const reference = expected(observations.map((_, t) => (starts.includes(t) ? 1 : 0)));
      play(starts).forEach((action, t) => {
        expect(action).toBeCloseTo(reference[t], 4);
      });
    }
    const [alone, inTwo] = [play([0]), play([0, 3])];
    expect(alone[3]).not.toBe(alone[0]);
    expect(inTwo.slice(3)).toEqual(inTwo.slice(0, 3));
  });

  test("rows remember by themselves; starts makes single ones forget", async () => {
    const description = await randomPolicy(observationSpace, actionSpace, network);
    const [single, many] = [await createPolicy(description), await createPolicy(description, { rows: 2 })];
    const out = new Float32Array(2);
    const seen = (t: number) => Float32Array.from([...observations[t], ...observations[t]]);
    const alone = observations.map((observation) => (single.act(observation) as Float32Array)[0]);
    single.reset();
    const later = observations.slice(2).map((observation) => (single.act(observation) as Float32Array)[0]);
    observations.forEach((_, t) => {
      many.actBatch(seen(t), out, { starts: [0, t === 2 ? 1 : 0] });
      expect(out[0]).toBeCloseTo(alone[t], 5);
      expect(out[1]).toBeCloseTo(t < 2 ? alone[t] : later[t - 2], 5);
    });
    many.reset();
    many.actBatch(seen(0), out);
    expect(out[0]).toBeCloseTo(alone[0], 5);
    expect(() => many.actBatch(seen(0), out, { starts: [1] })).toThrow(/wrong number of starts: got 1, expected 2/);
  });

  test("one memory for masked and unmasked decisions; a file brings it back", async () => {
    const description = await randomPolicy(observationSpace, discrete(3), network);
    const [policy, loaded] = [
      await createPolicy(description, { seed: 4 }),
      await createPolicy(decodePolicy(encodePolicy(description)), { seed: 4 }),
    ];
    expect(loaded.description.network).toEqual(network);
    const play = (of: typeof policy, masked: boolean) => {
      of.reset();
      return observations.map((o, t) => of.act(o, t % 2 === 1 && masked ? { mask: [1, 1, 1] } : {}));
    };
    expect(play(loaded, true)).toEqual(play(policy, true));
    expect(play(policy, true)).toEqual(play(policy, false));
  });

  test("evaluation forgets at the end of an episode: equal episodes have equal returns", async () => {
    const description = await randomPolicy(observationSpace, actionSpace, network);
    const lengths = [3, 5];
    for (const length of lengths) {
      const environment = () => {
        let t = 0;
        const look = () => ({ observation: observations[t] });
        return {
          observationSpace,
          actionSpace,
          reset: () => {
            t = 0;
            return look();
          },
          step: (action: unknown) => {
            t++;
            const reward = (action as Float32Array)[0];
            return {
              ...look(),
              reward,
              terminated: length === 3 && t === length,
              truncated: length === 5 && t === length,
            };
          },
        };
      };
      const { returns } = await evaluatePolicy(description, environment, { episodes: 250 });
      const policy = await createPolicy(description);
      const expected = observations.slice(0, length).reduce((sum, o) => sum + (policy.act(o) as Float32Array)[0], 0);
      for (const one of returns) expect(one).toBeCloseTo(expected, 4);
    }
  });
});

test("a policy without a memory takes reset and starts, and does the same", async () => {
  const policy = await createPolicy(await randomPolicy(observationSpace, actionSpace));
  const [first, again] = [new Float32Array(1), new Float32Array(1)];
  policy.actBatch(Float32Array.from(observations[0]), first);
  policy.reset();
  policy.actBatch(Float32Array.from(observations[0]), again, { starts: [1] });
  expect(again).toEqual(first);
});
