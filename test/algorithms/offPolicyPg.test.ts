/** docs/theory.md, 14–17: every rung runs, a replay of one batch with one step is on-policy, and a resume remembers the replay. */

import { describe, expect, test } from "vitest";
import { offPolicyEstimators } from "../../src/estimators/index.ts";
import { bandit, mdpSpec } from "../../src/mdp/index.ts";
import type { PolicyDescription } from "../../src/policies/index.ts";
import { ForEver } from "../rollout/support.ts";
import { expectDeterminism, expectExactResume, ladder, weightsOf } from "./ladder.ts";
import { iterate } from "./support.ts";

const estimators = offPolicyEstimators;
const settings = { nSteps: 60, batchSize: 64 };
const flat = (weights: Record<string, Float32Array>) => Object.values(weights).flatMap((data) => [...data]);

describe("each rung", () => {
  test.each(estimators)("%s: runs on CartPole and Pendulum with finite figures", async (estimator) => {
    for (const id of ["CartPole-v1", "Pendulum-v1"]) {
      const of = await ladder("off-policy-pg", id, { ...settings, estimator, replayBatches: 3, gradientSteps: 4 });
      for (const figures of iterate(of, 4)) {
        for (const name of ["policyLoss", "entropy", "gradientNorm", "valueLoss", "effectiveSampleSize"]) {
          expect(Number.isFinite(figures[name]), `${id} ${name}`).toBe(true);
        }
        expect(figures["effectiveSampleSize"]).toBeGreaterThan(0);
        expect(figures["effectiveSampleSize"]).toBeLessThanOrEqual(1 + 1e-9);
        expect(figures["updates"]).toBe(4);
      }
    }
  });

  test.each(estimators)("%s: learns a bandit", async (estimator) => {
    const arms = mdpSpec("arms", bandit([1, 0, 0.3]), { horizonEnds: "terminated" });
    const of = await ladder("off-policy-pg", arms, {
      nEnvs: 32,
      nSteps: 2,
      hidden: [4],
      estimator,
      learningRate: 0.03,
      ratioClip: 5,
      gradientSteps: 3,
    });
    expect(iterate(of, 40)[39]["episodeReturn"]).toBeGreaterThan(0.85);
  });
});

test("policy and critic learn at rates of their own", async () => {
  const moved = async (rates: { learningRate: number; criticLearningRate: number }) => {
    const of = await ladder("off-policy-pg", "CartPole-v1", { ...settings, nCriticUpdates: 2, ...rates });
    const before = structuredClone(of.policy().weights);
    of.iterate();
    const after = of.policy().weights;
    const changed = Object.keys(before).filter((name) => before[name].data.some((x, i) => x !== after[name].data[i]));
    return [...new Set(changed.map((name) => name.split(".")[0]))].sort();
  };
  expect(await moved({ learningRate: 1e-2, criticLearningRate: 0 })).toEqual(["policy"]);
  expect(await moved({ learningRate: 0, criticLearningRate: 1e-2 })).toEqual(["value"]);
});

describe("one batch kept, one step each: on-policy", () => {
  const once = {
    ...settings,
    replayBatches: 1,
    gradientSteps: 1,
    ratioClip: "none",
    normalizeAdvantage: false,
    nCriticUpdates: 0,
    learningRate: 1e-2,
    gaeLambda: 1,
    seed: 4,
  };

  test("all weights are 1: the effective sample size is the whole batch", async () => {
    const of = await ladder("off-policy-pg", "CartPole-v1", once);
    for (const figures of iterate(of, 3)) expect(figures["effectiveSampleSize"]).toBeCloseTo(1, 6);
  });

  test.each([
    ["trajectory", { weighting: "total", baseline: "none" }],
    ["causal", { weighting: "toGo", baseline: "value" }],
    ["policyIteration", { weighting: "toGo", baseline: "value" }],
    ["firstOrder", { weighting: "gae" }],
  ])("%s is REINFORCE with %o", async (estimator, variant) => {
    // Episodes fit: what reinforce bootstraps behind a cut would differ between its variants.
    const nSteps = 400;
    const off = await ladder("off-policy-pg", "CartPole-v1", { ...once, nSteps, estimator });
    const on = await ladder("reinforce", "CartPole-v1", {
      nSteps,
      ...variant,
      gaeLambda: 1,
      learningRate: 1e-2,
      nCriticUpdates: 0,
      seed: 4,
    });
    for (let i = 0; i < 3; i++) {
      const [a, b] = [iterate(off, 1)[0], iterate(on, 1)[0]];
      expect(b["cutEpisodes"]).toBe(0);
      expect(a["gradientNorm"] / b["gradientNorm"]).toBeCloseTo(1, 3);
      expect(a["episodeReturn"]).toBe(b["episodeReturn"]);
    }
    const other = flat(weightsOf(on));
    flat(weightsOf(off)).forEach((x, j) => {
      expect(Math.abs(x - other[j])).toBeLessThan(2e-4);
    });
  });

  test.each(["causal", "policyIteration"])(
    "%s is REINFORCE with the value baseline where episodes are cut, too: both go on with V (policyIteration stopped there)",
    async (estimator) => {
      const cut = { nSteps: 20, gamma: 0.9, nEnvs: 3 };
      const off = await ladder("off-policy-pg", () => new ForEver(), { ...once, ...cut, estimator });
      const on = await ladder("reinforce", () => new ForEver(), {
        ...cut,
        nCriticUpdates: 0,
        learningRate: 1e-2,
        seed: 4,
      });
      for (let i = 0; i < 2; i++) {
        const [a, b] = [iterate(off, 1)[0], iterate(on, 1)[0]];
        expect(b["cutEpisodes"]).toBe(3);
        expect(a["policyLoss"] / b["policyLoss"]).toBeCloseTo(1, 4);
        expect(a["gradientNorm"] / b["gradientNorm"]).toBeCloseTo(1, 3);
      }
    },
  );

  test("several steps on one batch move off the behaviour policy: weights differ from 1", async () => {
    const of = await ladder("off-policy-pg", "CartPole-v1", { ...once, gradientSteps: 10, learningRate: 0.03 });
    expect(iterate(of, 2)[1]["effectiveSampleSize"]).toBeLessThan(0.999);
  });
});

describe("determinism and resume", () => {
  test("the same seed gives the same bits", async () => {
    await expectDeterminism((seed) => ladder("off-policy-pg", "CartPole-v1", { ...settings, seed }));
  });

  test.each(["vtrace", "causal"])(
    "%s: the replay, its order and the normaliser survive a resume",
    async (estimator) => {
      await expectExactResume(
        () =>
          ladder("off-policy-pg", "Pendulum-v1", {
            ...settings,
            estimator,
            replayBatches: 3,
            gradientSteps: 4,
            normalizeObservations: true,
            normalizeRewards: true,
          }),
        4,
      );
    },
  );
});

test("episodes that never end are cut at nSteps and bootstrapped", async () => {
  const of = await ladder("off-policy-pg", () => new ForEver(), { nSteps: 20, nEnvs: 3 });
  const [figures] = iterate(of, 1);
  expect(figures).toMatchObject({ steps: 60, episodes: 0 });
  expect(Number.isFinite(figures["policyLoss"])).toBe(true);
});

/** log π of every action [actions] for an observation, by hand: tanh layers, then logits. */
function logPolicy({ weights }: PolicyDescription, observation: ArrayLike<number>): number[] {
  const dense = (name: string, x: number[]) => {
    const { shape, data } = weights[`${name}.weight`];
    const bias = weights[`${name}.bias`].data;
    return Array.from({ length: shape[1] }, (_, j) =>
      x.reduce((sum, xi, i) => sum + xi * data[i * shape[1] + j], bias[j]),
    );
  };
  const logits = dense("policy.head.0", dense("policy.body.0", Array.from(observation)).map(Math.tanh));
  const total = Math.log(logits.reduce((sum, z) => sum + Math.exp(z), 0));
  return logits.map((z) => z - total);
}

test("kl is that of the states just collected, whichever batch was learnt from last (it was of the last one)", async () => {
  const more = { replayBatches: 3, gradientSteps: 6, learningRate: 0.01, seed: 2 };
  const of = await ladder("off-policy-pg", "CartPole-v1", more);
  iterate(of, 2);
  const before = of.policy();
  const { kl } = of.iterate();
  const after = of.policy();
  const { arrays } = of.save();
  const lengths = arrays["replay.2.lengths"].data as Int32Array;
  const observations = arrays["replay.2.observations"].data as Float32Array;
  let sum = 0;
  lengths.forEach((length, i) => {
    for (let t = 0; t < length; t++) {
      const row = t * lengths.length + i;
      const seen = observations.subarray(4 * row, 4 * row + 4);
      const [old, now] = [logPolicy(before, seen), logPolicy(after, seen)];
      sum += old.reduce((total, log, a) => total + Math.exp(log) * (log - now[a]), 0);
    }
  });
  const exact = sum / lengths.reduce((a, b) => a + b, 0);
  expect(exact).toBeGreaterThan(1e-6);
  expect(Math.abs((kl as number) / exact - 1)).toBeLessThan(0.02);
});
