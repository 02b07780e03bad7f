import { describe, expect, test } from "vitest";
import {
  diagnosticsByBatchSize,
  gradientDiagnostics,
  jackknife,
  rewardToGo,
  totalReturn,
  trajectoryGradients,
} from "../../src/estimators/index.ts";
import { exactMoments, finiteHorizonGradient, sampleTrajectories, trajectoryScores } from "../../src/mdp/index.ts";
import { normals, seeded } from "../mdp/support.ts";
import { gradientWith, tinyWorld, type Weigh } from "./support.ts";

const small = tinyWorld(3);
const exact = finiteHorizonGradient(small.mdp, small.model, small.parameters);
const total: Weigh = (batch, out) => totalReturn(batch, 1, out);
const toGo: Weigh = (batch, out) => rewardToGo(batch, 1, out);
const square = (x: ArrayLike<number>) => Array.from(x).reduce((sum, value) => sum + value * value, 0);

function sampledGradients(weigh: Weigh, count: number, seed: number): Float64Array {
  const sampled = sampleTrajectories(small.mdp, small.policy, count, seeded(seed));
  const weights = new Float64Array(sampled.rewards.length);
  weigh(sampled, weights);
  const out = new Float64Array(count * 4);
  trajectoryGradients(trajectoryScores(sampled, small.model, small.parameters), weights, sampled.offsets, out);
  return out;
}

describe("gradient diagnostics against exact values", () => {
  test("95 % intervals cover the exact tr Cov, SNR and mean cosine about 95 % of the time", () => {
    const truth = exactMoments(small.all, 1, gradientWith(small, toGo));
    const cosine = exactMoments(small.all, 1, (batch) => {
      const g = gradientWith(small, toGo)(batch);
      const norm = Math.sqrt(square(g) * square(exact));
      return [norm > 0 ? g.reduce((sum, value, j) => sum + value * exact[j], 0) / norm : 0];
    }).mean[0];
    const covered = { trace: 0, ratio: 0, cosine: 0 };
    const repeats = 300;
    for (let seed = 0; seed < repeats; seed++) {
      const found = gradientDiagnostics(sampledGradients(toGo, 200, seed), 4, { exact });
      const holds = ({ low, high }: { low: number; high: number }, value: number) =>
        low <= value && value <= high ? 1 : 0;
      covered.trace += holds(found.traceOfCovariance, truth.traceOfCovariance);
      covered.ratio += holds(found.signalToNoise, square(exact) / truth.traceOfCovariance);
      covered.cosine += holds(found.cosine!, cosine);
    }
    for (const count of Object.values(covered)) {
      expect(count / repeats).toBeGreaterThan(0.9);
      expect(count / repeats).toBeLessThan(0.99);
    }
  });

  test("total return against reward-to-go: intervals do not overlap at 4,000 trajectories", () => {
    const one = gradientDiagnostics(sampledGradients(total, 4000, 1), 4).traceOfCovariance;
    const two = gradientDiagnostics(sampledGradients(toGo, 4000, 2), 4).traceOfCovariance;
    expect(two.high).toBeLessThan(one.low);
    const exactly = exactMoments(small.all, 1, gradientWith(small, total)).traceOfCovariance;
    expect(one.low).toBeLessThan(exactly);
    expect(one.high).toBeGreaterThan(exactly);
  });

  test("estimates that do not vary have no covariance, although their mean rounds when it is a sum divided", () => {
    for (const count of [5, 7, 10, 49]) {
      const equal = Float64Array.from({ length: count * 2 }, (_, i) => [0.1, -1e6 / 3][i % 2]);
      const found = gradientDiagnostics(equal, 2);
      expect([...found.mean]).toEqual([0.1, -1e6 / 3]);
      expect(found.traceOfCovariance).toEqual({ value: 0, low: 0, high: 0 });
      expect(found.signalToNoise.value).toBe(Infinity);
    }
  });

  test("the exact variance does not cancel where the mean is large", () => {
    const noisy = (offset: number) =>
      exactMoments(small.all, 1, (batch) => gradientWith(small, toGo)(batch).map((x) => x + offset));
    const [near, far] = [noisy(0), noisy(1e7)];
    expect(far.traceOfCovariance / near.traceOfCovariance).toBeCloseTo(1, 6);
    expect(far.mean[0] - 1e7).toBeCloseTo(near.mean[0], 6);
  });

  test("against the number of trajectories: tr Cov falls like 1/n, SNR and cosine grow", () => {
    const rows = diagnosticsByBatchSize(sampledGradients(toGo, 6400, 3), 4, [1, 4, 16, 64], { exact });
    expect(rows.map(({ trajectories }) => trajectories)).toEqual([1, 4, 16, 64]);
    const truth = exactMoments(small.all, 1, gradientWith(small, toGo)).traceOfCovariance;
    rows.forEach(({ trajectories, diagnostics }, i) => {
      expect(diagnostics.samples).toBe(6400 / trajectories);
      expect(diagnostics.traceOfCovariance.low).toBeLessThan((truth / trajectories) * 1.02);
      expect(diagnostics.traceOfCovariance.high).toBeGreaterThan((truth / trajectories) * 0.98);
      if (i === 0) return;
      expect(diagnostics.signalToNoise.value).toBeGreaterThan(rows[i - 1].diagnostics.signalToNoise.value);
      expect(diagnostics.cosine!.value).toBeGreaterThan(rows[i - 1].diagnostics.cosine!.value);
    });
  });

  test("the leave-one-out shortcuts equal recomputing everything without each sample", () => {
    const gradients = normals(seeded(4), 7 * 3).map((x) => x + 0.5);
    const of = (rows: Float64Array) => {
      const count = rows.length / 3;
      const mean = [0, 1, 2].map(
        (j) => Array.from({ length: count }, (_, i) => rows[i * 3 + j]).reduce((a, b) => a + b) / count,
      );
      const trace = square(rows.map((x, k) => x - mean[k % 3])) / (count - 1);
      return { trace, ratio: (square(mean) - trace / count) / trace };
    };
    const without = (i: number) => of(gradients.filter((_, k) => Math.floor(k / 3) !== i));
    const found = gradientDiagnostics(gradients, 3);
    const ratio = jackknife(of(gradients).ratio, 7, (i) => without(i).ratio);
    const logTrace = jackknife(Math.log(of(gradients).trace), 7, (i) => Math.log(without(i).trace));
    expect(found.signalToNoise.low).toBeCloseTo(ratio.low, 10);
    expect(found.signalToNoise.high).toBeCloseTo(ratio.high, 10);
    expect(Math.log(found.traceOfCovariance.low)).toBeCloseTo(logTrace.low, 10);
    expect(found.traceOfCovariance.value).toBeCloseTo(of(gradients).trace, 12);
  });

  test("identical estimates have no variance; fewer than 4 are refused", () => {
    const same = gradientDiagnostics(new Float64Array(10).fill(2), 2);
    expect(same.traceOfCovariance).toEqual({ value: 0, low: 0, high: 0 });
    expect(same.signalToNoise).toEqual({ value: Infinity, low: Infinity, high: Infinity });
    expect(gradientDiagnostics(new Float64Array(10), 2).signalToNoise.value).toBeNaN();
    expect(() => gradientDiagnostics(new Float64Array(6), 2)).toThrow(/at least 4/);
    expect(() => gradientDiagnostics(new Float64Array(9), 2)).toThrow(/rows of 2/);
  });
});

describe("four estimates, the fewest, by hand", () => {
  const gradients = [1, 0, 3, 0, 1, 2, 3, 2];

  test("mean, spread, signal and cosines; no cosine without an exact gradient", () => {
    const { samples, mean, traceOfCovariance, signalToNoise, cosine } = gradientDiagnostics(gradients, 2);
    expect([samples, ...mean]).toEqual([4, 2, 1]);
    expect(traceOfCovariance.value).toBeCloseTo(8 / 3, 14);
    expect(signalToNoise.value).toBeCloseTo((5 - 2 / 3) / (8 / 3), 14);
    expect(cosine).toBeUndefined();
    const cosines = [1, 1, 1 / Math.sqrt(5), 3 / Math.sqrt(13)];
    const average = cosines.reduce((a, b) => a + b) / 4;
    const found = gradientDiagnostics(gradients, 2, { exact: [5, 0] }).cosine;
    expect(found?.value).toBeCloseTo(average, 14);
    // The jackknife of a mean is the standard error of the mean: t of 3 degrees of freedom beside it.
    const squares = cosines.reduce((sum, value) => sum + (value - average) ** 2, 0);
    expect((found?.high ?? 0) - average).toBeCloseTo(3.18244630528 * Math.sqrt(squares / 3 / 4), 9);
  });

  test("an estimate of 0, and an exact gradient of 0, have a cosine of 0", () => {
    expect(gradientDiagnostics([0, 0, 1, 0, 1, 0, 1, 0], 2, { exact: [1, 0] }).cosine?.value).toBe(3 / 4);
    expect(gradientDiagnostics(gradients, 2, { exact: [0, 0] }).cosine?.value).toBe(0);
  });

  test("three are too few, and so is half a row or another number of parameters", () => {
    for (const call of [
      () => gradientDiagnostics(gradients.slice(0, 6), 2),
      () => gradientDiagnostics(gradients.slice(0, 7), 1.5),
      () => gradientDiagnostics([...gradients, 1], 2),
      () => gradientDiagnostics(gradients, 2, { exact: [1] }),
    ])
      expect(call).toThrow(expect.objectContaining({ name: "AscentError" }));
  });

  test("groups of a size are disjoint, and what fills none is left out", () => {
    const single = [1, 3, 5, 7, 2, 2, 4, 8, 100];
    const [{ trajectories, diagnostics }] = diagnosticsByBatchSize(single, 1, [2]);
    expect([trajectories, diagnostics.samples, diagnostics.mean[0]]).toEqual([2, 4, 4]);
    const paired = gradientDiagnostics([2, 6, 2, 6], 1);
    expect(diagnostics.traceOfCovariance).toEqual(paired.traceOfCovariance);
    const [wide] = diagnosticsByBatchSize([...gradients, ...gradients], 2, [2], { exact: [1, 0] });
    expect([...wide.diagnostics.mean]).toEqual([2, 1]);
    expect(wide.diagnostics.cosine?.value).toBeCloseTo((1 + Math.SQRT1_2) / 2, 14);
  });
});
