/** Mean and spread of lists that a sum of their squares, or of themselves, would not bear. */

import { expect, test } from "vitest";
import { summarise } from "../../src/estimators/returnSummary.ts";
import { spreadOf } from "../../src/estimators/spread.ts";

const of = (values: readonly number[]) => spreadOf(values.length, (i) => values[i]);

test("mean and Σ (x − mean)²", () => {
  expect(of([1, 2, 6])).toEqual({ mean: 3, squares: 14 });
  expect(of([-4])).toEqual({ mean: -4, squares: 0 });
});

test("far from 0 they are those near 0, moved", () => {
  const near = of([0.25, 0.5, -1.75, 0]);
  for (const offset of [1e6, -1e9, 1e15]) {
    const { mean, squares } = of([0.25, 0.5, -1.75, 0].map((x) => offset + x));
    if (Math.abs(offset) < 1e15) expect(squares).toBe(near.squares);
    expect(Math.abs(mean - offset - near.mean)).toBeLessThanOrEqual(Math.abs(offset) * 2 ** -53);
  }
});

test("equal numbers have no spread, although their mean rounds when it is a sum divided", () => {
  for (let n = 1; n < 100; n++) {
    const equal = new Array<number>(n).fill(Math.sqrt(n) / 3);
    expect(of(equal)).toEqual({ mean: equal[0], squares: 0 });
    expect(summarise(equal)).toMatchObject({ mean: equal[0], sd: 0 });
  }
});
