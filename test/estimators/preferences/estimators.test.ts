/** Estimators for completions: closed forms, and what has gone wrong in other implementations of them. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AscentError } from "../../../src/errors.ts";
import {
  bestOfN,
  combineRewards,
  equalRewardShare,
  groupAdvantages,
  leaveOneOutAdvantages,
  lengthDesensitisedWeights,
  nextKlCoefficient,
  tokenRewards,
  whiten,
} from "../../../src/estimators/index.ts";

const REWARDS = [1, 0, 0, 1, 0, 0, 0, 0];

function advantagesOf(rewards: readonly number[], groupSize: number, scale?: "group" | "batch" | "none"): number[] {
  const out = new Float64Array(rewards.length);
  groupAdvantages(rewards, groupSize, out, { scale });
  return [...out];
}

function leaveOneOut(rewards: readonly number[], groupSize: number): number[] {
  const out = new Float64Array(rewards.length);
  leaveOneOutAdvantages(rewards, groupSize, out);
  return [...out];
}

describe("advantages of groups", () => {
  test("GRPO's deviation is of a sample (ddof 1), with 1e-4 outside the root", () => {
    const [high, low] = advantagesOf(REWARDS, 8);
    expect(high).toBeCloseTo(1.619835, 6);
    expect(low).toBeCloseTo(-0.539945, 6);
    expect(advantagesOf([1, 0], 2)[0]).toBeCloseTo(0.70701, 5);
  });

  test("RLOO is G/(G − 1) times the centred reward", () => {
    const [high, low] = leaveOneOut(REWARDS, 8);
    expect(high).toBeCloseTo(0.857143, 6);
    expect(low).toBeCloseTo(-0.285714, 6);
    fc.assert(
      fc.property(fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 4, maxLength: 4 }), (rewards) => {
        const centred = advantagesOf(rewards, 4, "none");
        leaveOneOut(rewards, 4).forEach((advantage, i) => {
          const others = rewards.filter((_, j) => j !== i).reduce((a, b) => a + b, 0) / 3;
          expect(advantage).toBeCloseTo(rewards[i] - others, 9);
          expect(advantage).toBeCloseTo((4 / 3) * centred[i], 9);
        });
      }),
      { seed: 2, numRuns: 50 },
    );
  });

  test("all rewards equal: exactly 0, whatever they are", () => {
    for (const reward of [0, 0.1, 1e6 + 0.1, -7]) {
      for (const scale of ["group", "batch", "none"] as const) {
        expect(advantagesOf([reward, reward, reward], 3, scale)).toEqual([0, 0, 0]);
      }
      expect(leaveOneOut([reward, reward, reward], 3)).toEqual([0, 0, 0]);
    }
    expect(equalRewardShare([0.1, 0.1, 0.1, 1, 2, 3], 3)).toBe(0.5);
  });

  test("a group of one: 0, not NaN and not the reward", () => {
    expect(advantagesOf([3, -2], 1)).toEqual([0, 0]);
    expect(leaveOneOut([3, -2], 1)).toEqual([0, 0]);
  });

  test("a reward that could not be computed is no reward of 0: the others' mean is without it", () => {
    expect(advantagesOf([1, Number.NaN, 3], 3, "none")).toEqual([-1, 0, 1]);
    expect(leaveOneOut([1, Number.NaN, 3], 3)).toEqual([-2, 0, 2]);
    expect(leaveOneOut([1, Number.NaN, Number.NaN], 3)).toEqual([0, 0, 0]);
    const out = new Float64Array(2);
    combineRewards([1, Number.NaN, Number.NaN, Number.NaN], [2, 1], out);
    expect([...out]).toEqual([2, Number.NaN]);
  });

  test("groups do not see each other, but through the batch's deviation", () => {
    const both = advantagesOf([1, 0, 5, 9], 2);
    expect(both.slice(0, 2)).toEqual(advantagesOf([1, 0], 2));
    expect(advantagesOf([1, 0, 5, 9], 2, "batch")[0]).not.toBeCloseTo(both[0], 3);
  });

  test("may write over the rewards, and normalise over the batch", () => {
    const rewards = Float64Array.of(1, 0, 4, 2);
    leaveOneOutAdvantages(rewards, 2, rewards, { normalise: true });
    expect(rewards.reduce((a, b) => a + b, 0)).toBeCloseTo(0, 12);
    expect(rewards.reduce((a, b) => a + b * b, 0) / 3).toBeCloseTo(1, 3);
  });

  test.each<[string, () => void, string]>([
    ["broken groups", () => groupAdvantages([1, 2, 3], 2, new Float64Array(3)), "whole groups"],
    ["a size of 0", () => groupAdvantages([1, 2], 0, new Float64Array(2)), "whole number ≥ 1"],
    ["an infinite reward", () => leaveOneOutAdvantages([1, Infinity], 2, new Float64Array(2)), "reward 1"],
    ["a short output", () => groupAdvantages([1, 2], 2, new Float64Array(1)), "not as many"],
    ["a weight of NaN", () => combineRewards([1], [Number.NaN], new Float64Array(1)), "weights[0]"],
  ])("%s is an error", (_, call, words) => {
    expect(call).toThrow(AscentError);
    expect(call).toThrow(words);
  });
});

describe("rewards of tokens", () => {
  const inputs = {
    logProb: [-1, -2, -3, -1, Number.NaN, Number.NaN],
    referenceLogProb: [-1.5, -2, -2, -1, Number.NaN, 7],
    lengths: [3, 1],
    scores: [10, 20],
    klCoefficient: 0.5,
  };

  test("the score lands on the last token, not one behind it; NaN in the padding stays unread", () => {
    const out = new Float64Array(6);
    const kl = tokenRewards(inputs, out);
    expect([...out].map((x) => x + 0)).toEqual([-0.25, 0, 10.5, 20, 0, 0]);
    expect([...kl]).toEqual([-0.5, 0]);
  });

  test("what does not end by itself pays the penalty", () => {
    const out = new Float64Array(6);
    tokenRewards({ ...inputs, ended: [1, 0], missingEndPenalty: 3 }, out);
    expect([out[2], out[3]]).toEqual([10.5, 17]);
  });

  test("k3 is never negative, near 0 too", () => {
    const out = new Float64Array(2);
    const near = { logProb: [-1, -1], referenceLogProb: [-1 + 1e-9, -1 - 1e-9], lengths: [2], scores: [0] };
    tokenRewards({ ...near, klCoefficient: -1, klEstimator: "k3" }, out);
    for (const kl of out) expect(kl).toBeGreaterThan(0);
  });

  test.each<[string, object, string]>([
    ["lengths beyond the array", { lengths: [4, 1] }, "from 0 to 3"],
    ["a penalty without knowing who ended", { missingEndPenalty: 1 }, "ended"],
    ["log-probabilities of another batch", { referenceLogProb: [0, 0] }, "referenceLogProb"],
  ])("%s is an error", (_, change, words) => {
    expect(() => tokenRewards({ ...inputs, ...change }, new Float64Array(6))).toThrow(words);
  });
});

describe("whitening", () => {
  test("rewards keep their mean, and the variance is of the population", () => {
    const out = new Float64Array(5);
    whiten([1.2, 1.4, 1.6, 1.8, 2], out, { shiftMean: false });
    expect(out[0]).toBeCloseTo(1.6 - Math.SQRT2, 6);
    expect(out.reduce((a, b) => a + b, 0) / 5).toBeCloseTo(1.6, 12);
  });

  test("equal numbers, one number and none are not divided by 0", () => {
    const out = new Float64Array(3);
    whiten([0.1, 0.1, 0.1], out);
    expect([...out]).toEqual([0, 0, 0]);
    whiten([5, Number.NaN, 7], out, { mask: [0, 0, 1], correction: 1 });
    expect([...out]).toEqual([0, 0, 0]);
    whiten([1, 2, 3], out, { mask: [0, 0, 0] });
    expect([...out]).toEqual([0, 0, 0]);
  });
});

test("the KL coefficient of 0.15 at a divergence of 9 instead of 6, after 512 completions", () => {
  expect(nextKlCoefficient(0.15, { kl: 9, target: 6, steps: 512, horizon: 1e4 })).toBeCloseTo(0.151536, 9);
  expect(() => nextKlCoefficient(0.15, { kl: Number.NaN, target: 6, steps: 1, horizon: 1 })).toThrow("kl");
});

describe("best of n", () => {
  test("adds up to 1 for any base, rewards and n", () => {
    const weights = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 2000 }), (list, n) => {
        const sum = list.reduce((a, b) => a + b, 0);
        fc.pre(sum > 0);
        const base = list.map((w) => w / sum);
        const best = bestOfN(
          base,
          list.map((_, i) => (i * 7) % 5),
          n,
        );
        expect(best.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
        expect(Math.min(...best)).toBeGreaterThanOrEqual(0);
      }),
      { seed: 3, numRuns: 100 },
    );
  });

  test("equal rewards leave the base as it is", () => {
    const best = bestOfN([0.5, 0.25, 0.25], [2, 2, 2], 64);
    [0.5, 0.25, 0.25].forEach((p, i) => {
      expect(best[i]).toBeCloseTo(p, 12);
    });
  });

  test("bases that are none, and rewards of NaN, are errors", () => {
    expect(() => bestOfN([0.5, 0.6], [1, 2], 2)).toThrow("no distribution");
    expect(() => bestOfN([1.5, -0.5], [1, 2], 2)).toThrow("no distribution");
    expect(() => bestOfN([0.5, 0.5], [1, Number.NaN], 2)).toThrow("reward 1");
  });
});

test("LD-DPO: tokens beyond the other completion's length count a share", () => {
  const out = new Float64Array(8);
  lengthDesensitisedWeights([0, 1, 1, 1, 1, 1, 0, 0], [1, 1, 1, 1, 1, 1], 2, 0.25, out);
  expect([...out]).toEqual([0, 1, 1, 1, 1, 1, 0, 0]);
  lengthDesensitisedWeights([0, 1, 1, 1, 1, 1, 0, 0], [1, 0, 0, 0, 1, 0], 2, 0.25, out);
  expect([...out]).toEqual([0, 1, 0.25, 0.25, 1, 0.25, 0, 0]);
  expect(() => lengthDesensitisedWeights([1, 1, 1], [1, 1], 2, 0.5, out)).toThrow("rows");
});
