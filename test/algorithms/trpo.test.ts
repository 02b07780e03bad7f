/** Trust-region steps: what every update must keep, and what the quadratic model promises (docs/theory.md, 18, 19, 21). */

import { describe, expect, test } from "vitest";
import { specOf } from "../rollout/support.ts";
import { expectDeterminism, expectExactResume, ladder, squaredDistance, weightsOf } from "./ladder.ts";
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
        const damped = 0.05 * squaredDistance(before, weightsOf(of));
        const promised = (figures["quadraticKl"] + damped) / figures["stepFraction"] ** 2;
        expect(promised / targetKl).toBeCloseTo(1, 3);
        moved++;
      }
    }
    expect(moved).toBeGreaterThan(8);
  });

  test("a search with too few tries gives up and leaves policy and KL alone; the critic still learns", async () => {
    // A step that npg shows to go past δ, which one try cannot shorten.
    const options = { ...settings, targetKl: 0.1, cgDamping: 1e-6, cgMaxSteps: 10 };
    const natural = await ladder("npg", "Pendulum-v1", options);
    let snapshot = natural.save();
    for (let i = 0; iterate(natural, 1)[0]["approxKl"] <= 0.1; i++) {
      expect(i).toBeLessThan(6);
      snapshot = natural.save();
    }
    const start = { ...snapshot, state: { ...(snapshot.state as object), algorithm: "trpo" } };
    const of = await ladder("trpo", "Pendulum-v1", { ...options, lineSearchMaxIter: 1 });
    of.load(start);
    const before = of.save().arrays;
    const [figures] = iterate(of, 1);
    const after = of.save().arrays;
    expect(figures).toMatchObject({ stepFraction: 0, approxKl: 0, quadraticKl: 0, improvement: 0 });
    expect(after["policy"]).toEqual(before["policy"]);
    expect(after["critic"]).not.toEqual(before["critic"]);
    const patient = await ladder("trpo", "Pendulum-v1", options);
    patient.load(start);
    expect(iterate(patient, 1)[0]["stepFraction"]).toBeGreaterThan(0);
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
    ["CartPole-v1", { cgDamping: 0.1 }],
    ["Pendulum-v1", {}],
    ["Pendulum-v1", { cgDamping: 0.1 }],
    ["Pendulum-v1", { stateDependentStd: true }],
  ])("%s, %o: its error shrinks like δ^1.5 or faster as δ shrinks", async (environment, more) => {
    const options = { ...settings, cgDamping: 1e-6, cgMaxSteps: 3, ...more };
    const trained = await ladder("npg", environment, { ...options, targetKl: 0.02 });
    iterate(trained, 3);
    const snapshot = trained.save();
    const errors: number[] = [];
    for (const targetKl of [0.025, 0.025 / 4, 0.025 / 16, 0.025 / 64]) {
      const of = await ladder("npg", environment, { ...options, targetKl });
      of.load(snapshot);
      const [{ approxKl, quadraticKl }] = iterate(of, 1);
      expect(quadraticKl).toBeLessThanOrEqual(targetKl);
      if (!("cgDamping" in more)) expect(quadraticKl / targetKl).toBeCloseTo(1, 4);
      errors.push(Math.abs(approxKl - quadraticKl));
    }
    // A quarter of δ is an eighth of δ^1.5; an error that is a share of δ itself would be a quarter.
    const least = "cgDamping" in more ? 5 : 6.5;
    for (let i = 1; i < errors.length; i++) expect(errors[i]).toBeLessThan(errors[i - 1] / least);
    expect(errors[3] / (0.025 / 64)).toBeLessThan(0.03);
  });
});

test("the scale of the rewards does not matter, standardised or not: a millionth of them gives the same step", async () => {
  const make = async (scale: number) => {
    const options = { ...settings, normalizeAdvantage: false, nSteps: 32, nCriticUpdates: 0, gamma: 0, gaeLambda: 0 };
    const of = await ladder("trpo", specOf({ reward: (t) => (t % 3) * scale, observation: (t) => t % 3 }), options);
    const snapshot = of.save();
    // A critic that says 0 leaves the rewards themselves as advantages.
    (snapshot.arrays["critic"].data as Float32Array).fill(0);
    of.load(snapshot);
    const figures = iterate(of, 1)[0];
    return { figures, weights: weightsOf(of) };
  };
  const [one, small] = [await make(1), await make(1e-6)];
  expect(small.figures["stepFraction"]).toBe(1);
  expect(small.figures["cgIterations"]).toBe(one.figures["cgIterations"]);
  expect(Math.sqrt(squaredDistance(one.weights, small.weights))).toBeLessThan(1e-4 * one.figures["parameterDistance"]);
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
