/** What counts as a difference between what is computed here and what was recorded. */

import { expect, test } from "vitest";
import { Tally } from "../../../src/language/recordings/tally.ts";

const of = (got: number[] | number, recorded: number[] | number, tolerance = 1e-4) => {
  const tally = new Tally(tolerance);
  tally.compare("case", got, recorded);
  return tally.report();
};

test("differences are absolute up to 1 and relative above", () => {
  expect(of([0.5, 2], [0.5, 1.99995]).worstError).toBeCloseTo(0.000025, 6);
  expect(of(1000, 1000.05).failed).toEqual([]);
  expect(of(0.001, 0.002).failed).toEqual(["case: 0.001, recorded 0.002"]);
  expect(of([1, 2, 3], [1, 2, 4]).failed).toEqual(["case: 3, recorded 4 at 2"]);
});

test("what cannot be measured counts as 1 and fails at any tolerance", () => {
  for (const [got, recorded] of [
    [Number.NaN, 1],
    [1, Number.NaN],
    [Number.POSITIVE_INFINITY, 1],
    [[1], [1, 2]],
  ] as const) {
    expect(of(got as number, recorded as number, 100)).toMatchObject({ worstError: 1, failed: [expect.any(String)] });
  }
  const tally = new Tally(100);
  tally.same("tokens", [1, 2], [1, 3]);
  tally.same("tokens", [1, 2], [1, 2]);
  expect(tally.report()).toEqual({ cases: 2, worstError: 1, failed: ["tokens: [1,2], recorded [1,3]"] });
});

test("numbers that are not finite agree with themselves", () => {
  const { NaN: none, POSITIVE_INFINITY: most, NEGATIVE_INFINITY: least } = Number;
  expect(of([none, most, least], [none, most, least])).toEqual({ cases: 1, worstError: 0, failed: [] });
  expect(of([most], [least]).failed.length).toBe(1);
});
