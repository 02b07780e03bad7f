import { describe, expect, test } from "vitest";
import {
  chain,
  enumerateTrajectories,
  exactMoments,
  finiteHorizonGradient,
  finiteHorizonObjective,
  finiteHorizonValues,
  numericGradient,
  objective,
  randomMdp,
  randomPolicy,
  sampleTrajectories,
  stateProbabilities,
  tabularMdp,
  tabularSoftmax,
  trajectoryWeightVariance,
} from "../../src/mdp/index.ts";
import { expectClose, expectMeanWithin, largestDifference, normals, seeded, tinyMdp } from "./support.ts";

describe("finite horizon", () => {
  test("the variance of whole trajectories' weights is that of all of them listed, with ends on the way", () => {
    const mdp = chain({ length: 3, horizon: 5 });
    const fresh = randomPolicy(seeded(5), 3, 2);
    const old = fresh.map((p) => 0.6 * p + 0.2);
    const all = enumerateTrajectories(mdp, old);
    expect(new Set(all.terminated)).toEqual(new Set([0, 1]));
    let [mean, square] = [0, 0];
    for (let i = 0; i < all.count; i++) {
      let weight = 1;
      for (let k = all.offsets[i]; k < all.offsets[i + 1]; k++) {
        const pair = 2 * all.states[k] + all.actions[k];
        weight *= fresh[pair] / old[pair];
      }
      mean += all.probabilities[i] * weight;
      square += all.probabilities[i] * weight * weight;
    }
    expect(mean).toBeCloseTo(1, 12);
    expect(trajectoryWeightVariance(mdp, old, fresh)).toBeCloseTo(square - 1, 12);
  });

  test("J by values, by state probabilities, by listing all trajectories, and by simulation", () => {
    const mdp = randomMdp(seeded(1), { states: 3, actions: 2, gamma: 0.8, horizon: 4 });
    const policy = randomPolicy(seeded(2), 3, 2);
    const exact = finiteHorizonObjective(mdp, policy);
    const probabilities = stateProbabilities(mdp, policy);
    let byStates = 0;
    for (let t = 0; t < 4; t++) {
      for (let pair = 0; pair < 6; pair++) {
        byStates += 0.8 ** t * probabilities[t * 3 + Math.floor(pair / 2)] * policy[pair] * mdp.reward[pair];
      }
    }
    expect(byStates).toBeCloseTo(exact, 13);
    const all = enumerateTrajectories(mdp, policy);
    expect(all.probabilities.reduce((a, b) => a + b)).toBeCloseTo(1, 13);
    const discounted = (rewards: Float64Array) => rewards.reduce((sum, r, t) => sum + 0.8 ** t * r, 0);
    const moments = exactMoments(all, 1, (batch) => [discounted(batch.rewards)]);
    expect(moments.mean[0]).toBeCloseTo(exact, 13);

    const sampled = sampleTrajectories(mdp, policy, 5000, seeded(3));
    const returns = Float64Array.from({ length: 5000 }, (_, i) =>
      discounted(sampled.rewards.subarray(4 * i, 4 * i + 4)),
    );
    expectMeanWithin(returns, 1, [exact], 3, "J");
    let squares = 0;
    for (const value of returns) squares += (value - exact) ** 2 / 5000;
    expect(Math.abs(squares / moments.traceOfCovariance - 1)).toBeLessThan(0.1);
  });

  test("the gradient equals differences of J; without γ^t it does not", () => {
    const mdp = randomMdp(seeded(4), { states: 3, actions: 3, gamma: 0.7, horizon: 5 });
    const model = tabularSoftmax(3, 3);
    const parameters = normals(seeded(5), 9);
    const numeric = numericGradient((x) => finiteHorizonObjective(mdp, model.policy(x)), parameters);
    expect(largestDifference(finiteHorizonGradient(mdp, model, parameters), numeric)).toBeLessThan(1e-10);
    const without = finiteHorizonGradient(mdp, model, parameters, { stateWeights: "undiscounted" });
    expect(largestDifference(without, numeric)).toBeGreaterThan(1e-2);
  });

  test("a long clock gives the values without one", () => {
    const mdp = randomMdp(seeded(6), { states: 4, actions: 2, gamma: 0.5 });
    const policy = randomPolicy(seeded(7), 4, 2);
    expect(finiteHorizonObjective(mdp, policy, 60)).toBeCloseTo(objective(mdp, policy), 13);
    expect(() => finiteHorizonObjective(mdp, policy)).toThrow(/no horizon/);
  });

  test("V_t = Σ π Q_t, and nothing follows a terminal state", () => {
    const mdp = chain({ length: 3, gamma: 1, slip: 0.3, horizon: 6 });
    const policy = randomPolicy(seeded(8), 3, 2);
    const { values, actionValues } = finiteHorizonValues(mdp, policy);
    for (let t = 0; t < 6; t++) {
      expect(values[t * 3 + 2]).toBe(0);
      for (let s = 0; s < 2; s++) {
        const mean =
          policy[s * 2] * actionValues[(t * 3 + s) * 2] + policy[s * 2 + 1] * actionValues[(t * 3 + s) * 2 + 1];
        expect(values[t * 3 + s]).toBeCloseTo(mean, 14);
      }
    }
    const all = enumerateTrajectories(mdp, policy);
    expect(all.probabilities.reduce((a, b) => a + b)).toBeCloseTo(1, 13);
    for (let i = 0; i < all.count; i++) {
      const length = all.offsets[i + 1] - all.offsets[i];
      expect(all.terminated[i] === 1 ? all.finalStates[i] === 2 : length === 6).toBe(true);
      expect(all.states.subarray(all.offsets[i], all.offsets[i + 1]).includes(2)).toBe(false);
    }
    const probabilities = stateProbabilities(mdp, policy);
    for (let t = 0; t < 6; t++) {
      const running = all.probabilities.reduce(
        (sum, p, i) => sum + (all.offsets[i + 1] - all.offsets[i] > t ? p : 0),
        0,
      );
      expect(probabilities.subarray(t * 3, t * 3 + 3).reduce((a, b) => a + b)).toBeCloseTo(running, 13);
      expect(probabilities[t * 3 + 2]).toBe(0);
    }
  });

  test("batches: the mean of two independent returns has half the variance", () => {
    const mdp = tinyMdp(9, 2);
    const all = enumerateTrajectories(mdp, randomPolicy(seeded(10), 2, 2));
    const total = ({ rewards, count }: { rewards: Float64Array; count: number }) => [
      rewards.reduce((a, b) => a + b, 0) / count,
    ];
    const one = exactMoments(all, 1, total);
    const two = exactMoments(all, 2, total);
    expectClose(two.mean, one.mean, 1e-13);
    expect(two.traceOfCovariance).toBeCloseTo(one.traceOfCovariance / 2, 12);
  });
});

test("an action that neither policy takes changes no weight's variance", () => {
  const mdp = tabularMdp({
    ...{ states: 1, actions: 3, transition: [1, 1, 1], reward: [0, 0, 0], gamma: 1, horizon: 2 },
  });
  const [behaviour, target] = [Float64Array.of(0.5, 0.5, 0), Float64Array.of(0.25, 0.75, 0)];
  const square = 0.25 ** 2 / 0.5 + 0.75 ** 2 / 0.5;
  expect(trajectoryWeightVariance(mdp, behaviour, target)).toBeCloseTo(square ** 2 - 1, 12);
});
