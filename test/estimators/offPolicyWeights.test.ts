/** The estimators of off-policy-pg with a value function beside them: behind a cut there is V, and V is what is subtracted. */

import { describe, expect, test } from "vitest";
import {
  causalWeights,
  clippedCausalWeights,
  episodeAdvantages,
  fullTrajectoryWeights,
  type OffPolicyInputs,
  offPolicyEstimators,
  offPolicyWeights,
  policyIterationWeights,
  selfNormalisedTrajectoryWeights,
  subtractReachedBaseline,
  vTrace,
} from "../../src/estimators/index.ts";
import { exactMoments, finiteHorizonGradient } from "../../src/mdp/index.ts";
import { expectClose, normals, seeded } from "../mdp/support.ts";
import { gradientWith, tinyWorld } from "./support.ts";

const plain = { ratioClip: Infinity, gaeLambda: 1 };

function weightsOf(episodes: OffPolicyInputs, choice: Parameters<typeof offPolicyWeights>[1]): Float64Array {
  const [weights, targets] = [new Float64Array(episodes.values.length), new Float64Array(episodes.values.length)];
  offPolicyWeights(episodes, choice, weights, targets);
  return weights;
}

/** Reward 1 for ever, cut after `steps`, with the right V = 1 / (1 − γ). */
function forEver(steps: number, gamma: number): OffPolicyInputs {
  const value = 1 / (1 - gamma);
  return {
    offsets: Int32Array.of(0, steps),
    rewards: new Float64Array(steps).fill(1),
    values: new Float64Array(steps).fill(value),
    logRatios: new Float64Array(steps),
    finalValues: [value],
    terminated: [0],
    gamma,
  };
}

describe("an episode that was cut goes on in principle", () => {
  test.each(["causal", "policyIteration", "firstOrder", "vtrace"] as const)(
    "%s: reward 1 for ever and a right V: every weight is 0, at the cut too",
    (estimator) => {
      const weights = weightsOf(forEver(500, 0.99), { ...plain, estimator });
      expectClose(weights, new Float64Array(500), 1e-9);
    },
  );

  test.each(["trajectory", "selfNormalised"] as const)("%s: the return holds V behind the cut", (estimator) => {
    expectClose(weightsOf(forEver(7, 0.5), { ...plain, estimator }), new Float64Array(7).fill(2), 1e-12);
  });

  test.each(offPolicyEstimators)("%s: behind a terminated episode V is not read", (estimator) => {
    const ended = { ...forEver(5, 0.9), terminated: [1] };
    const unread = { ...ended, finalValues: [Number.NaN] };
    expect(weightsOf(unread, { ...plain, estimator })).toEqual(weightsOf(ended, { ...plain, estimator }));
    expect(weightsOf(ended, { ...plain, estimator })).not.toEqual(weightsOf(forEver(5, 0.9), { ...plain, estimator }));
  });

  test("off policy, V behind the cut carries the product of all ratios: as one more reward of ratio 1", () => {
    const ratios = [0.3, -0.5, 0.7];
    const cut = { offsets: Int32Array.of(0, 3), rewards: [1, 2, 3], logRatios: ratios, gamma: 0.9, behind: [7] };
    const longer = { offsets: Int32Array.of(0, 4), rewards: [1, 2, 3, 7], logRatios: [...ratios, 0], gamma: 0.9 };
    const [short, long] = [new Float64Array(3), new Float64Array(4)];
    causalWeights(cut, short);
    causalWeights(longer, long);
    expectClose(short, long.subarray(0, 3), 1e-12);
  });
});

describe("a baseline V(s) at the ratios that lead to it", () => {
  const behaviour = tinyWorld(3);
  const parameters = normals(seeded(31), 4);
  const target = { ...behaviour, parameters, policy: behaviour.model.policy(parameters) };
  const exact = finiteHorizonGradient(target.mdp, target.model, parameters);
  const values = [0.7, -0.4];
  const moments = (estimator: "trajectory" | "causal", table: readonly number[]) =>
    exactMoments(
      behaviour.all,
      1,
      gradientWith(target, (batch, out) => {
        const logRatios = Float64Array.from(batch.states, (s, k) => {
          const pair = s * 2 + batch.actions[k];
          return Math.log(target.policy[pair] / behaviour.policy[pair]);
        });
        const ends = { finalValues: new Float64Array(batch.count), terminated: new Uint8Array(batch.count).fill(1) };
        const episodes = {
          ...batch,
          ...ends,
          logRatios,
          gamma: 1,
          values: Float64Array.from(batch.states, (s) => table[s]),
        };
        out.set(weightsOf(episodes, { ...plain, estimator }));
      }),
    );

  test("causal stays unbiased to 1e-12, whatever V says", () => {
    expectClose(moments("causal", values).mean, exact, 1e-12);
    expectClose(moments("causal", [0, 0]).mean, exact, 1e-12);
    expectClose(moments("trajectory", values).mean, exact, 1e-12);
  });

  test("and a V near the truth takes variance off", () => {
    const mean = target.mdp.reward.reduce((a, b) => a + b, 0) / target.mdp.reward.length;
    // Half of what three steps of average reward bring.
    const near = moments("causal", [1.5 * mean, 1.5 * mean]).traceOfCovariance;
    expect(near).toBeLessThan(moments("causal", [0, 0]).traceOfCovariance);
  });
});

test("selfNormalised is rung 1 with weights that sum to N", () => {
  const episodes = {
    offsets: Int32Array.of(0, 2, 3),
    rewards: [1, 2, 5],
    logRatios: [0.5, 0.5, 2],
    values: [0, 0, 0],
    finalValues: [0, 0],
    terminated: [1, 1],
    gamma: 1,
  };
  const expected = new Float64Array(3);
  selfNormalisedTrajectoryWeights(episodes, expected);
  expect(weightsOf(episodes, { ...plain, estimator: "selfNormalised" })).toEqual(expected);
  expectClose(expected, [6 / (1 + Math.E), 6 / (1 + Math.E), (10 * Math.E) / (1 + Math.E)], 1e-12);
});

describe("the choice's ratioClip and gaeLambda reach the estimator that it names", () => {
  const episodes = {
    ...{ offsets: Int32Array.of(0, 2, 5), rewards: [1, -2, 3, 0.5, 4], values: [0.4, 0.1, -0.3, 0.9, 1.2] },
    ...{ logRatios: [0.6, -0.4, 0.9, 0.2, -0.7], finalValues: [2, 3], terminated: [0, 1], gamma: 0.9 },
  };
  const cut = Float64Array.from(episodes.logRatios, (ratio) => Math.min(ratio, Math.log(1.2)));
  const corrected = { ...episodes, logRatios: cut, behind: [2, 0] };
  const choice = { ratioClip: 1.2, gaeLambda: 0.7 };
  const fresh = () => new Float64Array(5);

  test("V-trace, whose targets every estimator has", () => {
    const [targets, advantages] = [fresh(), fresh()];
    vTrace({ ...episodes, rhoBar: 1.2, cBar: 1.2, lambda: 0.7 }, targets, advantages);
    expectClose(weightsOf(episodes, { ...choice, estimator: "vtrace" }), advantages, 0);
    for (const estimator of offPolicyEstimators) {
      const found = fresh();
      offPolicyWeights(episodes, { ...choice, estimator }, fresh(), found);
      expectClose(found, targets, 0);
    }
  });

  test.each(["causal", "policyIteration"] as const)("%s, and V of what it reached taken off", (estimator) => {
    const expected = fresh();
    (estimator === "causal" ? causalWeights : policyIterationWeights)(corrected, expected);
    subtractReachedBaseline(corrected, episodes.values, expected);
    expectClose(weightsOf(episodes, { ...choice, estimator }), expected, 1e-13);
  });

  test.each(["trajectory", "selfNormalised"] as const)("%s", (estimator) => {
    const expected = fresh();
    (estimator === "trajectory" ? fullTrajectoryWeights : selfNormalisedTrajectoryWeights)(corrected, expected);
    expectClose(weightsOf(episodes, { ...choice, estimator }), expected, 1e-13);
  });

  test("firstOrder", () => {
    const advantages = fresh();
    episodeAdvantages(episodes, 0.7, advantages);
    const expected = advantages.map((advantage, k) => advantage * Math.exp(cut[k]));
    expectClose(weightsOf(episodes, { ...choice, estimator: "firstOrder" }), expected, 1e-13);
  });
});

test("clipped causal weights are causal weights of ratios that are cut first", () => {
  const episodes = { offsets: Int32Array.of(0, 3), rewards: [1, 2, 3], logRatios: [0.6, -0.4, 0.9], gamma: 0.9 };
  const [clipped, expected] = [new Float64Array(3), new Float64Array(3)];
  clippedCausalWeights(episodes, 1.2, clipped);
  causalWeights({ ...episodes, logRatios: [Math.log(1.2), -0.4, Math.log(1.2)] }, expected);
  expectClose(clipped, expected, 1e-13);
});
