/** Where each preference method's exact gradient leads on a world of all sequences: the optimum that theory says, or another. */

import { describe, expect, test } from "vitest";
import { groupAdvantages, leaveOneOutAdvantages } from "../../src/estimators/index.ts";
import {
  bradleyTerryPreferences,
  dpoMarginLoss,
  forwardKlOptimum,
  groupGainWeights,
  ipoMarginLoss,
  klLossWeights,
  logitsOf,
  pairLossWeights,
  regularisedObjective,
  regularisedOptimum,
  regularisedRewardWeights,
  type SequenceWorld,
  sequenceLogProbs,
  sequenceProbabilities,
  sequenceWorld,
  tokenKlOptimum,
  tokenKlWeights,
  tokenWeightedScores,
  weightedScores,
  winRates,
} from "../../src/mdp/index.ts";
import { expectClose, normals, seeded } from "./support.ts";

/** One token of four: the example of theory.md. */
const ONE_TOKEN = sequenceWorld({ vocabulary: 4, length: 1 });
const REFERENCE = [0.5, 0.3, 0.15, 0.05];
const REWARDS = [1, 0, 2, -1];

const optimumAt = (beta: number) => regularisedOptimum(REFERENCE, REWARDS, beta).policy;

/** Gradient ascent from the reference, along Σ w ∇log π. */
function ascend(
  world: SequenceWorld,
  reference: ArrayLike<number>,
  weights: (policy: Float64Array, logProb: Float64Array) => ArrayLike<number>,
  { rate = 2, steps = 1500 } = {},
): Float64Array {
  const logits = logitsOf(world, reference);
  for (let step = 0; step < steps; step++) {
    const logProb = sequenceLogProbs(world, logits);
    const gradient = weightedScores(world, logits, weights(logProb.map(Math.exp), logProb));
    for (let j = 0; j < logits.length; j++) logits[j] += rate * gradient[j];
  }
  return sequenceProbabilities(world, logits);
}

const minus = (values: ArrayLike<number>, factor = 1) => Float64Array.from(values, (w) => -factor * w);

describe("where methods lead", () => {
  const referenceLogProb = Float64Array.from(REFERENCE, Math.log);
  const preferences = bradleyTerryPreferences(REWARDS);

  test("DPO on all ordered pairs weighted by σ(r_i − r_j): π*", () => {
    const loss = dpoMarginLoss(1);
    const reached = ascend(ONE_TOKEN, REFERENCE, (_, logProb) =>
      minus(pairLossWeights(logProb, referenceLogProb, preferences, loss).weights),
    );
    expectClose(reached, optimumAt(1), 1e-9, "policy");
  });

  test("DPO of labels that never err: margins grow without end", () => {
    const certain = preferences.map((p) => (p > 0.5 ? 1 : 0));
    const loss = dpoMarginLoss(1);
    const margin = (steps: number) => {
      const reached = ascend(
        ONE_TOKEN,
        REFERENCE,
        (_, logProb) => minus(pairLossWeights(logProb, referenceLogProb, certain, loss).weights),
        { steps },
      );
      return Math.log(reached[2] / REFERENCE[2]) - Math.log(reached[3] / REFERENCE[3]);
    };
    const [soon, later, latest] = [margin(30), margin(300), margin(3000)];
    expect(later - soon).toBeGreaterThan(1);
    expect(latest - later).toBeGreaterThan(1);
  });

  test("IPO (τ = 0.5, uniform opponents): its fixed point, as RLHF's with win rates for rewards", () => {
    const opponents = [0.25, 0.25, 0.25, 0.25];
    const expected = [0.531692, 0.217988, 0.224507, 0.025813];
    const closed = regularisedOptimum(REFERENCE, winRates(preferences, opponents), 0.5).policy;
    expectClose(closed, expected, 5e-7, "closed form");
    const loss = ipoMarginLoss(0.5);
    const reached = ascend(
      ONE_TOKEN,
      REFERENCE,
      (_, logProb) => minus(pairLossWeights(logProb, referenceLogProb, preferences, loss).weights),
      { rate: 0.1 },
    );
    expectClose(reached, closed, 1e-9, "policy");
  });

  test("the KL divergence in the reward: π*, on sequences of several tokens too", () => {
    const world = sequenceWorld({ vocabulary: 3, length: 2 });
    const reference = sequenceProbabilities(world, normals(seeded(10), world.parameterCount, 0.5));
    const rewards = normals(seeded(11), world.count);
    const { policy, value } = regularisedOptimum(reference, rewards, 0.8);
    const reached = ascend(world, reference, (at) => regularisedRewardWeights(at, reference, rewards, 0.8));
    expectClose(reached, policy, 1e-6, "policy");
    expect(regularisedObjective(reached, reference, rewards, 0.8)).toBeCloseTo(value, 9);
  });

  test("a KL term for each token, of prefixes as they come: tokenKlOptimum, worth less than π*", () => {
    const world = sequenceWorld({ vocabulary: 3, length: 3, endToken: 2 });
    const referenceLogits = normals(seeded(20), world.parameterCount, 0.5);
    const reference = sequenceProbabilities(world, referenceLogits);
    const rewards = normals(seeded(21), world.count);
    const beta = 0.7;
    const logits = referenceLogits.slice();
    for (let step = 0; step < 4000; step++) {
      const policy = sequenceProbabilities(world, logits);
      const gain = weightedScores(
        world,
        logits,
        policy.map((p, y) => p * rewards[y]),
      );
      const penalty = tokenWeightedScores(world, logits, tokenKlWeights(world, logits, referenceLogits));
      for (let j = 0; j < logits.length; j++) logits[j] += 2 * (gain[j] - beta * penalty[j]);
    }
    const closed = tokenKlOptimum(world, reference, rewards, beta);
    expectClose(sequenceProbabilities(world, logits), closed, 1e-6, "policy");
    const { value } = regularisedOptimum(reference, rewards, beta);
    const worth = regularisedObjective(closed, reference, rewards, beta);
    expect(worth).toBeLessThan(value - 1e-3);
    expect(worth).toBeGreaterThan(regularisedObjective(reference, reference, rewards, beta));
  });

  test("of one token tokenKlOptimum is π*", () => {
    expectClose(tokenKlOptimum(ONE_TOKEN, REFERENCE, REWARDS, 0.5), optimumAt(0.5), 1e-12, "policy");
  });

  test("DPO on sequences of several tokens: π* of the whole sequences", () => {
    const world = sequenceWorld({ vocabulary: 2, length: 3, endToken: 1 });
    const reference = sequenceProbabilities(world, normals(seeded(12), world.parameterCount, 0.5));
    const rewards = normals(seeded(13), world.count);
    const pairs = bradleyTerryPreferences(rewards);
    const logReference = reference.map(Math.log);
    const reached = ascend(
      world,
      reference,
      (_, logProb) => minus(pairLossWeights(logProb, logReference, pairs, dpoMarginLoss(0.8)).weights),
      { rate: 0.5, steps: 3000 },
    );
    expectClose(reached, regularisedOptimum(reference, rewards, 0.8).policy, 1e-8, "policy");
  });

  test("k3 in the loss: the forward-KL optimum; corrected, π*; k1 in the loss: no KL at all", () => {
    const towards = (estimate: "k1" | "k3" | "k3_corrected") =>
      ascend(ONE_TOKEN, REFERENCE, (policy) => {
        const kl = klLossWeights(policy, REFERENCE, estimate);
        return Float64Array.from(policy, (p, y) => p * REWARDS[y] - kl[y]);
      });
    expectClose(towards("k3"), forwardKlOptimum(REFERENCE, REWARDS, 1), 1e-9, "k3");
    expectClose(towards("k3_corrected"), optimumAt(1), 1e-9, "k3, corrected");
    expect(towards("k1")[2]).toBeGreaterThan(0.99);
  });
});

interface Group {
  /** What was drawn. */
  readonly chosen: readonly number[];
  readonly advantages: ArrayLike<number>;
}

/** Every group of draws there can be. */
function allGroups(
  answers: number,
  groupSize: number,
  advantages: (rewards: readonly number[], out: Float64Array) => void,
  rewards: readonly number[],
): Group[] {
  return Array.from({ length: answers ** groupSize }, (_, k) => {
    const chosen = Array.from({ length: groupSize }, (_, i) => Math.floor(k / answers ** i) % answers);
    const out = new Float64Array(groupSize);
    advantages(
      chosen.map((y) => rewards[y]),
      out,
    );
    return { chosen, advantages: out };
  });
}

/** E[Σ_i A_i ∇log π(y_i) / G] over all groups, as weights: what a sampled algorithm averages over. */
function expectedGains(policy: Float64Array, groups: readonly Group[]): Float64Array {
  const weights = new Float64Array(policy.length);
  for (const { chosen, advantages } of groups) {
    const probability = chosen.reduce((product, y) => product * policy[y], 1 / chosen.length);
    chosen.forEach((y, i) => {
      weights[y] += probability * advantages[i];
    });
  }
  return weights;
}

describe("groups, with every group counted", () => {
  test.each([2, 3])("RLOO of %i with the KL in the reward has the exact gradient", (groupSize) => {
    const policy = sequenceProbabilities(ONE_TOKEN, normals(seeded(14), 4));
    const logits = logitsOf(ONE_TOKEN, policy);
    const penalised = REWARDS.map((r, y) => r - 0.5 * Math.log(policy[y] / REFERENCE[y]));
    const leaveOneOut = (rewards: readonly number[], out: Float64Array) =>
      leaveOneOutAdvantages(rewards, groupSize, out);
    const weights = expectedGains(policy, allGroups(4, groupSize, leaveOneOut, penalised));
    const exact = weightedScores(ONE_TOKEN, logits, regularisedRewardWeights(policy, REFERENCE, REWARDS, 0.5));
    expectClose(weightedScores(ONE_TOKEN, logits, weights), exact, 1e-12, "gradient");
  });

  test.each([2, 3])("groupGainWeights are those of all groups of %i", (groupSize) => {
    const policy = sequenceProbabilities(ONE_TOKEN, normals(seeded(15), 4));
    const logits = logitsOf(ONE_TOKEN, policy);
    const centred = (rewards: readonly number[], out: Float64Array) =>
      groupAdvantages(rewards, groupSize, out, { scale: "none" });
    const counted = weightedScores(ONE_TOKEN, logits, expectedGains(policy, allGroups(4, groupSize, centred, REWARDS)));
    const closed = weightedScores(ONE_TOKEN, logits, groupGainWeights(policy, REWARDS, groupSize));
    expectClose(closed, counted, 1e-12, "gradient");
  });

  /** GRPO on one token, β = 1: advantages of the group, and the KL term in the loss. */
  function grpo(groupSize: number, estimate: "k3" | "k3_corrected", scale: "group" | "none"): Float64Array {
    const centred = (rewards: readonly number[], out: Float64Array) =>
      groupAdvantages(rewards, groupSize, out, { scale });
    const groups = allGroups(4, groupSize, centred, REWARDS);
    const weights = (policy: Float64Array) => {
      const kl = klLossWeights(policy, REFERENCE, estimate);
      return expectedGains(policy, groups).map((gain, y) => gain - kl[y]);
    };
    return ascend(ONE_TOKEN, REFERENCE, weights, { rate: 2, steps: 600 });
  }

  // The group's mean contains the completion itself: β acts as β G/(G − 1).
  test.each([
    [2, "k3_corrected", [0.527615, 0.192009, 0.260967, 0.01941]],
    [4, "k3_corrected", [0.515243, 0.14603, 0.327231, 0.011497]],
    [2, "k3", [0.489878, 0.197283, 0.288095, 0.024744]],
    [4, "k3", [0.438364, 0.158679, 0.384021, 0.018935]],
  ] as const)("GRPO without scaling, groups of %i, %s: the optimum at β G/(G − 1)", (groupSize, estimate, expected) => {
    const beta = groupSize / (groupSize - 1);
    const closed = estimate === "k3" ? forwardKlOptimum(REFERENCE, REWARDS, beta) : optimumAt(beta);
    expectClose(closed, expected, 5e-7, "closed form");
    expectClose(grpo(groupSize, estimate, "none"), expected, 2e-6, "policy");
  });

  test.each([
    [2, [0.51556, 0.188091, 0.269422, 0.026927]],
    [4, [0.442544, 0.127231, 0.413297, 0.016928]],
  ] as const)("GRPO scaled by its groups of %i", (groupSize, expected) => {
    expectClose(grpo(groupSize, "k3_corrected", "group"), expected, 2e-6, "policy");
  });
});

test("text that neither policy nor reference can say weighs nothing", () => {
  expect([...regularisedRewardWeights([1, 0], [1, 0], [2, 5], 0.5)]).toEqual([2, 0]);
  expect([...regularisedRewardWeights([0.5, 0.5], [0.25, 0.75], [2, 5], 1)]).toEqual([
    expect.closeTo(0.5 * (2 - Math.log(2)), 12),
    expect.closeTo(0.5 * (5 - Math.log(2 / 3)), 12),
  ]);
});

test("texts that the policy never writes have weight 0, whatever the reference thinks of them", () => {
  expect(Array.from(regularisedRewardWeights([0.5, 0, 0.5, 0], [0.25, 0.5, 0.25, 0], [1, 2, 3, 4], 2))).toEqual([
    0.5 * (1 - 2 * Math.log(2)),
    0,
    0.5 * (3 - 2 * Math.log(2)),
    0,
  ]);
});
