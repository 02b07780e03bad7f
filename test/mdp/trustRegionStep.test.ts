/** docs/theory.md, 18, 19, 21: the exact trust-region step and all that it goes through. */

import { describe, expect, test } from "vitest";
import {
  bandit,
  chain,
  comparePenaltyStep,
  conjugateGradientPath,
  dot,
  exactGradient,
  exactTrustRegionStep,
  objective,
  quadraticForm,
  randomMdp,
  softmaxOfLogits,
  solve,
  tabularSoftmax,
} from "../../src/mdp/index.ts";
import { expectClose, normals, seeded } from "./support.ts";

const mdp = randomMdp(seeded(21), { states: 3, actions: 2, gamma: 0.8 });
const model = tabularSoftmax(3, 2);
const theta = normals(seeded(22), 6, 0.5);

describe("conjugateGradientPath", () => {
  const matrix = Float64Array.of(4, 1, 0, 1, 3, 1, 0, 1, 2);
  const right = Float64Array.of(1, 2, 3);

  test("ends at the solution after as many iterations as there are numbers, along conjugate directions", () => {
    const { iterates, residuals } = conjugateGradientPath(matrix, right);
    expect(iterates.length).toBe(4);
    expectClose(iterates[0], [0, 0, 0], 0);
    expectClose(iterates[3], solve(matrix, right), 1e-12);
    const moved = [1, 2, 3].map((k) => iterates[k].map((x, i) => x - iterates[k - 1][i]));
    expect(Math.abs(quadraticForm(moved[0], matrix, moved[1]))).toBeLessThan(1e-14);
    expect(Math.abs(quadraticForm(moved[0], matrix, moved[2]))).toBeLessThan(1e-14);
    // The first step is along b itself.
    expect(moved[0][1] / moved[0][0]).toBeCloseTo(2, 12);
    iterates.forEach((x, k) => {
      const left = right.map((b, i) => b - dot(matrix.subarray(3 * i, 3 * i + 3), x));
      expect(residuals[k]).toBeCloseTo(Math.sqrt(dot(left, left) / dot(right, right)), 12);
    });
  });

  test("stops at the iterations allowed, at the tolerance, and where there is no curvature", () => {
    expect(conjugateGradientPath(matrix, right, { iterations: 1 }).iterates.length).toBe(2);
    expect(conjugateGradientPath(matrix, right, { tolerance: 0.5 }).iterates.length).toBe(2);
    expect(conjugateGradientPath(new Float64Array(4), [1, 1]).iterates.length).toBe(1);
    expect(conjugateGradientPath(Float64Array.of(1, 0, 0, 1), [0, 0]).residuals).toEqual([0]);
  });
});

describe("exactTrustRegionStep", () => {
  test("the natural step is the trust region's of comparePenaltyStep; the plain one is as long in F and gains less", () => {
    const delta = 1e-3;
    const { natural, plain, gradient, fisher } = exactTrustRegionStep(mdp, model, theta, { delta });
    const { trustRegionStep, direction } = comparePenaltyStep(mdp, model, theta, { delta });
    expectClose(gradient, exactGradient(mdp, model, theta), 0);
    expect(natural.improvement).toBeCloseTo(trustRegionStep.improvement, 5);
    expect(natural.meanKl).toBeCloseTo(trustRegionStep.meanKl, 6);
    expectClose(
      natural.change,
      direction.map((x) => trustRegionStep.length * x),
      1e-4,
    );
    expect(natural.quadraticKl).toBeCloseTo(delta, 6);
    expect(plain.quadraticKl).toBeCloseTo(natural.quadraticKl, 12);
    expect(plain.quadraticKl).toBeCloseTo(0.5 * quadraticForm(plain.change, fisher), 14);
    expect(
      dot(plain.change, gradient) / Math.sqrt(dot(plain.change, plain.change) * dot(gradient, gradient)),
    ).toBeCloseTo(1, 12);
    expect(natural.improvement).toBeGreaterThan(plain.improvement);
    const moved = model.policy(theta.map((x, j) => x + plain.change[j]));
    expect(plain.improvement).toBeCloseTo(objective(mdp, moved) - objective(mdp, model.policy(theta)), 14);
  });

  test("the line search shrinks until the divergence holds and the surrogate improves", () => {
    // Where right is hardly ever chosen in the far places, the quadratic model believes too much.
    const corridor = chain({ length: 5, gamma: 0.9, slip: 0.1 });
    const two = softmaxOfLogits({
      ...{ states: 5, actions: 2, parameterCount: 2 },
      logits: ([near, far]) => Float64Array.of(0, near, 0, near, 0, 3 * far, 0, 3 * far, 0, 0),
    });
    const at = Float64Array.of(1, -1);
    const { tries, natural } = exactTrustRegionStep(corridor, two, at, { delta: 0.3, shrink: 0.5, tries: 20 });
    expect(tries.length).toBeGreaterThan(1);
    expect(tries[0].change).toEqual(natural.change);
    tries.forEach((step, j) => {
      expect(step.fraction).toBe(0.5 ** j);
      expect(step.accepted).toBe(step.meanKl <= 0.3 && step.surrogate > 0);
      expect(step.accepted).toBe(j === tries.length - 1);
    });
    const few = exactTrustRegionStep(corridor, two, at, { delta: 0.3, shrink: 0.99, tries: 2 });
    expect(few.tries.map(({ accepted }) => accepted)).toEqual([false, false]);
    expect(exactTrustRegionStep(mdp, model, theta, { delta: 1e-6, tries: 1 }).tries.length).toBe(1);
  });

  test("fewer conjugate gradients are another direction", () => {
    const few = exactTrustRegionStep(mdp, model, theta, { iterations: 1 });
    expect(few.conjugateGradient.iterates.length).toBe(2);
    expectClose(few.natural.change, few.plain.change, 1e-6);
  });

  test("no gradient, no direction", () => {
    const even = bandit([1, 1]);
    expect(() => exactTrustRegionStep(even, tabularSoftmax(2, 2), new Float64Array(4))).toThrow(/no direction/);
    expect(() => exactTrustRegionStep(chain(), tabularSoftmax(5, 2), new Float64Array(10), { shrink: 1 })).toThrow(
      /below 1/,
    );
  });
});
