/** Scores in float32, where exponents end: very large and very small ratios have finite scores and slopes. */
import { expect, test } from "vitest";
import { type Score, scoreOf } from "../../../src/objectives/preferences/scores.ts";
import { compile } from "../../../src/tensor/compile.ts";
import { createEngine } from "../../../src/tensor/engine.ts";
import { grad } from "../../../src/tensor/grad.ts";
import { input } from "../../../src/tensor/graph.ts";
import { sum } from "../../../src/tensor/ops/reduce.ts";

const engine = await createEngine({ build: "simd" });
const ratios = [-1000, -100, -85, -79, -1, 0, 1, 79, 100, 1000];

test.each<[string, Score, (l: number) => number]>([
  ["forward_kl", "forward_kl", (l) => 1 - Math.exp(Math.min(-l, 80))],
  ["α = 0.5", { alpha: 0.5 }, (l) => -2 * Math.expm1(Math.min(-l / 2, 80))],
  ["α = 2", { alpha: 2 }, (l) => Math.expm1(Math.min(l, 80))],
  ["reverse_kl", "reverse_kl", (l) => l],
])("%s", (_, score, expected) => {
  const l = input("l", [ratios.length]);
  const value = scoreOf(l, score);
  const program = compile(engine, { outputs: { value, slope: grad(sum(value), [l])[0] } });
  program.input("l").set(ratios);
  program.run();
  for (const [i, ratio] of ratios.entries()) {
    const found = program.output("value")[i];
    expect(Math.abs(found - expected(ratio))).toBeLessThanOrEqual(2e-5 * Math.abs(expected(ratio)) + 1e-6);
    expect(Number.isFinite(program.output("slope")[i])).toBe(true);
  }
});
