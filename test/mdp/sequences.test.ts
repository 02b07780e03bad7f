/** A world of all sequences, its optima in closed form, and exact gradients against differences. */

import { describe, expect, test } from "vitest";
import { bestOfN, bestOfNKlBound } from "../../src/estimators/index.ts";
import {
  bradleyTerryPreferences,
  dpoMarginLoss,
  forwardKlOptimum,
  ipoMarginLoss,
  klLossWeights,
  logitsOf,
  numericGradient,
  pairLossWeights,
  regularisedObjective,
  regularisedOptimum,
  regularisedRewardWeights,
  sequenceLogProbs,
  sequenceProbabilities,
  sequenceWorld,
  stateKl,
  tokenAdvantages,
  tokenKlWeights,
  tokenLogProbs,
  tokenWeightedScores,
  weightedScores,
} from "../../src/mdp/index.ts";
import { expectClose, normals, seeded } from "./support.ts";

/** One token of four: the example of theory.md. */
const ONE_TOKEN = sequenceWorld({ vocabulary: 4, length: 1 });
const REFERENCE = [0.5, 0.3, 0.15, 0.05];
const REWARDS = [1, 0, 2, -1];

describe("the world", () => {
  test("lists every sequence once, in order", () => {
    const world = sequenceWorld({ vocabulary: 3, length: 2 });
    expect(world.count).toBe(9);
    expect([...world.tokens]).toEqual([0, 0, 0, 1, 0, 2, 1, 0, 1, 1, 1, 2, 2, 0, 2, 1, 2, 2]);
    expect(world.prefixes).toBe(4);
    expect(sequenceWorld({ vocabulary: 6, length: 5 }).count).toBe(7776);
  });

  test("an end token ends a sequence where it stands", () => {
    const world = sequenceWorld({ vocabulary: 2, length: 3, endToken: 1 });
    expect(world.count).toBe(4);
    expect([...world.lengths]).toEqual([3, 3, 2, 1]);
    expect([...world.tokens]).toEqual([0, 0, 0, 0, 0, 1, 0, 1, -1, 1, -1, -1]);
    const logits = normals(seeded(3), world.parameterCount);
    expect(sequenceProbabilities(world, logits).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    const tokens = tokenLogProbs(world, logits);
    expect([...tokens.subarray(9)].slice(1)).toEqual([0, 0]);
  });

  test("Σ w ∇log π against differences", () => {
    const world = sequenceWorld({ vocabulary: 3, length: 3, endToken: 2 });
    const logits = normals(seeded(4), world.parameterCount);
    const weights = normals(seeded(5), world.count);
    const total = (at: Float64Array) =>
      sequenceLogProbs(world, at).reduce((sum, logProb, y) => sum + weights[y] * logProb, 0);
    expectClose(weightedScores(world, logits, weights), numericGradient(total, logits), 1e-9, "gradient");
  });

  test("Σ w(x, a) ∇log π(a | x) against differences, and the same as of sequences that carry the weights", () => {
    const world = sequenceWorld({ vocabulary: 3, length: 3, endToken: 2 });
    const logits = normals(seeded(4), world.parameterCount);
    const weights = normals(seeded(7), world.parameterCount);
    const total = (at: Float64Array) => {
      let sum = 0;
      for (let x = 0; x < world.prefixes; x++) {
        const row = at.subarray(3 * x, 3 * x + 3);
        const normaliser = Math.log(row.reduce((all, l) => all + Math.exp(l), 0));
        for (let a = 0; a < 3; a++) sum += weights[3 * x + a] * (row[a] - normaliser);
      }
      return sum;
    };
    expectClose(tokenWeightedScores(world, logits, weights), numericGradient(total, logits), 1e-9, "gradient");
  });

  test("exact advantages of tokens: ∇E[r] by tokens is ∇E[r] by sequences, and none is left in the mean", () => {
    const world = sequenceWorld({ vocabulary: 3, length: 3, endToken: 2 });
    const logits = normals(seeded(8), world.parameterCount);
    const rewards = normals(seeded(9), world.count);
    const { probabilities, advantages } = tokenAdvantages(world, logits, rewards);
    const expected = (at: Float64Array) =>
      sequenceProbabilities(world, at).reduce((sum, p, y) => sum + p * rewards[y], 0);
    const gradient = tokenWeightedScores(
      world,
      logits,
      advantages.map((a, k) => probabilities[k] * a),
    );
    expectClose(gradient, numericGradient(expected, logits), 1e-9, "gradient");
    for (let x = 0; x < world.prefixes; x++) {
      let mean = 0;
      for (let a = 0; a < 3; a++) mean += probabilities[3 * x + a] * advantages[3 * x + a];
      expect(mean).toBeCloseTo(0, 12);
    }
    expect(probabilities.subarray(0, 3).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
  });

  test("a KL term for each token: the gradient of Σ d(x) KL(π(· | x) ‖ π_ref(· | x)) with d held fixed, by differences", () => {
    const world = sequenceWorld({ vocabulary: 3, length: 3, endToken: 2 });
    const logits = normals(seeded(16), world.parameterCount);
    const reference = normals(seeded(17), world.parameterCount);
    const { probabilities } = tokenAdvantages(world, logits, new Float64Array(world.count));
    const row = (of: Float64Array, x: number) => {
      const part = of.subarray(3 * x, 3 * x + 3);
      const sum = part.reduce((all, l) => all + Math.exp(l), 0);
      return part.map((l) => l - Math.log(sum));
    };
    const penalty = (at: Float64Array) => {
      let sum = 0;
      for (let x = 0; x < world.prefixes; x++) {
        const through = probabilities.subarray(3 * x, 3 * x + 3).reduce((a, b) => a + b, 0);
        const [own, held] = [row(at, x), row(reference, x)];
        sum += through * own.reduce((kl, l, a) => kl + Math.exp(l) * (l - held[a]), 0);
      }
      return sum;
    };
    const gradient = tokenWeightedScores(world, logits, tokenKlWeights(world, logits, reference));
    expectClose(gradient, numericGradient(penalty, logits), 1e-8, "gradient");
  });

  test("any distribution over sequences is a policy of the world", () => {
    const world = sequenceWorld({ vocabulary: 3, length: 3 });
    const probabilities = sequenceProbabilities(world, normals(seeded(6), world.parameterCount, 2));
    expectClose(sequenceProbabilities(world, logitsOf(world, probabilities)), probabilities, 1e-14, "probabilities");
  });

  test.each<[string, () => unknown, string]>([
    ["too many sequences", () => sequenceWorld({ vocabulary: 10, length: 6 }), "too many"],
    ["an end token outside", () => sequenceWorld({ vocabulary: 3, length: 2, endToken: 3 }), "not in the vocabulary"],
    ["logits of another world", () => sequenceLogProbs(ONE_TOKEN, new Float64Array(3)), "the logits"],
    ["a probability of 0", () => logitsOf(ONE_TOKEN, [0.5, 0.5, 0, 0]), "above 0"],
    ["β of 0", () => regularisedOptimum(REFERENCE, REWARDS, 0), "above 0"],
    ["an unknown estimate", () => klLossWeights(REFERENCE, REFERENCE, "k4" as "k3"), "one of k1, k2, k3"],
  ])("%s is refused", (_, call, words) => {
    expect(call).toThrow(words);
  });
});

describe("closed forms", () => {
  test.each([
    [1, [0.487865, 0.107685, 0.397847, 0.006603], 1.024569, 0.252388, 2.785893],
    [0.5, [0.303053, 0.024608, 0.671783, 0.000555], 1.25035, 0.791431, 12.191017],
  ])("π* at β = %d", (beta, policy, value, kl, z) => {
    const optimum = regularisedOptimum(REFERENCE, REWARDS, beta);
    expectClose(optimum.policy, policy, 5e-7, "π*");
    expect(optimum.value).toBeCloseTo(value, 6);
    expect(optimum.kl).toBeCloseTo(kl, 6);
    expect(Math.exp(optimum.logZ)).toBeCloseTo(z, 5);
    expect(regularisedObjective(optimum.policy, REFERENCE, REWARDS, beta)).toBeCloseTo(optimum.value, 12);
  });

  test("J(π) = β log Z − β KL(π ‖ π*) for every policy", () => {
    const { policy: best, value } = regularisedOptimum(REFERENCE, REWARDS, 0.7);
    for (const seed of [1, 2, 3]) {
      const policy = sequenceProbabilities(ONE_TOKEN, normals(seeded(seed), 4));
      const gap = 0.7 * stateKl(policy, best, 4)[0];
      expect(regularisedObjective(policy, REFERENCE, REWARDS, 0.7)).toBeCloseTo(value - gap, 12);
    }
  });

  test.each([
    [1, [0.380058, 0.129557, 0.475305, 0.01508]],
    [0.5, [0.225654, 0.071161, 0.695141, 0.008044]],
  ])("the forward-KL optimum β·ref/(λ − r) at β = %d", (beta, policy) => {
    const optimum = forwardKlOptimum(REFERENCE, REWARDS, beta);
    expectClose(optimum, policy, 5e-7, "policy");
    expect(optimum.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
  });

  test("rewards of any size do not overflow", () => {
    const { policy, value } = regularisedOptimum(REFERENCE, [1000, 0, 2000, -1000], 0.5);
    expectClose(policy, [0, 0, 1, 0], 1e-12, "π*");
    expect(value).toBeCloseTo(2000 + 0.5 * Math.log(0.15), 9);
  });

  test.each([
    [2, 0.162663],
    [4, 0.516033],
    [16, 1.543224],
    [64, 1.896737],
  ])("KL of the best of %d, below log n − (n − 1)/n", (n, kl) => {
    const [exact] = stateKl(bestOfN(REFERENCE, REWARDS, n), Float64Array.from(REFERENCE), 4);
    expect(exact).toBeCloseTo(kl, 6);
    expect(exact).toBeLessThan(bestOfNKlBound(n));
  });

  test("with many answers, no two alike, the bound is reached", () => {
    const atoms = 20_000;
    const base = new Float64Array(atoms).fill(1 / atoms);
    const best = bestOfN(
      base,
      base.map((_, i) => i),
      4,
    );
    expect(stateKl(best, base, atoms)[0]).toBeCloseTo(bestOfNKlBound(4), 6);
  });
});

describe("exact gradients", () => {
  const world = sequenceWorld({ vocabulary: 3, length: 2 });
  const logits = normals(seeded(7), world.parameterCount);
  const reference = sequenceProbabilities(world, normals(seeded(8), world.parameterCount));
  const rewards = normals(seeded(9), world.count);
  const policy = sequenceProbabilities(world, logits);
  const numeric = (f: (policy: Float64Array) => number) =>
    numericGradient((at) => f(sequenceProbabilities(world, at)), logits);

  test("of E[r] − β KL", () => {
    const weights = regularisedRewardWeights(policy, reference, rewards, 0.3);
    const expected = numeric((at) => regularisedObjective(at, reference, rewards, 0.3));
    expectClose(weightedScores(world, logits, weights), expected, 1e-9, "gradient");
  });

  test("of KL estimates in the loss: k1 nothing, k2 and corrected k3 the reverse divergence, k3 the forward one", () => {
    const gradient = (estimate: "k1" | "k2" | "k3" | "k3_corrected") =>
      weightedScores(world, logits, klLossWeights(policy, reference, estimate));
    const reverse = numeric((at) => stateKl(at, reference, world.count)[0]);
    const forward = numeric((at) => stateKl(reference, at, world.count)[0]);
    expectClose(gradient("k1"), new Float64Array(world.parameterCount), 1e-15, "k1");
    expectClose(gradient("k2"), reverse, 1e-9, "k2");
    expectClose(gradient("k3_corrected"), reverse, 1e-9, "k3, corrected");
    expectClose(gradient("k3"), forward, 1e-9, "k3");
  });

  test.each([
    ["DPO", dpoMarginLoss(0.6)],
    ["IPO", ipoMarginLoss(0.6)],
  ])("of %s over all pairs", (_, loss) => {
    const pairs = bradleyTerryPreferences(rewards);
    const referenceLogProb = reference.map(Math.log);
    const at = (logProb: Float64Array) => pairLossWeights(logProb, referenceLogProb, pairs, loss);
    const { weights } = at(policy.map(Math.log));
    const expected = numeric((probabilities) => at(probabilities.map(Math.log)).loss);
    expectClose(weightedScores(world, logits, weights), expected, 1e-7, "gradient");
  });
});
