/** What a policy chose from, in the environment's units, for every kind of action. */

import { describe, expect, test } from "vitest";
import { type Box, box, dict, discrete, multiBinary, multiDiscrete, type Space } from "../../src/envs/index.ts";
import { createPolicy, type DecisionPart, decisionOf, type NetworkOptions } from "../../src/policies/index.ts";
import { randomPolicy } from "./support.ts";

const observation = box({ low: -1, high: 1, shape: [2] });

async function decide(
  space: Space,
  network: NetworkOptions = {},
): Promise<{ parts: DecisionPart[]; mode: unknown; samples: unknown[] }> {
  const policy = await createPolicy(await randomPolicy(observation, space, { hidden: [8], ...network }));
  expect(() => decisionOf(policy)).toThrow(/no action has been taken/);
  const samples = Array.from({ length: 2000 }, () => policy.act([0.3, -0.2], { deterministic: false }));
  const mode = policy.act([0.3, -0.2]);
  return { parts: decisionOf(policy), mode, samples };
}

const mean = (xs: number[]) => xs.reduce((a, b) => a + b, 0) / xs.length;
const sd = (xs: number[]) => Math.sqrt(mean(xs.map((x) => (x - mean(xs)) ** 2)));

describe("decisionOf", () => {
  test("discrete actions that begin elsewhere than at 0: probabilities as samples have them", async () => {
    const { parts, samples } = await decide(discrete(3, 5));
    const [part] = parts;
    if (part.kind !== "choice") throw new Error(part.kind);
    expect(part.start).toBe(5);
    part.probabilities.forEach((p, i) => {
      expect(mean(samples.map((a) => Number(a === i + 5)))).toBeCloseTo(p, 1);
    });
  });

  test("several choices and switches, one part each", async () => {
    const choices = await decide(multiDiscrete([2, 3]));
    expect(choices.parts.map((part) => [part.name, part.kind === "choice" && part.probabilities.length])).toEqual([
      ["0", 2],
      ["1", 3],
    ]);
    const { parts, samples } = await decide(multiBinary(2));
    parts.forEach((part, i) => {
      if (part.kind !== "switch") throw new Error(part.kind);
      expect(mean(samples.map((a) => (a as number[])[i]))).toBeCloseTo(part.probability, 1);
    });
  });

  const wide = box({ low: [10, -1000], high: [20, 1000] });
  test.each<[string, NetworkOptions, Space]>([
    ["gaussian", {}, wide],
    ["state-dependent σ", { stateDependentStd: true, logStdInit: -2 }, wide],
    ["not normalised", { normalizeActions: false, logStdInit: -3 }, box({ low: [-9, -9], high: [9, 9] })],
    ["without bounds", {}, box({ low: [-Infinity, -Infinity], high: [Infinity, Infinity] })],
    ["beta", { distribution: "beta" }, wide],
    ["gsde", { distribution: "gsde", sdeSampleFreq: 1, logStdInit: -3 }, wide],
  ])("a Box, %s: centre and spread in the environment's units", async (_, network, space) => {
    const { parts, mode, samples } = await decide(space, network);
    parts.forEach((part, i) => {
      if (part.kind !== "number") throw new Error(part.kind);
      const spread = (part.high - part.low) / 2;
      expect(Math.abs(part.centre - (mode as Float32Array)[i])).toBeLessThan(1e-4 * spread);
      const drawn = samples.map((a) => (a as Float32Array)[i]);
      // Where the bounds cut much off, samples are narrower; the tables above leave most of them inside.
      const { low, high } = space as Box;
      const cut = mean(drawn.map((x) => Number(x <= low[i] || x >= high[i])));
      if (cut < 0.001) expect(sd(drawn) / spread).toBeCloseTo(1, 1);
    });
  });

  test("squashed: the interval is where the normal's goes", async () => {
    const { parts, mode } = await decide(wide, { distribution: "squashedGaussian" });
    parts.forEach((part, i) => {
      if (part.kind !== "number") throw new Error(part.kind);
      expect(part.low).toBeGreaterThanOrEqual(wide.low[i]);
      expect(part.high).toBeLessThanOrEqual(wide.high[i]);
      expect(part.centre).toBeCloseTo((mode as Float32Array)[i], 2);
    });
  });

  test("a Dict by field", async () => {
    const { parts } = await decide(
      dict({ "a.b": discrete(2), arm: dict({ turn: box({ low: -1, high: 1, shape: [2] }) }) }),
    );
    expect(parts.map(({ name, kind }) => [name, kind])).toEqual([
      ["a.b", "choice"],
      ["arm.turn 0", "number"],
      ["arm.turn 1", "number"],
    ]);
  });
});
