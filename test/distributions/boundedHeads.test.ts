/** Distributions over a Box with bounds: squashed Gaussian and Beta, under the same tests. */

import { describe, expect, test } from "vitest";
import { BETA_EPSILON, betaHead, type DistributionHead, squashedGaussianHead } from "../../src/distributions/index.ts";
import { box } from "../../src/envs/spaces.ts";
import { input, type Tensor } from "../../src/tensor/graph.ts";
import { expectClose } from "../tensor/support.ts";
import { type Built, build, float32, float64, gradients, logProbOf, samplesOf } from "./support.ts";

const [LOW, HIGH] = [-1, 3];
const space = box({ low: LOW, high: HIGH, shape: [1] });
const plane = box({ low: [-2, 0], high: [2, 10] });

interface Case {
  name: string;
  head: (space: ReturnType<typeof box>) => DistributionHead;
  /** Network outputs for one component: two ordinary distributions, a narrow one, a wide or flat one. */
  outputs: number[][];
}

const cases: Case[] = [
  {
    name: "squashedGaussian",
    head: (of) => squashedGaussianHead(of, { stateDependentStd: true }),
    outputs: [
      [0.3, -0.4],
      [-0.8, -0.9],
      [0.5, -3],
      [0.1, 0.2],
    ],
  },
  {
    name: "beta",
    head: betaHead,
    outputs: [
      [0.5, 2],
      [3, 1],
      [60, 90],
      [-30, -30],
    ],
  },
];

/** Midpoints of equal stretches between the bounds. */
function grid(n: number): number[] {
  return Array.from({ length: n }, (_, i) => LOW + ((i + 0.5) / n) * (HIGH - LOW));
}

const repeated = (output: number[], times: number) => new Array(times).fill(output).flat() as number[];

/** Density at each point of a grid, in float64. */
function densities(head: DistributionHead, output: number[], points: number[]): number[] {
  return logProbOf(build(head, repeated(output, points.length)), points).map(Math.exp);
}

const N = 2000;
const WIDTH = (HIGH - LOW) / N;

describe.each(cases)("$name", ({ head: make, outputs }) => {
  const head = make(space);

  test("the components of a plane are independent: log-probability and entropy are sums of theirs", () => {
    const sides = [0, 1].map((j) => make(box({ low: [plane.low[j]], high: [plane.high[j]] })));
    const [first, second] = [outputs[0], outputs[1]];
    const both = build(make(plane), [first[0], second[0], first[1], second[1]]);
    const apart = [build(sides[0], first), build(sides[1], second)];
    const actions = [1.2, 3.7];
    const sum = apart.map((one, j) => logProbOf(one, [actions[j]])[0]).reduce((a, b) => a + b);
    expect(logProbOf(both, actions)[0]).toBeCloseTo(sum, 5);
    const entropyOf = ({ distribution, values }: Built) => float64(distribution.entropy(), values)[0];
    expect(entropyOf(both)).toBeCloseTo(entropyOf(apart[0]) + entropyOf(apart[1]), 5);
  });

  test("the density integrates to 1 and lies within the bounds", () => {
    for (const output of outputs) {
      const total = densities(head, output, grid(N)).reduce((a, b) => a + b, 0) * WIDTH;
      expect(total, `${output}`).toBeCloseTo(1, 3);
    }
  });

  test("samples follow the distribution function (Kolmogorov-Smirnov) and the bounds", async () => {
    const rows = 10_000;
    for (const output of outputs) {
      const cumulative = new Float64Array(N + 1);
      densities(head, output, grid(N)).forEach((density, i) => {
        cumulative[i + 1] = cumulative[i] + density * WIDTH;
      });
      const [draws] = await samplesOf(build(head, repeated(output, rows)), 1);
      expect(Math.min(...draws)).toBeGreaterThanOrEqual(LOW);
      expect(Math.max(...draws)).toBeLessThanOrEqual(HIGH);
      const below = draws
        .map((a) => {
          const place = ((a - LOW) / (HIGH - LOW)) * N;
          const i = Math.min(Math.floor(place), N - 1);
          return cumulative[i] + (place - i) * (cumulative[i + 1] - cumulative[i]);
        })
        .sort((a, b) => a - b);
      const distance = Math.max(...below.map((c, i) => Math.max(c - i / rows, (i + 1) / rows - c)));
      // Passed by one seed in a thousand.
      expect(distance, `${output}`).toBeLessThan(1.95 / Math.sqrt(rows));
    }
  });

  test("components and rows are drawn independently", async () => {
    const rows = 10_000;
    const output = [outputs[0][0], outputs[0][0], outputs[0][1], outputs[0][1]];
    const [draws] = await samplesOf(build(make(plane), repeated(output, rows)), 1);
    const column = (j: number) => draws.filter((_, i) => i % 2 === j);
    const standard = (x: number[]) => {
      const mean = x.reduce((a, b) => a + b, 0) / x.length;
      const deviation = Math.sqrt(x.reduce((a, b) => a + (b - mean) ** 2, 0) / x.length);
      return x.map((v) => (v - mean) / deviation);
    };
    const [first, second] = [standard(column(0)), standard(column(1))];
    const correlation = (x: number[], y: number[]) => x.reduce((a, v, i) => a + v * y[i], 0) / x.length;
    expect(Math.abs(correlation(first, second))).toBeLessThan(4 / Math.sqrt(rows));
    expect(Math.abs(correlation(first.slice(1), first.slice(0, -1)))).toBeLessThan(4 / Math.sqrt(rows));
  });

  test("entropy is that of numerical integration, and what samples say within three standard errors", async () => {
    const rows = 3000;
    for (const output of outputs) {
      const built = build(head, output);
      const [entropy] = float64(built.distribution.entropy(), built.values);
      const integral = -densities(head, output, grid(N)).reduce((a, p) => a + (p > 0 ? p * Math.log(p) * WIDTH : 0), 0);
      expect(Math.abs(entropy - integral), `${output}`).toBeLessThan(2e-3);
      const many = build(head, repeated(output, rows));
      const [draws] = await samplesOf(many, 1);
      expectMean(
        logProbOf(many, draws).map((x) => -x),
        entropy,
      );
    }
  });

  test("KL is that of numerical integration and of samples, and 0 for itself", async () => {
    const rows = 3000;
    for (const [i, j] of [
      [0, 1],
      [1, 0],
      [2, 0],
      [0, 3],
    ]) {
      const [p, q] = [build(head, outputs[i]), build(head, outputs[j])];
      const [kl] = float64(p.distribution.klDivergence(q.distribution), p.values, q.values);
      const [ours, theirs] = [outputs[i], outputs[j]].map((output) => densities(head, output, grid(N)));
      const integral = ours.reduce((a, x, k) => a + (x > 0 ? x * (Math.log(x) - Math.log(theirs[k])) * WIDTH : 0), 0);
      expect(Math.abs(kl - integral), `${i} ‖ ${j}`).toBeLessThan(2e-3 * (1 + kl));
      expect(float64(p.distribution.klDivergence(p.distribution), p.values)[0]).toBeCloseTo(0, 10);
      const [manyP, manyQ] = [outputs[i], outputs[j]].map((output) => build(head, repeated(output, rows)));
      const [draws] = await samplesOf(manyP, 1);
      const theirLogs = logProbOf(manyQ, draws);
      expectMean(
        logProbOf(manyP, draws).map((x, k) => x - theirLogs[k]),
        kl,
      );
    }
  });

  test("gradients are those of central differences", () => {
    const wide = make(plane);
    const p = build(wide, [0.3, -0.5, -0.2, 0.4, 1.1, 0.2, -0.7, -0.1]);
    const q = build(wide, [0.1, 0.2, 0.3, -0.3, 0.9, -0.4, 0.1, 0.2]);
    const actions = input("actions", [2, 2]);
    const taken = new Map([[actions, [0.5, 3, -1.5, 9]]]);
    for (const tensor of [
      p.distribution.logProb(actions),
      p.distribution.entropy(),
      p.distribution.klDivergence(q.distribution),
    ]) {
      const { graph, numeric } = gradients(tensor, p.output, p.values, q.values, taken);
      expectClose(graph, numeric, "gradient", { absolute: 1e-6, relative: 1e-5 });
    }
    const { graph, numeric } = gradients(p.distribution.klDivergence(q.distribution), q.output, p.values, q.values);
    expectClose(graph, numeric, "gradient by the other", { absolute: 1e-6, relative: 1e-5 });
  });

  test("everything stays finite in float32: extreme outputs, actions at and beyond the bounds", async () => {
    for (const output of [
      [1e4, 1e4],
      [-1e4, -1e4],
      [1e4, -1e4],
      [-1e4, 1e4],
      [0, 0],
    ]) {
      const built = build(head, output);
      const all: [string, Tensor, ...Map<Tensor, number[]>[]][] = [
        ["mode", built.distribution.mode()],
        ["entropy", built.distribution.entropy()],
        ["kl", built.distribution.klDivergence(built.distribution)],
      ];
      const actions = input("actions", [1, 1]);
      const logProb = built.distribution.logProb(actions);
      for (const action of [LOW - 1, LOW, LOW + 1e-7, 0.5, HIGH, HIGH + 5]) {
        all.push([`log π(${action})`, logProb, new Map([[actions, [action]]])]);
      }
      for (const [what, tensor, ...more] of all) {
        const [value] = await float32(tensor, built.values, ...more);
        expect(Number.isFinite(value), `${what} at ${output} is ${value}`).toBe(true);
        for (const entry of gradients(tensor, built.output, built.values, ...more).graph) {
          expect(Number.isFinite(entry), `gradient of ${what} at ${output}`).toBe(true);
        }
      }
      const [draws] = await samplesOf(built, 3);
      for (const draw of draws) expect(draw >= LOW && draw <= HIGH).toBe(true);
    }
  });

  test("float32 log-probabilities are those of float64, over the whole range", async () => {
    const points = grid(200);
    for (const output of outputs) {
      const built = build(head, repeated(output, points.length));
      const actions = input("actions", [points.length, 1]);
      const rounded = new Map([[actions, points.map(Math.fround)]]);
      const logProb = built.distribution.logProb(actions);
      const wanted = float64(logProb, built.values, rounded);
      expectClose(await float32(logProb, built.values, rounded), wanted, `${output}`, {
        absolute: 3e-4,
        relative: 3e-5,
      });
    }
  });

  test("bounds must be finite and apart", () => {
    for (const wrong of [box({ low: -1, high: Infinity, shape: [1] }), box({ low: [-1, 2], high: [1, 2] })]) {
      expect(() => make(wrong)).toThrow(/needs finite bounds: got element \d from .* Use|needs finite bounds/);
      expect(() => make(wrong)).toThrow(expect.objectContaining({ code: "space" }));
    }
  });
});

test("squashedGaussian: the mode is where the mean goes; log-probabilities are those of the change of variables", () => {
  const head = squashedGaussianHead(space, { logStdInit: 0 });
  expect(head).toMatchObject({ kind: "squashedGaussian", parameterSize: 1, actionSize: 1, maskSize: 0 });
  expect(head.parameters.map(({ tensor, initial }) => [tensor.label, initial])).toEqual([["policy.logStd", 0]]);
  const built: Built = build(head, [0.7]);
  built.values.set(head.parameters[0].tensor, [-0.3]);
  expect(float64(built.distribution.mode(), built.values)[0]).toBeCloseTo(1 + 2 * Math.tanh(0.7), 12);
  for (const u of [-3, -0.2, 0, 1.4, 5]) {
    const normal = -0.5 * ((u - 0.7) / Math.exp(-0.3)) ** 2 + 0.3 - 0.5 * Math.log(2 * Math.PI);
    const slope = 2 * (1 - Math.tanh(u) ** 2);
    expect(logProbOf(built, [1 + 2 * Math.tanh(u)])[0]).toBeCloseTo(normal - Math.log(slope), 6);
  }
});

test("squashedGaussian: the entropy's stated accuracy at any σ", () => {
  for (const [logStd, bound] of [
    [Math.log(2), 1e-4],
    [2, 0.03],
    [4, 0.03],
  ]) {
    for (const mean of [0, 0.4, 1.3, 5]) {
      const built = build(squashedGaussianHead(space, { stateDependentStd: true }), [mean, logStd]);
      const [entropy] = float64(built.distribution.entropy(), built.values);
      const gaussian = logStd + 0.5 * Math.log(2 * Math.PI * Math.E) + Math.log(2);
      const std = Math.exp(logStd);
      let correction = 0;
      for (let z = -9; z < 9; z += 1e-3) {
        const u = Math.abs(mean + std * z);
        const slope = 2 * (Math.LN2 - u - Math.log1p(Math.exp(-2 * u)));
        correction += (Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI)) * slope * 1e-3;
      }
      const allowed = logStd < 1 ? bound : bound * Math.abs(correction);
      expect(Math.abs(entropy - gaussian - correction), `σ ${std}, mean ${mean}`).toBeLessThan(allowed);
    }
  }
});

test("beta: density, mean and mode by hand", async () => {
  const head = betaHead(space);
  expect(head).toMatchObject({ kind: "beta", parameterSize: 2, actionSize: 1, maskSize: 0, parameters: [] });
  // α = 3, β = 2: density 12 x² (1 − x).
  const inverse = (excess: number) => Math.log(Math.expm1(excess));
  const output = [inverse(2), inverse(1)];
  const built = build(head, output);
  for (const x of [0.1, 0.5, 0.9]) {
    expect(logProbOf(built, [LOW + 4 * x])[0]).toBeCloseTo(Math.log((12 * x * x * (1 - x)) / 4), 7);
  }
  expect(float64(built.distribution.mode(), built.values)[0]).toBeCloseTo(LOW + (4 * 2) / 3, 8);
  const [draws] = await samplesOf(build(head, repeated(output, 10_000)), 1);
  expectMean(draws, LOW + 4 * 0.6);
});

test("beta: samples that float32 would put at a bound are held inside, on both sides", async () => {
  const rows = 20_000;
  const unit = box({ low: 0, high: 1, shape: [1] });
  // α = 10,001 and β = 1, and the other way round: 1 % of the draws are nearer to the bound than BETA_EPSILON.
  for (const [output, held] of [
    [[2e4, -40], Math.fround(1 - BETA_EPSILON)],
    [[-40, 2e4], Math.fround(BETA_EPSILON)],
  ] as const) {
    const built = build(betaHead(unit), repeated([...output], rows));
    const { alpha, beta } = built.distribution.statistics;
    expect(Math.max(float64(alpha, built.values)[0], float64(beta, built.values)[0])).toBe(10_001);
    const [draws] = await samplesOf(built, 1);
    expect(Math.min(...draws)).toBeGreaterThanOrEqual(Math.fround(BETA_EPSILON));
    expect(Math.max(...draws)).toBeLessThanOrEqual(Math.fround(1 - BETA_EPSILON));
    const share = draws.filter((x) => x === held).length / rows;
    expect(share).toBeGreaterThan(0.007);
    expect(share).toBeLessThan(0.013);
  }
});

/** The mean of samples is within three and a half of its standard errors. */
function expectMean(samples: number[], expected: number): void {
  const n = samples.length;
  const mean = samples.reduce((a, b) => a + b, 0) / n;
  const deviation = Math.sqrt(samples.reduce((a, b) => a + (b - mean) ** 2, 0) / (n - 1));
  expect(Math.abs(mean - expected)).toBeLessThan((3.5 * deviation) / Math.sqrt(n) + 1e-9);
}
