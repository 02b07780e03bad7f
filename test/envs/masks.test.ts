/** Which row of a batch's masks cannot be used. */
import { expect, test } from "vitest";
import { discrete, multiDiscrete } from "../../src/envs/index.ts";
import { unusableMaskRow, whyNotMask } from "../../src/envs/masks.ts";

test.each<[string, number[], number]>([
  ["all usable", [1, 0, 1, 0, 1, 1], -1],
  ["nothing allowed", [1, 0, 1, 0, 0, 0], 1],
  ["a 2 beside an allowed one", [1, 0, 1, 1, 2, 0], 1],
  ["a −1 beside an allowed one", [-1, 1, 1, 1, 0, 0], 0],
  ["a half", [1, 0.5, 0, 1, 0, 0], 0],
  ["NaN beside an allowed one", [1, 0, 0, 1, Number.NaN, 0], 1],
])("%s", (_, masks, row) => {
  expect(unusableMaskRow(discrete(3), masks)).toBe(row);
});

test("every choice of several needs an allowed action", () => {
  const space = multiDiscrete([2, 3]);
  expect(unusableMaskRow(space, [1, 0, 0, 1, 0])).toBe(-1);
  expect(unusableMaskRow(space, [1, 0, 0, 1, 0, 1, 1, 0, 0, 0])).toBe(1);
  expect(whyNotMask(space, Uint8Array.of(1, 0, 0, 0, 0))).toMatch(/allows no action/);
  expect(whyNotMask(space, Uint8Array.of(1, 0, 2, 1, 0))).toMatch(/other than 0 and 1/);
});
