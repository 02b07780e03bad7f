/** Independent yes/no choices. */

import { expect, test } from "vitest";
import { bernoulliHead } from "../../src/distributions/index.ts";
import { input } from "../../src/tensor/graph.ts";
import { expectClose } from "../tensor/support.ts";
import { build, chiSquare, chiSquareBound, float32, float64, gradients, logProbOf, samplesOf } from "./support.ts";

const logits = [0.4, -1.5, 3];
const others = [-0.2, 0.9, 1];
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const bits = Array.from({ length: 8 }, (_, i) => [i & 1, (i >> 1) & 1, (i >> 2) & 1]);
const probability = (bit: readonly number[], of: readonly number[]) =>
  bit.reduce((product, b, i) => product * (b === 1 ? sigmoid(of[i]) : 1 - sigmoid(of[i])), 1);

test("log-probabilities are the products' logarithms and sum to 1", () => {
  const built = build(
    bernoulliHead(3),
    bits.flatMap(() => logits),
  );
  const logProbs = logProbOf(built, bits.flat());
  expectClose(
    logProbs,
    bits.map((bit) => Math.log(probability(bit, logits))),
    "log-probability",
    { absolute: 1e-12 },
  );
  expect(logProbs.reduce((s, x) => s + Math.exp(x), 0)).toBeCloseTo(1, 12);
});

test("entropy and KL are the sums over all outcomes; KL of itself is 0", () => {
  const p = build(bernoulliHead(3), logits);
  const q = build(bernoulliHead(3), others);
  const over = (f: (bit: number[]) => number) => bits.reduce((s, bit) => s + probability(bit, logits) * f(bit), 0);
  const entropy = over((bit) => -Math.log(probability(bit, logits)));
  const kl = over((bit) => Math.log(probability(bit, logits) / probability(bit, others)));
  expect(float64(p.distribution.entropy(), p.values)[0]).toBeCloseTo(entropy, 10);
  expect(float64(p.distribution.klDivergence(q.distribution), p.values, q.values)[0]).toBeCloseTo(kl, 10);
  expect(float64(p.distribution.klDivergence(p.distribution), p.values)[0]).toBe(0);
});

test("the sampler draws every outcome by its probability", async () => {
  const draws = await samplesOf(build(bernoulliHead(3), logits), 16_000);
  const counts = new Array(8).fill(0);
  for (const [a, b, c] of draws) counts[a + 2 * b + 4 * c]++;
  expect(
    chiSquare(
      counts,
      bits.map((bit) => probability(bit, logits)),
    ),
  ).toBeLessThan(chiSquareBound(7));
});

test("the mode says yes where the logit is above 0", () => {
  const built = build(bernoulliHead(3), logits);
  expect(float64(built.distribution.mode(), built.values)).toEqual([1, 0, 1]);
});

test("gradients are those of central differences", () => {
  const p = build(bernoulliHead(3), [...logits, ...others]);
  const q = build(bernoulliHead(3), [...others, ...logits]);
  const actions = input("actions", [2, 3]);
  const taken = new Map([[actions, [1, 0, 0, 1, 1, 0]]]);
  for (const tensor of [
    p.distribution.logProb(actions),
    p.distribution.entropy(),
    p.distribution.klDivergence(q.distribution),
    q.distribution.klDivergence(p.distribution),
  ]) {
    const { graph, numeric } = gradients(tensor, p.output, p.values, q.values, taken);
    expectClose(graph, numeric, "gradient", { absolute: 1e-8 });
  }
});

test("logits of ±10,000 leave values and gradients finite", async () => {
  const p = build(bernoulliHead(3), [1e4, -1e4, 1e4]);
  const q = build(bernoulliHead(3), [-1e4, -1e4, 0]);
  const actions = input("actions", [1, 3]);
  const taken = new Map([[actions, [0, 0, 1]]]);
  for (const [tensor, expected] of [
    [p.distribution.logProb(actions), -1e4],
    [p.distribution.entropy(), 0],
    [p.distribution.klDivergence(q.distribution), 1e4 + Math.log(2)],
  ] as const) {
    expectClose(await float32(tensor, p.values, q.values, taken), [expected], "value", { relative: 2e-4 });
    expect(gradients(tensor, p.output, p.values, q.values, taken).graph.every(Number.isFinite)).toBe(true);
  }
  for (const draw of await samplesOf(p, 50)) expect(draw).toEqual([1, 0, 1]);
});
