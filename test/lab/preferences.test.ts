/** Chapter 9's studies: the closed forms are the library's, and each method ends where theory says. */

import {
  forwardKlOptimum,
  regularisedObjective,
  regularisedOptimum,
  stateKl,
  tokenKlOptimum,
  winRates,
} from "ascent-rl/mdp";
import { describe, expect, test } from "vitest";
import { methodNames } from "../../lab/chapters/09-preferences/choices.ts";
import { listedWorld } from "../../lab/chapters/09-preferences/listedWorlds.ts";
import { optimumOf, preferencesOf, totalVariation } from "../../lab/chapters/09-preferences/methods.ts";
import { study as optimum } from "../../lab/chapters/09-preferences/studies/optimum.ts";
import { type RoadsInput, type RoadsOutput, study as roads } from "../../lab/chapters/09-preferences/studies/roads.ts";
import { lastOutput } from "./lastOutput.ts";

const base: RoadsInput = {
  ...{ world: "answers", beta: 1, groupSize: 4, labels: "noisy", gradients: "exact", scaled: false },
  ...{ seeds: [0, 1, 2, 3], iterations: 400 },
};

const endOf = (input: Partial<RoadsInput>) => lastOutput<RoadsOutput>(roads({ ...base, ...input }));
const roadOf = ({ roads: all }: RoadsOutput, method: string) => all.find((road) => road.method === method)!;
const last = (values: Float64Array) => values[values.length - 1];

describe("the optimum in closed form", () => {
  test("of docs/theory.md's four answers at β = 1: its numbers", async () => {
    const { rows, best } = await lastOutput(optimum({ world: "answers", beta: 1, groupSize: 2 }));
    const [reference, star, grpo, ipo, k3] = rows;
    expect(best).toBeCloseTo(1.0246, 4);
    expect([...reference.policy].map((p) => Number(p.toFixed(6)))).toEqual([0.5, 0.3, 0.15, 0.05]);
    const rounded = (policy: Float64Array) => Array.from(policy, (p) => Number(p.toFixed(3)));
    expect(rounded(star.policy)).toEqual([0.488, 0.108, 0.398, 0.007]);
    expect(star.kl).toBeCloseTo(0.2524, 4);
    expect(star.worth).toBeCloseTo(best, 12);
    expect(star.distance).toBe(0);
    // Groups of two and one token: π* at 2β.
    expect(rounded(grpo.policy)).toEqual([0.528, 0.192, 0.261, 0.019]);
    expect(rounded(k3.policy)).toEqual([0.38, 0.13, 0.475, 0.015]);
    expect(ipo.worth).toBeLessThan(best);
  });

  test.each(["answers", "pairs"] as const)("%s: rows are the library's, and β moves them", async (world) => {
    const listed = listedWorld(world);
    const { reference, rewards } = listed;
    for (const beta of [0.25, 2]) {
      const { rows, best } = await lastOutput(optimum({ world, beta, groupSize: 4 }));
      const star = regularisedOptimum(reference, rewards, beta);
      expect(rows[1].policy).toEqual(star.policy);
      expect(best).toBe(star.value);
      expect(rows[2].policy).toEqual(tokenKlOptimum(listed.world, reference, rewards, (beta * 4) / 3));
      expect(rows[4].policy).toEqual(forwardKlOptimum(reference, rewards, beta));
      for (const { policy, kl, worth } of rows) {
        expect(kl).toBe(stateKl(policy, reference, policy.length)[0]);
        expect(worth).toBe(regularisedObjective(policy, reference, rewards, beta));
        // What is missing to the best is β KL to π*.
        expect(best - worth).toBeCloseTo(beta * stateKl(policy, star.policy, policy.length)[0], 10);
      }
    }
  });
});

describe("roads", () => {
  test.each([
    ["answers", 0.5],
    ["answers", 2],
    ["pairs", 0.5],
    ["pairs", 1],
  ] as const)("exact gradients on %s at β = %d: each method ends at its own optimum", async (world, beta) => {
    const output = await endOf({ world, beta });
    const listed = listedWorld(world);
    for (const method of methodNames) {
      const road = roadOf(output, method);
      expect(road.optimum, method).toEqual(optimumOf(method, listed, { ...base, beta }));
      expect(last(road.distance.mean), method).toBeLessThan(2e-3);
      const policy = road.policies.subarray(-listed.world.count);
      expect(totalVariation(policy, road.optimum!), method).toBeCloseTo(last(road.distance.mean), 12);
      expect(last(road.worth.mean), method).toBe(regularisedObjective(policy, listed.reference, listed.rewards, beta));
      expect(output.value - last(road.worth.mean), method).toBeCloseTo(beta * last(road.kl.mean), 9);
    }
  });

  test("GRPO ends elsewhere than RLOO, the farther the smaller its groups", async () => {
    const [two, sixteen] = [await endOf({ groupSize: 2 }), await endOf({ groupSize: 16 })];
    expect(last(roadOf(two, "GRPO").kl.mean)).toBeGreaterThan(10 * last(roadOf(sixteen, "GRPO").kl.mean));
    expect(last(roadOf(two, "RLOO").kl.mean)).toBeLessThan(1e-4);
  });

  test("labels that never err: DPO's margin grows on, IPO ends at an optimum of its own", async () => {
    const [noisy, certain] = [await endOf({}), await endOf({ labels: "certain" })];
    const dpo = roadOf(certain, "DPO");
    expect(dpo.optimum).toBeUndefined();
    expect(dpo.distance.mean.every(Number.isNaN)).toBe(true);
    const middle = dpo.margin.mean[Math.floor(dpo.margin.mean.length / 2)];
    expect(last(dpo.margin.mean)).toBeGreaterThan(middle + 0.3);
    // Of noisy labels it is (r_best − r_worst)/β, and stays there.
    expect(last(roadOf(noisy, "DPO").margin.mean)).toBeCloseTo(3, 6);
    const ipo = roadOf(certain, "IPO");
    expect(last(ipo.distance.mean)).toBeLessThan(1e-6);
    const { reference } = listedWorld("answers");
    const preferences = preferencesOf(listedWorld("answers"), "certain");
    const uniform = new Float64Array(4).fill(0.25);
    expect(ipo.optimum).toEqual(regularisedOptimum(reference, winRates(preferences, uniform), 1).policy);
  });

  test("batches of samples: means over seeds near the exact road, with intervals; the same seeds the same numbers", async () => {
    const [exact, sampled] = [await endOf({}), await endOf({ gradients: "sampled" })];
    for (const method of methodNames) {
      const [own, other] = [roadOf(sampled, method), roadOf(exact, method)];
      expect(last(own.distance.mean), method).toBeLessThan(0.1);
      expect(own.distance.high[100], method).toBeGreaterThan(own.distance.low[100]);
      expect(Math.abs(last(own.worth.mean) - last(other.worth.mean)), method).toBeLessThan(0.01);
    }
    expect(await endOf({ gradients: "sampled" })).toEqual(sampled);
    expect(await endOf({ gradients: "sampled", seeds: [5, 6, 7, 8] })).not.toEqual(sampled);
    // At π* every text is worth as much with its penalty: a KL term in the reward leaves no noise, GRPO's in the loss does.
    expect(last(roadOf(sampled, "RLOO").distance.mean)).toBeLessThan(1e-3);
    expect(last(roadOf(sampled, "GRPO").distance.mean)).toBeGreaterThan(2e-3);
  });

  test("GRPO divided by its groups' deviations has no optimum in closed form", async () => {
    const output = await endOf({ gradients: "sampled", scaled: true, iterations: 20 });
    expect(roadOf(output, "GRPO").optimum).toBeUndefined();
    expect(roadOf(output, "RLOO").optimum).toBeDefined();
  });

  test("it is seen on its way", () => {
    const outputs = [...(roads({ ...base, iterations: 20 }) as Generator<RoadsOutput>)];
    expect(outputs.map(({ iterations }) => last(iterations))).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20]);
    expect(outputs[0].roads[0].policies).toEqual(listedWorld("answers").reference);
  });
});
