/** One choice and several independent choices, with starts and masks. */

import { describe, expect, test } from "vitest";
import { categoricalHead } from "../../src/distributions/index.ts";
import { input } from "../../src/tensor/graph.ts";
import { sum } from "../../src/tensor/ops/reduce.ts";
import { expectClose, numbers, seeded } from "../tensor/support.ts";
import { build, chiSquare, chiSquareBound, float32, float64, gradients, logProbOf, samplesOf } from "./support.ts";

const softmax = (logits: readonly number[]) => {
  const weights = logits.map((x) => Math.exp(x - Math.max(...logits)));
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / total);
};
const entropyOf = (p: readonly number[]) => -p.reduce((s, x) => s + (x > 0 ? x * Math.log(x) : 0), 0);
const divergence = (p: readonly number[], q: readonly number[]) =>
  p.reduce((s, x, i) => s + (x > 0 ? x * Math.log(x / q[i]) : 0), 0);

const logits = [0.3, -1.2, 2, 0.1, -0.5];
const other = [1, 0, -1, 0.5, 0.2];

describe("categorical", () => {
  test("log-probabilities are the softmax's logarithms and sum to 1, whatever the smallest action is", () => {
    for (const start of [0, 1, -3, 1000]) {
      const rows = logits.length;
      const built = build(
        categoricalHead([rows], [start]),
        logits.flatMap(() => logits),
      );
      const logProbs = logProbOf(
        built,
        Array.from({ length: rows }, (_, i) => start + i),
      );
      expectClose(logProbs, softmax(logits).map(Math.log), "log-probability", { absolute: 1e-12 });
      expect(logProbs.reduce((s, x) => s + Math.exp(x), 0)).toBeCloseTo(1, 12);
    }
  });

  test("entropy and KL are those of the closed forms; KL of itself is 0", () => {
    const head = categoricalHead([5]);
    const p = build(head, [...logits, ...other]);
    const q = build(head, [...other, ...other]);
    const [first, second] = [softmax(logits), softmax(other)];
    expectClose(float64(p.distribution.entropy(), p.values), [entropyOf(first), entropyOf(second)], "entropy");
    const kl = float64(p.distribution.klDivergence(q.distribution), p.values, q.values);
    expect(kl[0]).toBeCloseTo(divergence(first, second), 10);
    expect(kl[1]).toBe(0);
  });

  test("entropy and KL are what samples say, within three standard errors", async () => {
    const rows = 20_000;
    const head = categoricalHead([5], [1]);
    const p = build(head, Array.from({ length: rows }, () => logits).flat());
    const q = build(head, Array.from({ length: rows }, () => other).flat());
    const [actions] = await samplesOf(p, 1);
    const [ours, theirs] = [logProbOf(p, actions), logProbOf(q, actions)];
    expectMean(
      ours.map((x) => -x),
      entropyOf(softmax(logits)),
    );
    expectMean(
      ours.map((x, i) => x - theirs[i]),
      divergence(softmax(logits), softmax(other)),
    );
  });

  test("the sampler draws by the probabilities, rows apart", async () => {
    const head = categoricalHead([5], [2]);
    const built = build(head, [...logits, ...other]);
    const draws = await samplesOf(built, 20_000);
    for (const [row, probabilities] of [softmax(logits), softmax(other)].entries()) {
      const counts = new Array(5).fill(0);
      for (const draw of draws) counts[draw[row] - 2]++;
      expect(chiSquare(counts, probabilities)).toBeLessThan(chiSquareBound(4));
    }
  });

  test("the mode is the largest logit's action", () => {
    const built = build(categoricalHead([5], [7]), [...logits, ...other]);
    expect(float64(built.distribution.mode(), built.values)).toEqual([9, 7]);
  });

  test("gradients are those of central differences", () => {
    const head = categoricalHead([5]);
    const p = build(head, [...logits, ...other]);
    const q = build(head, [...other, ...logits]);
    const actions = input("actions", [2, 1]);
    const taken = new Map([[actions, [2, 4]]]);
    for (const [name, tensor, maps] of [
      ["log-probability", p.distribution.logProb(actions), [p.values, taken]],
      ["entropy", p.distribution.entropy(), [p.values]],
      ["KL", p.distribution.klDivergence(q.distribution), [p.values, q.values]],
      ["reverse KL", q.distribution.klDivergence(p.distribution), [p.values, q.values]],
    ] as const) {
      const { graph, numeric } = gradients(tensor, p.output, ...maps);
      expectClose(graph, numeric, name, { absolute: 1e-8 });
    }
  });

  test("logits of ±10,000 leave values and gradients finite", async () => {
    const extreme = [1e4, -1e4, 0, -1e4, 1e4, 1e4, -1e4, -1e4, -1e4, -1e4, 0, 0, 1e4, 0, 0];
    const head = categoricalHead([5]);
    const p = build(head, extreme);
    const q = build(head, [...extreme].reverse());
    const actions = input("actions", [3, 1]);
    const taken = new Map([[actions, [1, 0, 0]]]);
    for (const tensor of [
      p.distribution.logProb(actions),
      p.distribution.entropy(),
      p.distribution.klDivergence(q.distribution),
    ]) {
      const values = await float32(tensor, p.values, q.values, taken);
      expect(values.every(Number.isFinite), values.join()).toBe(true);
      const { graph } = gradients(tensor, p.output, p.values, q.values, taken);
      expect(graph.every(Number.isFinite), graph.join()).toBe(true);
    }
    for (const [draw] of await samplesOf(p, 100)) expect([0, 4]).toContain(draw);
  });
});

describe("masks", () => {
  const mask = [1, 0, 1, 0, 1];

  test("forbidden actions are never drawn, not even with the largest logit, nor the mode", async () => {
    const built = build(categoricalHead([5]), [0, 1e4, 0.5, 90, -3], mask);
    const draws = (await samplesOf(built, 5000)).flat();
    expect(new Set(draws)).toEqual(new Set([0, 2, 4]));
    expect(float64(built.distribution.mode(), built.values)).toEqual([2]);
    const counts = [0, 2, 4].map((action) => draws.filter((draw) => draw === action).length);
    expect(chiSquare(counts, softmax([0, 0.5, -3]))).toBeLessThan(chiSquareBound(2));
  });

  test("however small the allowed logits are, a forbidden action is neither drawn nor the mode", async () => {
    for (const allowed of [
      [-30, -40],
      [-1e4, -1e4 - 1],
      [-1e6, -1e6 - 1],
    ]) {
      const built = build(categoricalHead([3]), [allowed[0], 50, allowed[1]], [1, 0, 1]);
      expect(float64(built.distribution.mode(), built.values)).toEqual([0]);
      expect(await float32(built.distribution.mode(), built.values)).toEqual([0]);
      expect(new Set((await samplesOf(built, 300)).flat())).not.toContain(1);
      const logProbs = [0, 1, 2].map((action) => logProbOf(built, [action])[0]);
      expect(logProbs[1]).toBeLessThan(-1e8);
      expect(Math.exp(logProbs[0]) + Math.exp(logProbs[2])).toBeCloseTo(1, 6);
    }
  });

  test("k allowed actions of equal logits have the entropy log k", async () => {
    for (const allowed of [
      [1, 1, 1, 1, 1],
      [1, 0, 1, 0, 1],
      [0, 1, 0, 0, 1],
      [0, 0, 0, 1, 0],
    ]) {
      const built = build(categoricalHead([5]), [2, 2, 2, 2, 2], allowed);
      const k = allowed.reduce((a, b) => a + b);
      expect((await float32(built.distribution.entropy(), built.values))[0]).toBeCloseTo(Math.log(k), 6);
    }
  });

  test("forbidden logits get the gradient 0, allowed ones that of central differences", () => {
    const built = build(categoricalHead([5]), [0.2, 3, -1, 0.7, 1], mask);
    const same = build(categoricalHead([5]), [1, 0, 1, 0, 0.3], mask);
    const actions = input("actions", [1, 1]);
    for (const tensor of [
      built.distribution.logProb(actions),
      built.distribution.entropy(),
      built.distribution.klDivergence(same.distribution),
    ]) {
      const { graph, numeric } = gradients(tensor, built.output, built.values, same.values, new Map([[actions, [4]]]));
      expect(Math.abs(graph[1])).toBe(0);
      expect(Math.abs(graph[3])).toBe(0);
      expectClose(graph, numeric, "gradient", { absolute: 1e-8 });
    }
  });
});

describe("several choices", () => {
  const sizes = [2, 3, 1];
  const output = [0.5, -0.5, 1, 2, 0, 7];
  const parts = [softmax([0.5, -0.5]), softmax([1, 2, 0]), [1]];

  test("the joint probability is the product, and sums to 1", () => {
    const head = categoricalHead(sizes);
    const all = [0, 1].flatMap((i) => [0, 1, 2].map((j) => [i, j, 0]));
    const built = build(
      head,
      all.flatMap(() => output),
    );
    const logProbs = logProbOf(built, all.flat());
    all.forEach(([i, j], row) => {
      expect(logProbs[row]).toBeCloseTo(Math.log(parts[0][i] * parts[1][j]), 10);
    });
    expect(logProbs.reduce((s, x) => s + Math.exp(x), 0)).toBeCloseTo(1, 12);
  });

  test("entropy and KL are sums over the components", () => {
    const head = categoricalHead(sizes);
    const p = build(head, output);
    const q = build(head, [0, 1, -1, 0.2, 0.4, 3]);
    const theirs = [softmax([0, 1]), softmax([-1, 0.2, 0.4]), [1]];
    const total = (f: (p: number[], i: number) => number) => parts.reduce((s, x, i) => s + f(x, i), 0);
    expect(float64(p.distribution.entropy(), p.values)[0]).toBeCloseTo(total(entropyOf), 10);
    expect(float64(p.distribution.klDivergence(q.distribution), p.values, q.values)[0]).toBeCloseTo(
      total((x, i) => divergence(x, theirs[i])),
      10,
    );
  });

  test("components are drawn by their own probabilities and independently, each with its mask", async () => {
    const draws = await samplesOf(build(categoricalHead(sizes), output), 12_000);
    const counts = new Array(6).fill(0);
    for (const [i, j] of draws) counts[3 * i + j]++;
    const joint = parts[0].flatMap((a) => parts[1].map((b) => a * b));
    expect(chiSquare(counts, joint)).toBeLessThan(chiSquareBound(5));
    const masked = await samplesOf(build(categoricalHead(sizes), output, [0, 1, 1, 0, 1, 1]), 500);
    expect(new Set(masked.map((draw) => draw.join()))).toEqual(new Set(["1,0,0", "1,2,0"]));
  });

  test("gradients are those of central differences", () => {
    const random = seeded(3);
    const head = categoricalHead([3, 2, 4]);
    const built = build(head, numbers(random, 18));
    const actions = input("actions", [2, 3]);
    const taken = new Map([[actions, [0, 1, 3, 2, 0, 1]]]);
    for (const tensor of [built.distribution.logProb(actions), built.distribution.entropy()]) {
      const { graph, numeric } = gradients(tensor, built.output, built.values, taken);
      expectClose(graph, numeric, "gradient", { absolute: 1e-8 });
    }
  });
});

test("an action outside the choices and an ill-shaped one are refused", async () => {
  const built = build(categoricalHead([3], [1]), [0, 0, 0]);
  const actions = input("actions", [1, 1]);
  const of = (action: number) =>
    float32(sum(built.distribution.logProb(actions)), built.values, new Map([[actions, [action]]]));
  await expect(of(0)).rejects.toThrow(/index lies outside/);
  await expect(of(4)).rejects.toThrow(/index lies outside/);
  await expect(of(3)).resolves.toHaveLength(1);
  expect(() => built.distribution.logProb(input("actions", [2, 1]))).toThrow(/takeLast|shape/);
  expect(() => categoricalHead([3]).at(built.output, { mask: input("mask", [1, 2]) })).toThrow(/shape/);
});

/** The mean of the numbers is what it should be, within three standard errors. */
function expectMean(values: readonly number[], expected: number): void {
  const n = values.length;
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const deviation = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / (n - 1));
  expect(Math.abs(mean - expected)).toBeLessThan((3 * deviation) / Math.sqrt(n));
}
