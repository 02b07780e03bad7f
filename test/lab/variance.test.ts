/** Chapter 3's studies: what is drawn is what `varianceStudy` finds, and closed forms lie within what is measured. */

import { describe, expect, test } from "vitest";
import { study as estimators } from "../../lab/chapters/03-variance/studies/estimators.ts";
import { study as lambda } from "../../lab/chapters/03-variance/studies/lambda.ts";
import {
  defaultEstimators,
  exactWorld,
  parseEstimator,
  tabularSource,
  varianceStudy,
} from "../../src/variance/index.ts";
import { lastOf } from "./support.ts";

const input = {
  ...{ world: "grid", estimators: ["total", "toGo", "toGo+mean", "toGo+value"], discounting: "exact" as const },
  ...{ trajectories: 16, batches: 128, seed: 0 },
};

describe("estimators", () => {
  test("the last look is the library's study of as many batches", () => {
    const looks = [...estimators(input)];
    expect(looks.map(({ findings }) => findings.batches)).toEqual([8, 8, 32, 128]);
    expect(looks[0].exact).toEqual([undefined, undefined, undefined, undefined]);
    const expected = varianceStudy(tabularSource("grid", exactWorld("grid")!, { trajectories: 16, seed: 0 }), {
      estimators: input.estimators.map((name) => parseEstimator(name)),
      batches: 128,
    });
    const withoutClock = (findings: typeof expected) =>
      findings.estimators.map(({ microsecondsPerTrajectory: _, ...figures }) => figures);
    expect(withoutClock(looks[3].findings)).toEqual(withoutClock(expected));
  });

  test("closed forms stand beside what is measured; each switch takes off variance, and the reading of γ adds bias", () => {
    const { findings, exact } = lastOf(estimators(input));
    expect(exact.map((rows) => rows !== undefined)).toEqual([true, true, false, true]);
    exact.forEach((rows, e) => {
      rows?.forEach(({ trajectories, traceOfCovariance, bias }, s) => {
        const measured = findings.estimators[e].byTrajectories[s];
        expect(measured.trajectories).toBe(trajectories);
        expect(measured.traceOfCovariance.value / traceOfCovariance).toBeGreaterThan(0.75);
        expect(measured.traceOfCovariance.value / traceOfCovariance).toBeLessThan(1.25);
        expect(bias).toBeLessThan(1e-9);
      });
    });
    const [total, toGo, , value] = exact.map((rows) => rows?.at(-1)?.traceOfCovariance ?? 0);
    expect(total).toBeGreaterThan(2 * toGo);
    expect(toGo).toBeGreaterThan(2 * value);
    const standard = lastOf(estimators({ ...input, discounting: "standard", batches: 32 })).exact;
    expect(standard[0]!.at(-1)!.bias).toBeLessThan(1e-9);
    expect(standard[1]!.at(-1)!.bias).toBeGreaterThan(0.02);
  });

  test("every estimator of the ladder can be asked for", () => {
    const names = [...defaultEstimators, "total+leaveOneOut", "total+timeStep", "toGo+leaveOneOut", "toGo+timeStep"];
    const { findings } = lastOf(estimators({ ...input, estimators: names, batches: 32 }));
    expect(findings.estimators.map(({ estimator }) => estimator)).toEqual(names);
  });
});

describe("λ", () => {
  const at = { world: "grid", trajectories: 16, fitEpisodes: 2000, batches: 256, seed: 0 };

  test("error is squared bias and variance, measured where it is drawn; more trajectories want a larger λ", () => {
    const few = lastOf(lambda(at));
    few.error.forEach((error, i) => {
      expect(error).toBeCloseTo(few.squaredBias[i] + few.variance[i], 12);
    });
    expect(few.squaredBias.at(-1)).toBeLessThan(1e-12);
    for (const { lambda: here, variance, squaredBias } of few.measured) {
      const i = [...few.lambdas].findIndex((known) => Math.abs(known - here) < 1e-9);
      expect(i).toBeGreaterThanOrEqual(0);
      expect(variance.value / few.variance[i]).toBeGreaterThan(0.85);
      expect(variance.value / few.variance[i]).toBeLessThan(1.15);
      expect(squaredBias.low).toBeLessThan(few.squaredBias[i] + 1e-6);
      expect(squaredBias.high).toBeGreaterThan(few.squaredBias[i]);
    }
    const many = [...lambda({ ...at, trajectories: 512, batches: 64 })][0];
    expect(few.best).toBeLessThan(0.7);
    expect(many.best).toBeGreaterThan(few.best);
  });

  test("a worse V is dearer at small λ", () => {
    const good = [...lambda({ ...at, batches: 64 })][0];
    const bad = [...lambda({ ...at, fitEpisodes: 5, batches: 64 })][0];
    expect(bad.squaredBias[0]).toBeGreaterThan(good.squaredBias[0]);
    expect(bad.best).toBeGreaterThan(good.best);
  });
});
