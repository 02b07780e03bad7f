import { expect, test } from "vitest";
import { relativeBias } from "../../src/variance/index.ts";
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
