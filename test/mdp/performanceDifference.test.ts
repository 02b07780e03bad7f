import { describe, expect, test } from "vitest";
import {
  bandit,
  exactGradient,
  numericGradient,
  objective,
  performanceDifferenceByStates,
  performanceDifferenceByTrajectories,
  performanceLowerBound,
  randomMdp,
  randomPolicy,
  surrogateObjective,
  tabularSoftmax,
  trustRegionPenalty,
} from "../../src/mdp/index.ts";
import { largestDifference, normals, seeded } from "./support.ts";

describe("1,000 random MDPs and pairs of policies", () => {
  test("performance-difference lemma in both forms to 1e-9, and the lower bound holds", () => {
    let worst = 0;
    let tightest = Infinity;
    for (let seed = 0; seed < 1000; seed++) {
      const random = seeded(seed, 1);
      const states = 2 + random.integer(5);
      const actions = 2 + random.integer(3);
      const gamma = random.uniformBetween(0.05, 0.99);
      const mdp = randomMdp(random, { states, actions, gamma });
      const model = tabularSoftmax(states, actions);
      const parameters = normals(random, states * actions);
      const policy = model.policy(parameters);
      // Near and far pairs: the bound must hold for both, and is only tight for near ones.
      const size = 10 ** random.uniformBetween(-4, 0.5);
      const other =
        seed % 2 === 0
          ? model.policy(parameters.map((value) => value + size * random.normal()))
          : randomPolicy(random, states, actions);
      const difference = objective(mdp, other) - objective(mdp, policy);
      worst = Math.max(worst, Math.abs(performanceDifferenceByTrajectories(mdp, policy, other) - difference));
      worst = Math.max(worst, Math.abs(performanceDifferenceByStates(mdp, policy, other) - difference));
      const slack = objective(mdp, other) - performanceLowerBound(mdp, policy, other);
      tightest = Math.min(tightest, slack);
    }
    expect(worst).toBeLessThan(1e-9);
    expect(tightest).toBeGreaterThan(-1e-10);
  });
});

describe("the surrogate", () => {
  test("equals J in value and gradient at the same policy, and not elsewhere", () => {
    const mdp = randomMdp(seeded(3), { states: 4, actions: 3 });
    const model = tabularSoftmax(4, 3);
    const parameters = normals(seeded(4), 12);
    const policy = model.policy(parameters);
    expect(surrogateObjective(mdp, policy, policy)).toBeCloseTo(objective(mdp, policy), 12);
    const slope = numericGradient((x) => surrogateObjective(mdp, policy, model.policy(x)), parameters);
    expect(largestDifference(slope, exactGradient(mdp, model, parameters))).toBeLessThan(1e-9);
    const far = model.policy(normals(seeded(5), 12));
    expect(Math.abs(surrogateObjective(mdp, policy, far) - objective(mdp, far))).toBeGreaterThan(1e-3);
  });

  test("C = 4 ε γ / (1 − γ)²; undiscounted tasks have none", () => {
    const mdp = randomMdp(seeded(6), { states: 3, actions: 2, gamma: 0 });
    expect(trustRegionPenalty(mdp, randomPolicy(seeded(7), 3, 2))).toBe(0);
    expect(() => trustRegionPenalty(bandit([1, 0]), Float64Array.of(0.5, 0.5, 0.5, 0.5))).toThrow(/γ < 1/);
  });
});
