import { expect, test } from "vitest";
import { chain } from "../../src/mdp/index.ts";
import { studentQuantile } from "../../src/numerics/studentQuantile.ts";
import { finish } from "../../src/pauses.ts";
import { relativeBias, tabularSource } from "../../src/variance/index.ts";
import { seeded } from "../mdp/support.ts";

/** M estimates around (1 + shift) g with noise. */
function estimates(seed: number, count: number, shift: number): Float64Array {
  const random = seeded(seed, 9);
  return Float64Array.from({ length: count * 4 }, (_, i) => [1, 2, -1, 0.5][i % 4] * (1 + shift) + 2 * random.normal());
}
const goal = [1, 2, -1, 0.5];

test.each([0, 0.1, 0.5])("a relative bias of %d is covered about 95 % of the time", (shift) => {
  let covered = 0;
  const repeats = 300;
  for (let seed = 0; seed < repeats; seed++) {
    const { low, high } = relativeBias(estimates(seed, 150, shift), goal);
    if (low <= shift && shift <= high) covered++;
  }
  expect(covered / repeats).toBeGreaterThan(0.9);
});

test("large biases are found and small noise leaves a small interval", () => {
  const { value, low, high } = relativeBias(estimates(1, 4000, 0.5), goal);
  expect(value).toBeGreaterThan(0.45);
  expect(low).toBeGreaterThan(0.4);
  expect(high).toBeLessThan(0.6);
  expect(
    relativeBias(
      Float64Array.from({ length: 16 }, (_, i) => goal[i % 4]),
      goal,
    ),
  ).toEqual({ value: 0, low: 0, high: 0 });
});

test("value and interval are those of the mean over pairs and of its jackknife, written out", () => {
  const gradients = estimates(2, 8, 1.5);
  const deviations = Array.from({ length: 8 }, (_, i) => goal.map((g, j) => gradients[4 * i + j] - g));
  const product = (a: number[], b: number[]) => a.reduce((sum, x, j) => sum + x * b[j], 0);
  const overPairs = (rows: number[][]) => {
    const products = rows.flatMap((a, i) => rows.filter((_, k) => k !== i).map((b) => product(a, b)));
    return products.reduce((a, b) => a + b, 0) / products.length;
  };
  const square = overPairs(deviations);
  const without = deviations.map((_, i) => overPairs(deviations.filter((_, k) => k !== i)));
  const mean = without.reduce((a, b) => a + b, 0) / 8;
  const half = studentQuantile(7) * Math.sqrt((7 / 8) * without.reduce((sum, x) => sum + (x - mean) ** 2, 0));
  const length = (x: number) => Math.sqrt(Math.max(x, 0) / product(goal, goal));
  const found = relativeBias(gradients, goal);
  expect(found.value).toBeCloseTo(length(square), 12);
  expect(found.low).toBeCloseTo(length(square - half), 12);
  expect(found.high).toBeCloseTo(length(square + half), 12);
});

test("an exact world's gradients are those of the episodes last drawn, whatever the arrays held", () => {
  const mdp = chain({ length: 3, horizon: 4 });
  const source = tabularSource("chain", mdp, { trajectories: 5, seed: 3, fitEpisodes: 20 });
  const gradients = (out: Float64Array) => {
    const { rewards } = finish(source.next());
    finish(source.trajectoryGradients([new Float64Array(rewards.length).fill(1)], [out]));
    return out;
  };
  gradients(new Float64Array(5 * source.parameters));
  const again = tabularSource("chain", mdp, { trajectories: 5, seed: 3, fitEpisodes: 20 });
  finish(again.next());
  const { rewards } = finish(again.next());
  const clean = new Float64Array(5 * again.parameters);
  finish(again.trajectoryGradients([new Float64Array(rewards.length).fill(1)], [clean]));
  expect(gradients(new Float64Array(5 * source.parameters).fill(7))).toEqual(clean);
});
