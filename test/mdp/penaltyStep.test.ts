/** docs/theory.md, 20: the step that the penalty C would allow, beside the trust region's. */

import { expect, test } from "vitest";
import {
  bandit,
  chain,
  comparePenaltyStep,
  discountedStateWeights,
  dot,
  exactGradient,
  fisherMatrix,
  maxKl,
  meanKl,
  normalised,
  objective,
  quadraticForm,
  randomMdp,
  stateValues,
  surrogateObjective,
  tabularMdp,
  tabularSoftmax,
  trustRegionPenalty,
} from "../../src/mdp/index.ts";
import { normals, seeded } from "./support.ts";

function worlds(count: number) {
  return Array.from({ length: count }, (_, seed) => {
    const random = seeded(seed, 40);
    const mdp = randomMdp(random, { states: 4, actions: 3, gamma: [0.5, 0.9, 0.99][seed % 3] });
    const model = tabularSoftmax(4, 3);
    return { mdp, model, parameters: normals(random, 12, 0.5) };
  });
}

test("the penalty's step keeps what it promises, and is far shorter than the trust region's for ordinary γ", () => {
  for (const { mdp, model, parameters } of worlds(60)) {
    const { penaltyStep, trustRegionStep } = comparePenaltyStep(mdp, model, parameters);
    expect(penaltyStep.guaranteed).toBeGreaterThan(0);
    expect(penaltyStep.improvement).toBeGreaterThanOrEqual(penaltyStep.guaranteed);
    if (mdp.gamma >= 0.9) expect(penaltyStep.length).toBeLessThan(trustRegionStep.length / 10);
    if (mdp.gamma >= 0.99) expect(penaltyStep.length).toBeLessThan(trustRegionStep.length / 100);
  }
});

test("it is the maximum of the bound, to second order: half and 1.5 times of it guarantee less", () => {
  for (const { mdp, model, parameters } of worlds(12)) {
    const { direction, penaltyStep } = comparePenaltyStep(mdp, model, parameters);
    // The trust region's length can be set by δ: so the bound can be looked at anywhere along the direction.
    const guaranteedAt = (share: number) => {
      const { trustRegionStep: unit } = comparePenaltyStep(mdp, model, parameters, { delta: 1e-8 });
      const delta = 1e-8 * ((share * penaltyStep.length) / unit.length) ** 2;
      const { trustRegionStep } = comparePenaltyStep(mdp, model, parameters, { delta });
      expect(trustRegionStep.length).toBeCloseTo(share * penaltyStep.length, 10);
      return trustRegionStep.guaranteed;
    };
    expect(direction.length).toBe(12);
    expect(guaranteedAt(1)).toBeCloseTo(penaltyStep.guaranteed, 10);
    expect(guaranteedAt(0.5)).toBeLessThan(penaltyStep.guaranteed);
    expect(guaranteedAt(1.5)).toBeLessThan(penaltyStep.guaranteed);
  }
});

test("the trust region's mean KL is δ up to O(δ^1.5), and both improve", () => {
  for (const { mdp, model, parameters } of worlds(12)) {
    const errors = [1e-2, 1e-4, 1e-6].map((delta) => {
      const { trustRegionStep } = comparePenaltyStep(mdp, model, parameters, { delta });
      expect(trustRegionStep.improvement).toBeGreaterThan(0);
      return Math.abs(trustRegionStep.meanKl / delta - 1);
    });
    expect(errors[1]).toBeLessThan(0.15);
    expect(errors[2]).toBeLessThan(0.02);
    // A hundredth of δ is a tenth of the relative error.
    expect(errors[2]).toBeLessThan(errors[1] / 5 + 1e-6);
  }
});

test("terminal states do not count, and γ = 1 has no bound", () => {
  const model = tabularSoftmax(5, 2);
  const found = comparePenaltyStep(chain({ gamma: 0.9, slip: 0.1 }), model, new Float64Array(10));
  expect(found.penaltyStep.improvement).toBeGreaterThan(0);
  expect(Number.isFinite(found.penaltyStep.length)).toBe(true);
  expect(() => comparePenaltyStep(bandit([1, 0]), tabularSoftmax(2, 2), new Float64Array(4))).toThrow(/γ < 1/);
});

test("a singular Fisher matrix is answered with the damping, a task without an end with a terminal state", () => {
  const mdp = bandit([1, 0]);
  const undamped = () =>
    comparePenaltyStep({ ...mdp, gamma: 0.5 }, tabularSoftmax(2, 2), new Float64Array(4), { damping: 0 });
  expect(undamped).toThrow(/no single solution.*Raise the damping/);
  const endless = tabularMdp({ states: 1, actions: 2, transition: [1, 1], reward: [1, 0], gamma: 1 });
  expect(() => stateValues(endless, Float64Array.of(0.5, 0.5))).toThrow(/no single solution.*terminal state/);
});

test("every figure of a step is that of the policy it leads to", () => {
  const mdp = randomMdp(seeded(5), { states: 3, actions: 2, gamma: 0.6 });
  const model = tabularSoftmax(mdp.states, mdp.actions);
  const parameters = normals(seeded(5), model.parameterCount, 0.5);
  const policy = model.policy(parameters);
  const weights = normalised(discountedStateWeights(mdp, policy));
  const delta = 0.04;
  const { direction, penalty, penaltyStep, trustRegionStep } = comparePenaltyStep(mdp, model, parameters, {
    ...{ delta, damping: 1e-4 },
  });
  const fisher = fisherMatrix(model, parameters, weights);
  const curvature = quadraticForm(direction, fisher);
  expect(trustRegionStep.length).toBeCloseTo(Math.sqrt((2 * delta) / curvature), 10);
  expect(comparePenaltyStep(mdp, model, parameters).trustRegionStep.length).not.toBeCloseTo(trustRegionStep.length, 3);
  const sharpest = Array.from({ length: mdp.states }, (_, s) => {
    const alone = new Float64Array(mdp.states);
    alone[s] = 1;
    return mdp.terminal[s] === 0 ? quadraticForm(direction, fisherMatrix(model, parameters, alone)) : 0;
  });
  const gain = dot(exactGradient(mdp, model, parameters), direction);
  expect(penaltyStep.length).toBeCloseTo(gain / (penalty * Math.max(...sharpest)), 10);
  const damped = gain - 1e-4 * dot(direction, direction);
  expect(curvature).toBeCloseTo(damped, 10);
  for (const step of [penaltyStep, trustRegionStep]) {
    const next = model.policy(parameters.map((theta, j) => theta + step.length * direction[j]));
    expect(step.parameterDistance).toBeCloseTo(step.length * Math.sqrt(dot(direction, direction)), 12);
    expect(step.meanKl).toBeCloseTo(meanKl(policy, next, mdp.actions, weights), 14);
    expect(step.maxKl).toBeCloseTo(maxKl(policy, next, mdp.actions, mdp.terminal), 14);
    expect(step.improvement).toBeCloseTo(objective(mdp, next) - objective(mdp, policy), 12);
    const bound = surrogateObjective(mdp, policy, next) - trustRegionPenalty(mdp, policy) * step.maxKl;
    expect(step.guaranteed).toBeCloseTo(bound - objective(mdp, policy), 12);
  }
});
