import { describe, expect, test } from "vitest";
import { fitGold, fittedGold } from "../../src/overoptimisation/fits.ts";

const distances = [0, 0.3, 0.8, 1.4, 2, 2.9];

describe("fitGold", () => {
  test("finds the numbers of a curve of its form, and where that is highest", () => {
    const bestOfN = fitGold(
      distances,
      distances.map((d) => d * (1.5 - 0.4 * d)),
      "bestOfN",
    );
    expect(bestOfN.alpha).toBeCloseTo(1.5, 10);
    expect(bestOfN.beta).toBeCloseTo(0.4, 10);
    expect(bestOfN.r2).toBeCloseTo(1, 12);
    expect(bestOfN.peak).toBeCloseTo(1.5 / 0.8, 10);

    const learnt = fitGold(
      distances,
      distances.map((d) => (d === 0 ? 0 : d * (1.2 - 0.7 * Math.log(d)))),
      "reinforcementLearning",
    );
    expect(learnt.alpha).toBeCloseTo(1.2, 10);
    expect(learnt.beta).toBeCloseTo(0.7, 10);
    expect(learnt.peak).toBeCloseTo(Math.exp(1.2 / 0.7 - 1), 10);
  });

  test("the peak is the top of the fitted form", () => {
    for (const form of ["bestOfN", "reinforcementLearning"] as const) {
      const fit = fitGold([0.5, 1, 2, 3], [0.6, 1, 1.1, 0.7], form);
      const top = fittedGold(fit, form, fit.peak);
      expect(fittedGold(fit, form, fit.peak * 0.99)).toBeLessThan(top);
      expect(fittedGold(fit, form, fit.peak * 1.01)).toBeLessThan(top);
    }
  });

  test("R² is the share of the variance that the form explains", () => {
    const gold = [0.5, 0.2, 0.9, 0.4];
    const at = [0.5, 1, 2, 3];
    const fit = fitGold(at, gold, "bestOfN");
    const residual = at.reduce((sum, d, i) => sum + (gold[i] - d * (fit.alpha - fit.beta * d)) ** 2, 0);
    expect(fit.r2).toBeCloseTo(1 - residual / 0.26, 10);
    expect(fit.r2).toBeLessThan(0.5);
  });

  test("a curve that does not fall has its peak at infinity", () => {
    expect(fitGold([1, 2, 3], [1, 2, 3.5], "bestOfN").peak).toBe(Infinity);
  });

  test("too few points, or numbers that are none, are refused", () => {
    expect(() => fitGold([0, 1], [0, 1], "bestOfN")).toThrow("two numbers cannot be fitted");
    expect(() => fitGold([1, 2], [Number.NaN, 1], "bestOfN")).toThrow("finite rewards");
    expect(() => fitGold([1, 2, 3], [1, 2], "bestOfN")).toThrow("3 distances and 2 rewards");
  });

  test("at the reference both forms are 0", () => {
    expect(fittedGold({ alpha: 1, beta: 1 }, "reinforcementLearning", 0)).toBe(0);
  });
});
