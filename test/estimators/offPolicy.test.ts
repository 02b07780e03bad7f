import { describe, expect, test } from "vitest";
import {
  applyTimeDiscount,
  causalWeights,
  clippedCausalWeights,
  cumulativeLogRatios,
  effectiveSampleSize,
  firstOrderWeights,
  fullTrajectoryWeights,
  importanceWeights,
  logRatios,
  policyIterationWeights,
  rewardToGo,
  selfNormalisedTrajectoryWeights,
  selfNormalisedWeights,
  totalReturn,
  trajectoryLogRatios,
} from "../../src/estimators/index.ts";
import { trajectoryGradients } from "../../src/estimators/policyGradient.ts";
import { advantages, discountedStateWeights } from "../../src/mdp/exactValues.ts";
import {
  bandit,
  exactMoments,
  finiteHorizonGradient,
  numericGradient,
  type PolicyModel,
  performanceDifferenceByStates,
  randomMdp,
  sampleTrajectories,
  scoreSum,
  surrogateObjective,
  type Trajectories,
  tabularMdp,
  tabularSoftmax,
  trajectoryLogProb,
  trajectoryScores,
  trajectoryWeightVariance,
} from "../../src/mdp/index.ts";
import { expectClose, expectMeanWithin, largestDifference, normals, seeded } from "../mdp/support.ts";
import { gradientWith, tinyWorld, type World } from "./support.ts";

/** A world whose trajectories come from a behaviour policy, and whose scores are of another one. */
function offPolicyWorld(gamma = 1, horizon = 3) {
  const behaviour = tinyWorld(horizon, gamma);
  const parameters = normals(seeded(31), 4);
  const target: World = { ...behaviour, parameters, policy: behaviour.model.policy(parameters) };
  const withRatios = (batch: Trajectories) => {
    const ratios = new Float64Array(batch.states.length);
    const target1 = trajectoryLogProb(batch, target.policy, 2);
    logRatios(target1, trajectoryLogProb(batch, behaviour.policy, 2), ratios);
    return { ...batch, logRatios: ratios, gamma };
  };
  return { behaviour, target, withRatios };
}

type Episodes = ReturnType<ReturnType<typeof offPolicyWorld>["withRatios"]>;

function meanOf(
  { behaviour, target, withRatios }: ReturnType<typeof offPolicyWorld>,
  weigh: (episodes: Episodes, out: Float64Array) => void,
  size = 1,
) {
  return exactMoments(
    behaviour.all,
    size,
    gradientWith(target, (batch, out) => weigh(withRatios(batch), out)),
  );
}

describe("the four rungs of docs/theory.md, 15, expectation exact to 1e-12", () => {
  const undiscounted = offPolicyWorld();
  const { mdp, model } = undiscounted.target;
  const { parameters } = undiscounted.target;
  const exact = finiteHorizonGradient(mdp, model, parameters);
  const behaviour = undiscounted.behaviour.policy;

  test("rungs 1 and 2 are unbiased, and rung 2 has less variance", () => {
    const full = meanOf(undiscounted, fullTrajectoryWeights);
    const causal = meanOf(undiscounted, causalWeights);
    expectClose(full.mean, exact, 1e-12);
    expectClose(causal.mean, exact, 1e-12);
    expect(causal.traceOfCovariance).toBeLessThan(full.traceOfCovariance);
  });

  test("a second product that starts at t counts ρ_t twice and is biased", () => {
    const { mean } = meanOf(undiscounted, (episodes, out) => {
      causalWeights(episodes, out);
      for (let k = 0; k < out.length; k++) out[k] *= Math.exp(episodes.logRatios[k]);
    });
    expect(largestDifference(mean, exact)).toBeGreaterThan(0.01);
  });

  test("rung 3 is the new policy's states with the behaviour's values, not ∇J", () => {
    const { mean } = meanOf(undiscounted, policyIterationWeights);
    expectClose(mean, finiteHorizonGradient(mdp, model, parameters, { valuesOf: behaviour }), 1e-12);
    expect(largestDifference(mean, exact)).toBeGreaterThan(1e-3);
  });

  test("rung 4 is the behaviour's states and values: ∇L_π(π'); equal to ∇J on policy", () => {
    const weigh = (episodes: Episodes, out: Float64Array) => {
      rewardToGo(episodes, 1, out);
      firstOrderWeights(episodes.logRatios, Float64Array.from(out), out);
    };
    const { mean } = meanOf(undiscounted, weigh);
    const expected = finiteHorizonGradient(mdp, model, parameters, { statesOf: behaviour, valuesOf: behaviour });
    expectClose(mean, expected, 1e-12);
    expect(largestDifference(mean, exact)).toBeGreaterThan(0.01);
    const same = {
      ...undiscounted,
      target: undiscounted.behaviour,
      withRatios: (batch: Trajectories) => ({ ...batch, gamma: 1, logRatios: new Float64Array(batch.states.length) }),
    };
    const own = finiteHorizonGradient(mdp, model, undiscounted.behaviour.parameters);
    for (const rung of [fullTrajectoryWeights, causalWeights, policyIterationWeights, weigh]) {
      expectClose(meanOf(same, rung).mean, own, 1e-12);
    }
  });

  test("discounted: rung 1 and the time-discounted rung 2 give ∇J", () => {
    const world = offPolicyWorld(0.7);
    const gradient = finiteHorizonGradient(world.target.mdp, model, parameters);
    expectClose(meanOf(world, fullTrajectoryWeights).mean, gradient, 1e-12);
    const causal = meanOf(world, (episodes, out) => {
      causalWeights(episodes, out);
      applyTimeDiscount(episodes.offsets, 0.7, out);
    });
    expectClose(causal.mean, gradient, 1e-12);
  });

  test("the discounted first-order form is ∇L_π, by differences of the surrogate itself", () => {
    const task = randomMdp(seeded(41), { states: 3, actions: 2 });
    const policies: PolicyModel = tabularSoftmax(3, 2);
    const [old, fresh] = [normals(seeded(42), 6), normals(seeded(43), 6)];
    const oldPolicy = policies.policy(old);
    const numeric = numericGradient((x) => surrogateObjective(task, oldPolicy, policies.policy(x)), fresh);
    const weights = discountedStateWeights(task, oldPolicy);
    const direct = scoreSum(policies, fresh, policies.policy(fresh), weights, advantages(task, oldPolicy));
    expectClose(direct, numeric, 1e-9);
    expect(Math.abs(performanceDifferenceByStates(task, oldPolicy, oldPolicy))).toBeLessThan(1e-12);
  });

  test("self-normalised and clipped weights: biased, with less variance; unclipped clipping is rung 2", () => {
    const pair = offPolicyWorld(1, 2);
    const gradient = finiteHorizonGradient(pair.target.mdp, model, parameters);
    const plain = meanOf(pair, fullTrajectoryWeights, 2);
    const normalised = meanOf(pair, selfNormalisedTrajectoryWeights, 2);
    expectClose(plain.mean, gradient, 1e-12);
    expect(largestDifference(normalised.mean, gradient)).toBeGreaterThan(1e-3);
    const three = meanOf(pair, selfNormalisedTrajectoryWeights, 3);
    // Bias of order 1/N: three trajectories are closer than two.
    expect(largestDifference(three.mean, gradient)).toBeLessThan(largestDifference(normalised.mean, gradient));
    const clipped = meanOf(undiscounted, (episodes, out) => clippedCausalWeights(episodes, 1, out));
    const causal = meanOf(undiscounted, causalWeights);
    expect(clipped.traceOfCovariance).toBeLessThan(causal.traceOfCovariance);
    expect(largestDifference(clipped.mean, exact)).toBeGreaterThan(1e-3);
    const loose = meanOf(undiscounted, (episodes, out) => clippedCausalWeights(episodes, 1e9, out));
    expectClose(loose.mean, causal.mean, 1e-14);
  });

  test("on samples: rungs 1 and 2 within 3 standard errors of ∇J", () => {
    const { behaviour: old, withRatios, target } = undiscounted;
    const sampled = withRatios(sampleTrajectories(mdp, old.policy, 20000, seeded(44)));
    const scores = trajectoryScores(sampled, model, target.parameters);
    for (const rung of [fullTrajectoryWeights, causalWeights]) {
      const weights = new Float64Array(sampled.rewards.length);
      rung(sampled, weights);
      const gradients = new Float64Array(sampled.count * 4);
      trajectoryGradients(scores, weights, sampled.offsets, gradients);
      expectMeanWithin(gradients, 4, exact, 3, rung.name);
    }
  });
});

describe("importance weights", () => {
  test("Var[Π ρ] grows exponentially in T: (E ρ²)^T − 1 where policies do not depend on the state", () => {
    // One state that repeats: every step has E ρ² = Σ π'²/π = 0.64/0.5 + 0.04/0.5 = 1.36.
    const repeat = (horizon: number) =>
      tabularMdp({ states: 1, actions: 2, transition: [1, 1], reward: [0, 0], gamma: 1, horizon });
    const [old, fresh] = [Float64Array.of(0.5, 0.5), Float64Array.of(0.8, 0.2)];
    for (const horizon of [1, 2, 5, 10, 50]) {
      const closed = 1.36 ** horizon - 1;
      expect(trajectoryWeightVariance(repeat(horizon), old, fresh) / closed).toBeCloseTo(1, 12);
    }
    expect(trajectoryWeightVariance(repeat(50), old, fresh)).toBeGreaterThan(1e6);
    const count = 20000;
    const sampled = sampleTrajectories(repeat(5), old, count, seeded(51));
    const ratios = new Float64Array(count * 5);
    logRatios(trajectoryLogProb(sampled, fresh, 2), trajectoryLogProb(sampled, old, 2), ratios);
    const weights = new Float64Array(count);
    trajectoryLogRatios(sampled.offsets, ratios, weights);
    const size = effectiveSampleSize(weights);
    importanceWeights(weights, weights);
    expectMeanWithin(weights, 1, [1], 3, "E w");
    expectMeanWithin(
      weights.map((w) => (w - 1) ** 2),
      1,
      [1.36 ** 5 - 1],
      3,
      "Var w",
    );
    // ESS/N → 1/E w² = 1/1.36⁵, as exactly as a mean of w² is known: its standard error is √(E w⁴ / n), E ρ⁴ = (1.6⁴ + 0.4⁴)/2.
    const relative = (3 * Math.sqrt(((1.6 ** 4 + 0.4 ** 4) / 2) ** 5 / count)) / 1.36 ** 5;
    expect(Math.abs((size / count) * 1.36 ** 5 - 1)).toBeLessThan(relative);
  });

  test("the variance of a whole trajectory's weight equals the listed one on a random MDP, for each T", () => {
    for (const horizon of [1, 2, 3, 4]) {
      const world = offPolicyWorld(1, horizon);
      const { traceOfCovariance, mean } = exactMoments(world.behaviour.all, 1, (batch) => [
        Math.exp(world.withRatios(batch).logRatios.reduce((a, b) => a + b, 0)),
      ]);
      expect(mean[0]).toBeCloseTo(1, 12);
      const variance = trajectoryWeightVariance(world.behaviour.mdp, world.behaviour.policy, world.target.policy);
      expect(traceOfCovariance).toBeCloseTo(variance, 10);
    }
  });

  test("sums of 1,000 steps do not overflow: self-normalised weights and ESS stay finite", () => {
    const weights = new Float64Array(3);
    const logs = [2000, 2000, 2000 + Math.log(2)];
    selfNormalisedWeights(logs, weights);
    expectClose(weights, [0.25, 0.25, 0.5], 1e-12);
    expect(effectiveSampleSize(logs)).toBeCloseTo(16 / 6, 10);
    expect(effectiveSampleSize([-5000, -5000])).toBe(2);
    expect(effectiveSampleSize([0, -5000])).toBe(1);
    const out = new Float64Array(3);
    cumulativeLogRatios(Int32Array.of(0, 2, 3), [1, 2, 4], out);
    expect([...out]).toEqual([1, 3, 4]);
  });

  test("rung 2 stays finite where its two products apart would be 0 · ∞", () => {
    const steps = 2000;
    const ratios = Float64Array.from({ length: steps }, (_, t) => (t < steps / 2 ? -1 : 1));
    const episodes = {
      offsets: Int32Array.of(0, steps),
      rewards: new Float64Array(steps).fill(1),
      logRatios: ratios,
      gamma: 1,
    };
    const out = new Float64Array(steps);
    causalWeights(episodes, out);
    expect(out.every(Number.isFinite)).toBe(true);
    // The last products climb back to e⁰: Σ e^{−l} = e/(e − 1) of them count.
    expect(out[steps / 2]).toBeCloseTo(Math.E / (Math.E - 1), 10);
  });

  test("on a bandit the first rung equals the plain weighted return", () => {
    const out = new Float64Array(1);
    const plain = new Float64Array(1);
    const episodes = { offsets: Int32Array.of(0, 1), rewards: [3], logRatios: [Math.log(2)], gamma: 1 };
    fullTrajectoryWeights(episodes, out);
    totalReturn(episodes, 1, plain);
    expect(out[0]).toBeCloseTo(2 * plain[0], 14);
    expect(bandit([1, 0]).horizon).toBe(1);
  });
});
