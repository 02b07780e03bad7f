/** Chapter 5: the numbers of its figures are the closed forms of docs/theory.md, 13, and the exact world's. */

import { describe, expect, test } from "vitest";
import { study as draws } from "../../lab/chapters/05-gaussian/studies/draws.ts";
import { study as scores } from "../../lab/chapters/05-gaussian/studies/scores.ts";
import { balanceOf, estimate, study as sigma, world } from "../../lab/chapters/05-gaussian/studies/sigma.ts";
import { linearQuadraticGradient, linearQuadraticObjective } from "../../src/mdp/index.ts";
import { RandomStream, streams } from "../../src/random/index.ts";
import { expectMeanWithin } from "../mdp/support.ts";
import { lastOutput, outputsOf } from "./lastOutput.ts";

describe("scores", () => {
  const input = { mean: 0.2, std: 0.5, action: 1, lowest: -2, highest: 2 };

  test("at an action and along the axis are the closed forms", async () => {
    const [{ at, actions, density, byMean, byLogStd, byStd }] = await outputsOf(scores(input));
    const z = 1.6;
    expect(at.logProb).toBeCloseTo(-0.5 * (z * z + 2 * Math.log(0.5) + Math.log(2 * Math.PI)), 6);
    expect(at.byMean).toBeCloseTo(3.2, 5);
    expect(at.byLogStd).toBeCloseTo(1.56, 5);
    expect(at.byStd).toBeCloseTo(1.56 / 0.5, 5);
    expect(at.entropy).toBeCloseTo(0.5 * Math.log(2 * Math.PI * Math.E * 0.25), 6);
    actions.forEach((a, i) => {
      const here = (a - 0.2) / 0.5;
      expect(density[i]).toBeCloseTo(Math.exp(-0.5 * here * here) / (0.5 * Math.sqrt(2 * Math.PI)), 5);
      expect(byMean[i]).toBeCloseTo(here / 0.5, 4);
      expect(byLogStd[i]).toBeCloseTo(here * here - 1, 4);
      expect(byStd[i]).toBeCloseTo((here * here - 1) / 0.5, 4);
    });
  });
});

test("draws: mean 0, and variances 1/σ² and 2, within a little more than their intervals; seeded", async () => {
  const input = { mean: 0.2, std: 0.5, seed: 1 };
  for (const std of [0.25, 1, 2]) {
    const { count, byMean, byLogStd } = await lastOutput(draws({ ...input, std }));
    expect(count).toBe(10_000);
    expect(byMean.exactVariance).toBeCloseTo(1 / (std * std), 12);
    expect(byLogStd.exactVariance).toBe(2);
    for (const { mean, variance, exactVariance } of [byMean, byLogStd]) {
      expect(Math.abs(mean.value)).toBeLessThan(2 * (mean.high - mean.value));
      expect(variance.value / exactVariance).toBeGreaterThan(0.9);
      expect(variance.value / exactVariance).toBeLessThan(1.1);
      expect(variance.low).toBeLessThan(variance.high);
    }
  }
  const [one, again, other] = await Promise.all(
    [1, 1, 2].map(async (seed) => (await lastOutput(draws({ ...input, seed }))).byMean),
  );
  expect(again).toEqual(one);
  expect(other.mean.value).not.toBe(one.mean.value);
});

describe("sigma", () => {
  const input = { std: 1, entropyCoefficient: 0, rate: 0.01, iterations: 60, trajectories: 20, seeds: 4 };

  test("the estimate it climbs by is unbiased", () => {
    const theta = Float64Array.of(-0.3, -0.5, -0.5);
    const random = new RandomStream(3, streams.user);
    const rows = new Float64Array(400 * 3);
    for (let i = 0; i < 400; i++) rows.set(estimate(theta, random, 10), 3 * i);
    expectMeanWithin(rows, 3, linearQuadraticGradient(world, theta), 4, "REINFORCE");
  });

  test("without a bonus σ falls; with one it goes to where both gradients balance, from either side", async () => {
    const bare = await lastOutput(sigma(input));
    expect(bare.balance).toBeUndefined();
    expect(bare.exact.std[60]).toBeLessThan(bare.exact.std[0]);
    for (const figure of [bare.exact.std, bare.exact.objective, bare.sampled.std.low]) expect(figure.length).toBe(61);
    const far = { ...input, entropyCoefficient: 0.2, iterations: 400, seeds: 1, trajectories: 1 };
    for (const std of [0.3, 1.2]) {
      const { exact, balance } = await lastOutput(sigma({ ...far, std }));
      expect(exact.std[400]).toBeCloseTo(balance!, 2);
    }
    // There the gradients of J and of the bonus cancel: one more step of the exact gradient hardly moves σ.
    const theta = Float64Array.of(-1, -1, 0);
    const there = Float64Array.of(-1, -1, Math.log(balanceOf(theta, 0.2)));
    const steps = (1 - world.gamma ** world.horizon) / (1 - world.gamma);
    expect(linearQuadraticGradient(world, there)[2] + 0.2 * steps).toBeCloseTo(0, 10);
  });

  test("its first row is where it starts, exactly; other seeds change the band only", async () => {
    const [first] = await outputsOf(sigma(input));
    expect(first.exact.objective[0]).toBe(linearQuadraticObjective(world, Float64Array.of(-0.3, -0.5, 0)));
    const [four, five] = await Promise.all([4, 5].map((seeds) => lastOutput(sigma({ ...input, seeds }))));
    expect(five.exact).toEqual(four.exact);
    expect(five.sampled.std.mean[60]).not.toBe(four.sampled.std.mean[60]);
  });
});
