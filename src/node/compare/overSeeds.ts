/** Runs of several seeds as one curve with a band, for pictures. */
import { type Curve, onCommonGrid, type Series } from "../../charts/index.ts";
import type { Estimate } from "../../numerics/jackknife.ts";

/** Positions along a run where the mean is taken. */
const POSITIONS = 150;

/**
 * Runs report at steps of their own: all are brought to the same positions first, up to `end`.
 *
 * @param summarise gives the mean over seeds and its interval at each position; there is no band where that is NaN.
 */
export function seriesOverSeeds(
  curves: readonly Curve[],
  end: number,
  summarise: (values: readonly number[]) => Estimate,
): Omit<Series, "name"> {
  const { x, values } = onCommonGrid(curves, end, POSITIONS);
  const points = values.map(summarise);
  const y = points.map(({ value }) => value);
  if (!points.some(({ low, high }) => Number.isFinite(low + high))) return { x, y };
  return { x, y, low: points.map(({ low }) => low), high: points.map(({ high }) => high) };
}
