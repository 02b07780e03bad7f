/** A curve over seeds as plain numbers for a picture: gold and proxy over √KL, with 95 % intervals over the seeds. */
import { type GoldCurve, type GoldForm, goldCurve, type PressurePoint } from "ascent-rl/overoptimisation";

export interface Interval {
  value: number;
  low: number;
  high: number;
}

export interface SeedCurve {
  /** Seeds it is the mean of. */
  seeds: number;
  /** √KL(π ‖ π_ref), the seeds' mean [points]. */
  distance: Float64Array;
  gold: { mean: Float64Array; low: Float64Array; high: Float64Array };
  proxy: { mean: Float64Array; low: Float64Array; high: Float64Array };
  /** The number of the point where the mean gold is highest. */
  peak: number;
  /** √KL at the seeds' own peaks. */
  peakDistance: Interval;
  /** Gold at the peak less gold at the beginning, in pairs of seeds, and less gold at the end. */
  rise: Interval;
  fall: Interval;
  /** α, β and R² of Gao's form; undefined where it cannot be fitted. */
  fit: { alpha: number; beta: number; r2: number } | undefined;
}

const interval = ({ value, low, high }: Interval): Interval => ({ value, low, high });

export function seedCurve(paths: readonly (readonly PressurePoint[])[], form: GoldForm): SeedCurve {
  const { points, peak, peakDistance, rise, fall, fit }: GoldCurve = goldCurve(paths, form);
  const band = (of: "gold" | "proxy") => ({
    mean: Float64Array.from(points, (point) => point[of].value),
    low: Float64Array.from(points, (point) => point[of].low),
    high: Float64Array.from(points, (point) => point[of].high),
  });
  return {
    seeds: paths.length,
    distance: Float64Array.from(points, (point) => point.distance.value),
    gold: band("gold"),
    proxy: band("proxy"),
    peak,
    peakDistance: interval(peakDistance),
    rise: interval(rise),
    fall: interval(fall),
    fit: fit && { alpha: fit.alpha, beta: fit.beta, r2: fit.r2 },
  };
}
