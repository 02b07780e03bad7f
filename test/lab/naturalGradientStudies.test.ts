/** Chapter 7: the numbers of its figures are the exact world's (docs/theory.md, 18 to 21). */

import { describe, expect, test } from "vitest";
import { study as ascent } from "../../lab/chapters/07-natural-gradient/studies/ascent.ts";
import { study as bound } from "../../lab/chapters/07-natural-gradient/studies/bound.ts";
import { study as conjugate } from "../../lab/chapters/07-natural-gradient/studies/conjugate.ts";
import { study as landscape } from "../../lab/chapters/07-natural-gradient/studies/landscape.ts";
import { study as step } from "../../lab/chapters/07-natural-gradient/studies/step.ts";
import { corridor, twoParameters } from "../../lab/chapters/07-natural-gradient/twoParameters.ts";
import {
  discountedStateWeights,
  exactGradient,
  exactTrustRegionStep,
  meanKl,
  objective,
  quadraticForm,
  solve,
  tabularSoftmax,
  trustRegionPenalty,
} from "../../src/mdp/index.ts";
import { expectClose } from "../mdp/support.ts";
import { lastOutput, outputsOf } from "./lastOutput.ts";

const valueAt = (near: number, far: number) => objective(corridor, twoParameters.policy(Float64Array.of(near, far)));

test("the landscape is J, coarse first", async () => {
  const [coarse, fine] = await outputsOf(landscape({ extent: 3 }));
  expect([coarse.size, fine.size]).toEqual([17, 65]);
  expect(coarse.objective[0]).toBe(valueAt(-3, -3));
  expect(fine.objective[64]).toBe(valueAt(3, -3));
  expect(fine.objective[65 * 65 - 1]).toBe(valueAt(3, 3));
  expect(fine.objective[32 * 65 + 32]).toBe(valueAt(0, 0));
});

describe("step", () => {
  const input = { near: 1, far: -1, delta: 0.1, shrink: 0.8 };

  test("is the library's, with δ on the whole of both lines", async () => {
    const found = await lastOutput(step(input));
    const theta = Float64Array.of(1, -1);
    const exact = exactTrustRegionStep(corridor, twoParameters, theta, {
      delta: 0.1,
      shrink: 0.8,
      damping: 1e-9,
      tries: 15,
    });
    expect(found.natural).toEqual(exact.natural);
    expect(found.tries).toEqual(exact.tries);
    expect(found.objective).toBe(valueAt(1, -1));
    const policy = twoParameters.policy(theta);
    const weights = discountedStateWeights(corridor, policy);
    for (let i = 0; i < found.region.length; i += 2) {
      const moved = twoParameters.policy(Float64Array.of(1 + found.region[i], -1 + found.region[i + 1]));
      const onIt = Math.hypot(found.region[i], found.region[i + 1]) < 11.9;
      if (onIt) expect(meanKl(policy, moved, 2, weights)).toBeCloseTo(0.1, 7);
      const change = [found.ellipse[i], found.ellipse[i + 1]];
      if (Math.hypot(...change) < 11.9) expect(0.5 * quadraticForm(change, found.fisher)).toBeCloseTo(0.1, 7);
    }
  });

  test("δ and the start change what they should", async () => {
    const wide = await lastOutput(step({ ...input, delta: 0.4 }));
    const narrow = await lastOutput(step({ ...input, delta: 0.01 }));
    expect(Math.hypot(...wide.natural.change)).toBeGreaterThan(5 * Math.hypot(...narrow.natural.change));
    expect(wide.tries.length).toBeGreaterThan(narrow.tries.length);
    expect((await lastOutput(step({ ...input, shrink: 0.5, delta: 0.4 }))).tries.length).toBeLessThan(
      wide.tries.length,
    );
    expect((await lastOutput(step({ ...input, near: 0, far: 0 }))).objective).toBe(valueAt(0, 0));
  });
});

test("ascent: three ways from one start; TRPO's never gets worse", async () => {
  const input = { near: -2, far: -0.7, delta: 0.02, rate: 1 };
  const { steps, paths } = await lastOutput(ascent(input));
  expect(steps).toBe(40);
  for (const { path, objective: values } of Object.values(paths)) {
    expect(path.length).toBe(2 * 41);
    values.forEach((value, k) => {
      expect(value).toBeCloseTo(valueAt(path[2 * k], path[2 * k + 1]), 12);
    });
  }
  const theta = Float64Array.of(-2, -0.7);
  const gradient = exactGradient(corridor, twoParameters, theta);
  expectClose(paths.fixed.path.subarray(2, 4), [theta[0] + gradient[0], theta[1] + gradient[1]], 1e-12);
  const { tries } = exactTrustRegionStep(corridor, twoParameters, theta, { delta: 0.02, tries: 15 });
  const { change } = tries[tries.length - 1];
  expectClose(paths.trpo.path.subarray(2, 4), [theta[0] + change[0], theta[1] + change[1]], 1e-12);
  paths.trpo.objective.forEach((value, k, all) => {
    if (k > 0) expect(value).toBeGreaterThanOrEqual(all[k - 1] - 1e-9);
  });
  expect(paths.trpo.objective[20]).toBeGreaterThan(paths.fixed.objective[20]);
  // A larger rate is other for the plain gradient only.
  const faster = await lastOutput(ascent({ ...input, rate: 4 }));
  expect(faster.paths.fixed.objective[20]).toBeGreaterThan(paths.fixed.objective[20]);
  expect(faster.paths.trpo).toEqual(paths.trpo);
});

test("conjugate gradients end at the solution; damping makes them quicker", async () => {
  const input = { near: -1, far: -0.6, damping: 0.1 };
  const { matrix, gradient, plane, table, parameters } = await lastOutput(conjugate(input));
  expect(plane.iterates.length).toBe(3);
  expectClose(plane.iterates[2], solve(matrix, gradient), 1e-10);
  expect(matrix[1]).toBe(matrix[2]);
  expectClose(gradient, exactGradient(corridor, twoParameters, Float64Array.of(-1, -0.6)), 0);
  expect(parameters).toBe(24);
  const weak = await lastOutput(conjugate({ ...input, damping: 0.001 }));
  expect(table.residuals[5]).toBeLessThan(weak.table.residuals[5]);
});

describe("bound", () => {
  const input = { gamma: 0.9, delta: 0.01, share: 1, near: false };

  test("the lemma holds on both its sides, the bound is below η, and both touch at 0", async () => {
    const found = await lastOutput(bound(input));
    const { at, penalty, trustRegionStep, lengths, improvement, surrogate, bound: low } = found;
    expect(at.byTrajectories).toBeCloseTo(at.improvement, 12);
    expect(at.byStates).toBeCloseTo(at.improvement, 12);
    expect(at.improvement).toBeCloseTo(trustRegionStep.improvement, 14);
    expect(at.bound).toBeCloseTo(trustRegionStep.guaranteed, 14);
    expect(at.bound).toBeCloseTo(at.surrogate - penalty * at.maxKl, 12);
    expect(lengths[0]).toBe(0);
    expect(Math.abs(improvement[0]) + Math.abs(surrogate[0]) + Math.abs(low[0])).toBeLessThan(1e-12);
    low.forEach((value, i) => {
      expect(value).toBeLessThanOrEqual(improvement[i] + 1e-12);
    });
  });

  test("near looks at the penalty's step; γ changes C; the share moves what is looked at", async () => {
    const near = await lastOutput(bound({ ...input, near: true }));
    const far = await lastOutput(bound(input));
    expect(near.lengths[80]).toBeCloseTo(2.2 * near.penaltyStep.length, 12);
    expect(far.lengths[80]).toBeCloseTo(1.2 * far.trustRegionStep.length, 12);
    const half = await lastOutput(bound({ ...input, gamma: 0.5, share: 0.25 }));
    expect(half.penalty).toBeLessThan(far.penalty);
    expect(half.at.length).toBeCloseTo(0.25 * half.trustRegionStep.length, 12);
    expect(trustRegionPenalty(corridor, tabularSoftmax(5, 2).policy(new Float64Array(10)))).toBeCloseTo(
      far.penalty,
      12,
    );
  });
});
