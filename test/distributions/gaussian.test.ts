/** The diagonal normal: its own log σ, and log σ out of the network. */

import { describe, expect, test } from "vitest";
import { gaussian, gaussianHead } from "../../src/distributions/index.ts";
import { input } from "../../src/tensor/graph.ts";
import { expectClose, type Values } from "../tensor/support.ts";
import { type Built, build, float32, float64, gradients, logProbOf, samplesOf } from "./support.ts";

/** A normal with inputs for mean [rows, n] and log σ [n]. */
function normal(mean: number[], logStd: number[], name = ""): Built & { logStd: ReturnType<typeof input> } {
  const n = logStd.length;
  const output = input(`mean${name}`, [mean.length / n, n]);
  const spread = input(`logStd${name}`, [n]);
  const values: Values = new Map([
    [output, mean],
    [spread, logStd],
  ]);
  return { distribution: gaussian(output, spread), output, values, logStd: spread };
}

const logDensity = (a: number, mean: number, logStd: number) =>
  -0.5 * ((a - mean) / Math.exp(logStd)) ** 2 - logStd - 0.5 * Math.log(2 * Math.PI);

describe("closed forms", () => {
  test("the density is the product of normals and integrates to 1", () => {
    const [mean, logStd, step] = [0.7, -0.4, 0.01];
    const grid = Array.from({ length: 1601 }, (_, i) => mean - 8 + i * step);
    const logProbs = logProbOf(
      normal(
        grid.map(() => mean),
        [logStd],
      ),
      grid,
    );
    expectClose(
      logProbs,
      grid.map((a) => logDensity(a, mean, logStd)),
      "log density",
      { absolute: 1e-6 },
    );
    expect(logProbs.reduce((s, x) => s + Math.exp(x) * step, 0)).toBeCloseTo(1, 6);
    const pair = logProbOf(normal([0.1, -2], [0.3, -1]), [1, -1.7]);
    expect(pair[0]).toBeCloseTo(logDensity(1, 0.1, 0.3) + logDensity(-1.7, -2, -1), 6);
  });

  test("entropy is ½ Σ log 2πeσ²", () => {
    const built = normal([0, 5, -3, 1], [0.3, -1.2]);
    const expected = 0.5 * [0.3, -1.2].reduce((s, x) => s + Math.log(2 * Math.PI * Math.E * Math.exp(2 * x)), 0);
    expectClose(float64(built.distribution.entropy(), built.values), [expected, expected], "entropy", {
      absolute: 1e-6,
    });
  });

  test("KL is that of docs/theory.md, 13; it is 0 for itself, and what numerical integration says", () => {
    const p = normal([0.5], [0.2], "p");
    const q = normal([-0.3], [-0.5], "q");
    const [kl] = float64(p.distribution.klDivergence(q.distribution), p.values, q.values);
    const [sp, sq] = [Math.exp(0.2), Math.exp(-0.5)];
    expect(kl).toBeCloseTo(Math.log(sq / sp) + (sp ** 2 + 0.8 ** 2) / (2 * sq ** 2) - 0.5, 10);
    let integral = 0;
    for (let x = -15; x < 15; x += 0.005) {
      const ours = logDensity(x, 0.5, 0.2);
      integral += Math.exp(ours) * (ours - logDensity(x, -0.3, -0.5)) * 0.005;
    }
    expect(kl).toBeCloseTo(integral, 6);
    expect(float64(p.distribution.klDivergence(p.distribution), p.values)[0]).toBeCloseTo(0, 12);
  });

  test("scores are (a − μ)/σ² and ((a − μ)/σ)² − 1", () => {
    const built = normal([0.4], [-0.3]);
    const actions = input("actions", [1, 1]);
    const taken = new Map([[actions, [1.3]]]);
    const logProb = built.distribution.logProb(actions);
    const variance = Math.exp(-0.6);
    const mean = gradients(logProb, built.output, built.values, taken);
    expect(mean.graph[0]).toBeCloseTo(0.9 / variance, 8);
    const spread = gradients(logProb, built.logStd, built.values, taken);
    expect(spread.graph[0]).toBeCloseTo(0.81 / variance - 1, 8);
  });
});

describe("sampling", () => {
  test("samples follow the normal's distribution function (Kolmogorov-Smirnov)", async () => {
    const rows = 20_000;
    const built = normal(new Array(rows).fill(2), [Math.log(0.5)]);
    const [draws] = await samplesOf(built, 1);
    const sorted = draws.map((x) => normalCdf((x - 2) / 0.5)).sort((a, b) => a - b);
    const distance = Math.max(...sorted.map((c, i) => Math.max(c - i / rows, (i + 1) / rows - c)));
    expect(distance).toBeLessThan(1.63 / Math.sqrt(rows));
  });

  test("entropy and KL are what samples say, within three standard errors", async () => {
    const rows = 10_000;
    const p = normal(Array.from({ length: rows }, () => [1, -1]).flat(), [0.5, -1], "p");
    const q = normal(Array.from({ length: rows }, () => [0.8, -1.2]).flat(), [0.2, -0.7], "q");
    const [actions] = await samplesOf(p, 1);
    const [ours, theirs] = [logProbOf(p, actions), logProbOf(q, actions)];
    const entropy = float64(p.distribution.entropy(), p.values)[0];
    const kl = float64(p.distribution.klDivergence(q.distribution), p.values, q.values)[0];
    for (const [samples, expected] of [
      [ours.map((x) => -x), entropy],
      [ours.map((x, i) => x - theirs[i]), kl],
    ] as const) {
      const mean = samples.reduce((a, b) => a + b, 0) / rows;
      const deviation = Math.sqrt(samples.reduce((a, b) => a + (b - mean) ** 2, 0) / (rows - 1));
      expect(Math.abs(mean - expected)).toBeLessThan((3 * deviation) / Math.sqrt(rows));
    }
  });

  test("the mode is the mean", () => {
    const built = normal([0.25, -4], [0, 0]);
    expect(float64(built.distribution.mode(), built.values)).toEqual([0.25, -4]);
  });
});

test("gradients by mean and log σ are those of central differences", () => {
  const p = normal([0.1, -0.2, 0.9, 1], [0.3, -0.8], "p");
  const q = normal([0.4, 0.1, -0.5, 0.6], [-0.1, 0.2], "q");
  const actions = input("actions", [2, 2]);
  const taken = new Map([[actions, [0.5, -1, 2, 0.3]]]);
  for (const tensor of [
    p.distribution.logProb(actions),
    p.distribution.entropy(),
    p.distribution.klDivergence(q.distribution),
    q.distribution.klDivergence(p.distribution),
  ]) {
    for (const by of [p.output, p.logStd]) {
      const { graph, numeric } = gradients(tensor, by, p.values, q.values, taken);
      expectClose(graph, numeric, "gradient", { absolute: 1e-7 });
    }
  }
});

test("log σ of ±15 leaves values and gradients finite", async () => {
  for (const logStd of [15, -15]) {
    const p = normal([0.5], [logStd], "p");
    const q = normal([-0.5], [-logStd], "q");
    const actions = input("actions", [1, 1]);
    const [draw] = (await samplesOf(p, 1))[0];
    expect(Number.isFinite(draw)).toBe(true);
    const taken = new Map([[actions, [draw]]]);
    for (const tensor of [
      p.distribution.logProb(actions),
      p.distribution.entropy(),
      p.distribution.klDivergence(q.distribution),
    ]) {
      expect((await float32(tensor, p.values, q.values, taken)).every(Number.isFinite)).toBe(true);
      for (const by of [p.output, p.logStd]) {
        expect(gradients(tensor, by, p.values, q.values, taken).graph.every(Number.isFinite)).toBe(true);
      }
    }
  }
});

describe("heads", () => {
  test("a state-independent head owns log σ and outputs the mean alone", () => {
    const head = gaussianHead(3, { logStdInit: -0.5 });
    expect([head.parameterSize, head.actionSize, head.maskSize]).toEqual([3, 3, 0]);
    expect(head.parameters.map(({ tensor, initial }) => [tensor.shape, initial])).toEqual([[[3], -0.5]]);
    const mean = input("mean", [2, 3]);
    const values: Values = new Map([
      [mean, [1, 2, 3, 4, 5, 6]],
      [head.parameters[0].tensor, [0, -1, 1]],
    ]);
    const { logStd } = head.at(mean).statistics;
    expect(float64(logStd, values)).toEqual([0, -1, 1, 0, -1, 1]);
  });

  test("a state-dependent head outputs mean and log σ, shifted to where it starts and held where f32 works", async () => {
    const head = gaussianHead(2, { stateDependentStd: true, logStdInit: -1 });
    expect([head.parameterSize, head.actionSize, head.parameters.length]).toEqual([4, 2, 0]);
    const built = build(head, [0.3, 0.4, 0.5, -0.5, 1, 2, 1e4, -1e4]);
    const { mean, logStd } = built.distribution.statistics;
    expect(float64(mean, built.values)).toEqual([0.3, 0.4, 1, 2]);
    expect(float64(logStd, built.values)).toEqual([-0.5, -1.5, 4, -20]);
    const actions = input("actions", [2, 2]);
    const taken = new Map([[actions, [0.1, 0.2, 1, 2]]]);
    const logProb = built.distribution.logProb(actions);
    expect((await float32(logProb, built.values, taken)).every(Number.isFinite)).toBe(true);
    expect(logProbOf(built, [0.1, 0.2, 1, 2])[0]).toBeCloseTo(
      logDensity(0.1, 0.3, -0.5) + logDensity(0.2, 0.4, -1.5),
      6,
    );
    const { graph, numeric } = gradients(logProb, built.output, built.values, taken);
    expectClose(graph, numeric, "gradient", { absolute: 1e-6 });
    for (const held of graph.slice(6)) expect(Math.abs(held)).toBe(0);
  });

  test("ill-shaped actions are refused while the graph is built", () => {
    const { distribution } = normal([0, 0], [0, 0]);
    expect(() => distribution.logProb(input("actions", [3, 5]))).toThrow(/shape/);
  });
});

/** Φ by Simpson's rule from 0, error below 1e-10. */
function normalCdf(x: number): number {
  const n = 200;
  const h = x / n;
  let total = 0;
  for (let i = 0; i <= n; i++) total += (i === 0 || i === n ? 1 : i % 2 === 1 ? 4 : 2) * Math.exp(-0.5 * (i * h) ** 2);
  return 0.5 + (total * h) / 3 / Math.sqrt(2 * Math.PI);
}
