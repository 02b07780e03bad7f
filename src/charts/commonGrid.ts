/**
 * Curves of several seeds at common positions, so that they can be averaged. Runs report at steps of their own and end at
 * different ones (whole episodes, early stopping): a mean over whichever happen to be there would jump where one drops out.
 */

import { checkArguments, finiteNumber, isNumbers, listOf, wholeNumber } from "../arguments/checks.ts";
/** One run: growing positions and a value at each. */
export interface Curve {
  x: ArrayLike<number>;
  y: ArrayLike<number>;
}

export interface CurvesOnGrid {
  /** Growing positions, the last one at `end`. */
  x: number[];
  /** values[i]: one for each curve at x[i]. */
  values: number[][];
}

const curve = {
  expected: "a curve",
  fits: (value: unknown) => isNumbers((value as Curve | null)?.x) && isNumbers((value as Curve | null)?.y),
};
const curvesCheck = listOf(curve, "a list of curves, each with arrays x and y");

/**
 * Each curve, joined by straight lines, at common positions up to `end`. They begin where every curve has a value; behind
 * its last value a curve keeps it, since a run that has ended keeps its policy. Points that are not finite are passed over.
 *
 * @param count of positions.
 * @returns no positions at all where a curve has no value.
 */
export function onCommonGrid(curves: readonly Curve[], end: number, count = 200): CurvesOnGrid {
  checkArguments(
    "onCommonGrid",
    { curves: curvesCheck, end: finiteNumber, count: wholeNumber(1) },
    { curves, end, count },
  );
  const finite = curves.map(({ x, y }) =>
    Array.from({ length: x.length }, (_, i) => [x[i], y[i]] as const).filter(([, value]) => Number.isFinite(value)),
  );
  if (finite.length === 0 || finite.some((points) => points.length === 0)) return { x: [], values: [] };
  const begin = Math.min(end, Math.max(...finite.map(([[first]]) => first)));
  const steps = begin < end ? Math.max(2, count) : 1;
  const x = Array.from({ length: steps }, (_, i) =>
    i === steps - 1 ? end : begin + ((end - begin) * i) / (steps - 1),
  );
  const columns = finite.map((points) => interpolated(points, x));
  return { x, values: x.map((_, i) => columns.map((column) => column[i])) };
}

function interpolated(points: readonly (readonly [x: number, y: number])[], grid: readonly number[]): number[] {
  let k = 0;
  return grid.map((at) => {
    while (k + 1 < points.length && points[k + 1][0] <= at) k++;
    const [x, y] = points[k];
    const next = points[k + 1];
    if (next === undefined || at <= x) return y;
    return y + ((next[1] - y) * (at - x)) / (next[0] - x);
  });
}
