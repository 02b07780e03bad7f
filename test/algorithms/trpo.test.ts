/** Trust-region steps: what every update must keep, and what the quadratic model promises (docs/theory.md, 18, 19, 21). */

import { describe, expect, test } from "vitest";
import { specOf } from "../training/support.ts";
import { expectDeterminism, expectExactResume, ladder, weightsOf } from "./ladder.ts";
import { iterate } from "./support.ts";

const settings = { nSteps: 128, nCriticUpdates: 3, batchSize: 64 };

describe("every update of a run", () => {
  test.each([
    ["CartPole-v1", 0.01, {}],
    ["Acrobot-v1", 0.01, { normalizeObservations: true }],
    ["Pendulum-v1", 0.01, { normalizeRewards: true, stateDependentStd: true }],
    ["CartPole-v1", 0.2, {}],
    ["Pendulum-v1", 0.5, { gamma: 0.9 }],
  ])("%s, δ = %d: KL ≤ δ, and the surrogate improves or the policy stays", async (environment, targetKl, more) => {
    const of = await ladder("trpo", environment, { ...settings, targetKl, ...more });
    let moved = 0;
    for (let i = 0; i < 12; i++) {
      const before = weightsOf(of);
      const [figures] = iterate(of, 1);
      expect(figures["approxKl"]).toBeLessThanOrEqual(targetKl);
      if (figures["stepFraction"] === 0) {
        expect(weightsOf(of)).toEqual(before);
        expect(figures["improvement"]).toBe(0);
      } else {
        expect(weightsOf(of)).not.toEqual(before);
        expect(figures["improvement"]).toBeGreaterThan(0);
        expect(figures["quadraticKl"]).toBeCloseTo(targetKl * figures["stepFraction"] ** 2, 12);
        moved++;
      }
    }
    expect(moved).toBeGreaterThan(8);
  });

  test("a search with too few tries gives up and leaves policy and KL alone; the critic still learns", async () => {
    // One try at a step 100 times the model's range, where it cannot hold.
    const of = await ladder("trpo", "CartPole-v1", { ...settings, targetKl: 50, lineSearchMaxIter: 1 });
    const before = of.save().arrays;
    const [figures] = iterate(of, 1);
    const after = of.save().arrays;
    if (figures["stepFraction"] === 0) expect(after["policy"]).toEqual(before["policy"]);
    else expect(figures["approxKl"]).toBeLessThanOrEqual(50);
    expect(after["critic"]).not.toEqual(before["critic"]);
  });

  test("determinism and exact resume", async () => {
    await expectDeterminism((seed) => ladder("trpo", "CartPole-v1", { ...settings, seed }));
    await expectExactResume(() =>
      ladder("trpo", "Pendulum-v1", { ...settings, normalizeObservations: true, learningRate: "linear:1e-3" }),
    );
  });
});

describe("the quadratic model of the KL", () => {
  test.each([
    ["CartPole-v1", {}],
    ["Pendulum-v1", {}],
    ["Pendulum-v1", { stateDependentStd: true }],
  ])("%s: its error shrinks like δ^1.5 or faster as δ shrinks", async (environment, more) => {
    const options = { ...settings, cgDamping: 1e-6, cgMaxSteps: 3, ...more };
    const trained = await ladder("npg", environment, { ...options, targetKl: 0.02 });
    iterate(trained, 3);
    const snapshot = trained.save();
    const errors: number[] = [];
    for (const targetKl of [0.025, 0.025 / 4, 0.025 / 16, 0.025 / 64]) {
      const of = await ladder("npg", environment, { ...options, targetKl });
      of.load(snapshot);
      const [{ approxKl, quadraticKl }] = iterate(of, 1);
      expect(quadraticKl).toBe(targetKl);
      errors.push(Math.abs(approxKl - quadraticKl));
    }
    // A quarter of δ is an eighth of δ^1.5.
    for (let i = 1; i < errors.length; i++) expect(errors[i]).toBeLessThan(errors[i - 1] / 6.5);
    expect(errors[3] / (0.025 / 64)).toBeLessThan(0.03);
  });
});

describe("nothing to climb", () => {
  const equal = specOf({ reward: () => 1, observation: () => 1 });

  test.each([
    ["normalised", true],
    ["as they are", false],
  ])("advantages that are all equal, %s: finite figures", async (_, normalizeAdvantage) => {
    const of = await ladder("trpo", equal, { ...settings, gamma: 0, gaeLambda: 0, normalizeAdvantage });
    for (const figures of iterate(of, 3)) {
      for (const name of ["approxKl", "improvement", "policyLoss", "gradientNorm", "cgResidual"]) {
        expect(Number.isFinite(figures[name]), name).toBe(true);
      }
      expect(figures["approxKl"]).toBeLessThanOrEqual(0.01);
    }
  });

  test("equal advantages that are normalised teach nothing: the policy stays (zero-variance advantages)", async () => {
    for (const algorithm of ["trpo", "npg"]) {
      const of = await ladder(algorithm, equal, { ...settings, gamma: 0, gaeLambda: 0, normalizeAdvantage: true });
      const before = weightsOf(of);
      iterate(of, 3);
      expect(weightsOf(of)).toEqual(before);
    }
  });

  test("a zero gradient: the policy stays, by trpo and by npg", async () => {
    // With γ = 0 and rewards of 0 the advantages are −V; a critic that outputs 0 makes them 0.
    for (const algorithm of ["trpo", "npg"]) {
      const of = await ladder(algorithm, specOf({ reward: () => 0 }), {
        ...settings,
        gamma: 0,
        gaeLambda: 0,
        normalizeAdvantage: false,
      });
      const snapshot = of.save();
      (snapshot.arrays["critic"].data as Float32Array).fill(0);
      of.load(snapshot);
      const before = weightsOf(of);
      const [figures] = iterate(of, 1);
      expect(figures).toMatchObject({ gradientNorm: 0, stepFraction: 0, approxKl: 0, improvement: 0, cgIterations: 0 });
      expect(weightsOf(of)).toEqual(before);
    }
  });

  test.each(["CartPole-v1", "Pendulum-v1"])(
    "a batch of one row: no NaN, within the region: %s",
    async (environment) => {
      for (const normalizeAdvantage of [true, false]) {
        const options = { nEnvs: 1, nSteps: 1, batchSize: 1, nCriticUpdates: 1, normalizeAdvantage };
        for (const figures of iterate(await ladder("trpo", environment, options), 4)) {
          expect(Number.isFinite(figures["policyLoss"] + figures["approxKl"] + figures["valueLoss"])).toBe(true);
          expect(figures["approxKl"]).toBeLessThanOrEqual(0.01);
        }
      }
    },
  );
});

test("episodes that never end are cut by the rollout and bootstrapped, not waited for", async () => {
  const of = await ladder("trpo", specOf({ observation: (t) => t % 3 }), { ...settings, nSteps: 20 });
  const [figures] = iterate(of, 2);
  expect(figures["episodes"]).toBe(0);
  expect(figures["episodeReturn"]).toBeNaN();
  expect(Number.isFinite(figures["policyLoss"])).toBe(true);
});
