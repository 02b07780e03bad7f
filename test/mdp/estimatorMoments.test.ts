/** Exact moments by recursion against every batch listed (tiny worlds), and against samples (a maze). */

import { describe, expect, test } from "vitest";
import {
  optimalBaseline,
  policyGradient,
  policyGradientWithParameterBaseline,
  type ReinforceWeighting,
  reinforceWeights,
  trajectoryReturns,
  trajectoryScoreSums,
} from "../../src/estimators/index.ts";
import {
  type EstimatorMomentsOptions,
  enumerateTrajectories,
  estimatorMoments,
  exactMoments,
  finiteHorizonGradient,
  networkPolicy,
  type PolicyModel,
  type TabularMdp,
  type Trajectories,
  tabularMdp,
  tabularSoftmax,
  trajectoryScores,
} from "../../src/mdp/index.ts";
import { expectClose, normals, seeded, tinyMdp } from "./support.ts";

/** Two places and an end, of which the second is left by one action half of the time. */
function endingMdp(horizon: number): TabularMdp {
  return tabularMdp({
    ...{ states: 3, actions: 2, gamma: 0.8, horizon, start: [0.7, 0.3, 0], terminal: [0, 0, 1] },
    transition: [0.5, 0.5, 0, 0, 1, 0, 0.2, 0.3, 0.5, 1, 0, 0, 0, 0, 1, 0, 0, 1],
    reward: [1, -0.5, 2, 0.3, 0, 0],
  });
}

/** What the estimators themselves give on every batch of N, listed. */
function listed(
  mdp: TabularMdp,
  model: PolicyModel,
  theta: Float64Array,
  { values, trajectories, ...choice }: EstimatorMomentsOptions & { values: Float64Array },
) {
  const all = enumerateTrajectories(mdp, model.policy(theta));
  const scoreSums = (batch: Trajectories) => {
    const out = new Float64Array(batch.count * model.parameterCount);
    trajectoryScoreSums(trajectoryScores(batch, model, theta), batch.offsets, out);
    return out;
  };
  const returnsOf = (batch: Trajectories) => {
    const out = new Float64Array(batch.count);
    trajectoryReturns(batch, mdp.gamma, out);
    return out;
  };
  const best = new Float64Array(model.parameterCount);
  optimalBaseline(scoreSums(all), returnsOf(all), best, all.probabilities);
  return exactMoments(all, trajectories, (batch) => {
    const out = new Float64Array(model.parameterCount);
    if (choice.baseline === "optimal") {
      policyGradientWithParameterBaseline(scoreSums(batch), returnsOf(batch), best, out);
      return out;
    }
    const weights = new Float64Array(batch.rewards.length);
    const episodes = {
      ...{ offsets: batch.offsets, rewards: batch.rewards, gamma: mdp.gamma },
      values: Float64Array.from(batch.states, (s) => values[s]),
      finalValues: new Float64Array(batch.count),
      terminated: new Uint8Array(batch.count).fill(1),
    };
    reinforceWeights(episodes, choice as ReinforceWeighting, weights);
    policyGradient(trajectoryScores(batch, model, theta), weights, batch.offsets, out);
    return out;
  });
}

const worlds: [string, TabularMdp][] = [
  ["a clock", tinyMdp(3, 2, 0.9)],
  ["ends of its own", endingMdp(3)],
];

const cases: [EstimatorMomentsOptions["weighting"], EstimatorMomentsOptions["baseline"], number][] = [
  ["total", "none", 1],
  ["total", "none", 2],
  ["total", "value", 1],
  ["total", "mean", 2],
  ["total", "leaveOneOut", 2],
  ["total", "leaveOneOut", 1],
  ["total", "optimal", 2],
  ["toGo", "none", 2],
  ["toGo", "value", 1],
  ["gae", "none", 2],
];

describe.each(worlds)("the recursion gives what every batch listed gives, in a world with %s", (_, mdp) => {
  const model = tabularSoftmax(mdp.states, mdp.actions);
  const theta = normals(seeded(7), model.parameterCount);
  const values = normals(seeded(8), mdp.states);

  describe.each(["exact", "standard"] as const)("%s discounting", (discounting) => {
    test.each(cases)("%s+%s of %i", (weighting, baseline, trajectories) => {
      const choice = { weighting, baseline, discounting, gaeLambda: 0.7, trajectories, values };
      const found = estimatorMoments(mdp, model, theta, choice)!;
      const expected = listed(mdp, model, theta, choice);
      expectClose(found.mean, expected.mean, 1e-12, "mean");
      expect(found.traceOfCovariance).toBeCloseTo(expected.traceOfCovariance, 11);
    });
  });
});

test("with three trajectories the sample covariance's variance has all of its terms", () => {
  const mdp = tinyMdp(5, 2, 0.9);
  const model = tabularSoftmax(2, 2);
  const theta = normals(seeded(1), 4);
  const choice = { ...plain, baseline: "leaveOneOut" as const, trajectories: 3, values: new Float64Array(2) };
  const expected = listed(mdp, model, theta, choice).traceOfCovariance;
  expect(estimatorMoments(mdp, model, theta, choice)!.traceOfCovariance).toBeCloseTo(expected, 11);
});

const plain: EstimatorMomentsOptions = {
  ...{ weighting: "total", baseline: "none", discounting: "exact", gaeLambda: 1, trajectories: 1 },
};

test("the mean is ∇J for policies that are no tables too, and λ = 1 is the reward to go less V", () => {
  const mdp = endingMdp(12);
  const model = networkPolicy(normals(seeded(2), 6), { states: 3, actions: 2, hidden: 2 });
  const theta = normals(seeded(3), model.parameterCount);
  const exact = finiteHorizonGradient(mdp, model, theta);
  expectClose(estimatorMoments(mdp, model, theta, plain)!.mean, exact, 1e-10);
  const values = normals(seeded(4), 3);
  const toGo = estimatorMoments(mdp, model, theta, { ...plain, weighting: "toGo", baseline: "value", values })!;
  const gae = estimatorMoments(mdp, model, theta, { ...plain, weighting: "gae", values })!;
  expectClose(toGo.mean, exact, 1e-10);
  expectClose(gae.mean, toGo.mean, 1e-12);
  expect(gae.traceOfCovariance).toBeCloseTo(toGo.traceOfCovariance, 10);
});

test("batch means over time steps, and an optimal baseline of the reward to go, have no closed form here", () => {
  const mdp = tinyMdp(3, 2);
  const model = tabularSoftmax(2, 2);
  for (const [weighting, baseline] of [
    ["total", "timeStep"],
    ["toGo", "mean"],
    ["toGo", "leaveOneOut"],
    ["toGo", "timeStep"],
    ["toGo", "optimal"],
  ] as const) {
    expect(estimatorMoments(mdp, model, new Float64Array(4), { ...plain, weighting, baseline })).toBeUndefined();
  }
  expect(() =>
    estimatorMoments(mdp, model, new Float64Array(4), { ...plain, values: new Float64Array(3) }),
  ).toThrowError(/values/);
});
