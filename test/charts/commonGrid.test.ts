/** Curves of several seeds at common positions: nothing drops out of a mean on the way. */
import { expect, test } from "vitest";
import { onCommonGrid } from "../../src/charts/commonGrid.ts";

test("straight lines between the points, exactly", () => {
  const { x, values } = onCommonGrid(
    [
      { x: [0, 10], y: [0, 100] },
      { x: [2, 6, 10], y: [4, 0, 8] },
    ],
    10,
    5,
  );
  expect(x).toEqual([2, 4, 6, 8, 10]);
  expect(values).toEqual([
    [20, 4],
    [40, 2],
    [60, 0],
    [80, 4],
    [100, 8],
  ]);
});

test("a run that ends early keeps its last value, so that the mean has every seed up to the end", () => {
  const { x, values } = onCommonGrid(
    [
      { x: [0, 4], y: [0, 4] },
      { x: [0, 8], y: [0, 16] },
    ],
    8,
    3,
  );
  expect(x).toEqual([0, 4, 8]);
  expect(values).toEqual([
    [0, 0],
    [4, 8],
    [4, 16],
  ]);
});

test("it begins where every curve has a value; points without one are passed over", () => {
  const late = { x: [1, 3, 5, 7], y: [Number.NaN, 30, Number.NaN, 70] };
  const { x, values } = onCommonGrid([late, { x: [0, 7], y: [0, 7] }], 7, 3);
  expect(x).toEqual([3, 5, 7]);
  expect(values.map(([first]) => first)).toEqual([30, 50, 70]);
});

test("no curve, a curve without values, and one that begins at the end", () => {
  expect(onCommonGrid([], 5)).toEqual({ x: [], values: [] });
  expect(onCommonGrid([{ x: [1], y: [Number.NaN] }], 5)).toEqual({ x: [], values: [] });
  expect(onCommonGrid([{ x: [5], y: [2] }], 5)).toEqual({ x: [5], values: [[2]] });
});

test("it ends at the end asked for, before or behind what a curve has", () => {
  const curve = { x: [0, 10], y: [0, 100] };
  expect(onCommonGrid([curve], 5, 3)).toEqual({ x: [0, 2.5, 5], values: [[0], [25], [50]] });
  expect(onCommonGrid([curve], 5, 1)).toEqual({ x: [0, 5], values: [[0], [50]] });
  expect(onCommonGrid([{ x: [7, 10], y: [3, 4] }], 5)).toEqual({ x: [5], values: [[3]] });
  expect(onCommonGrid([curve], 20).x).toHaveLength(200);
  expect(onCommonGrid([curve, { x: [], y: [] }], 5)).toEqual({ x: [], values: [] });
});
