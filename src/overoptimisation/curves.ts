/** Paths of several seeds as one curve: means and intervals point by point, the fitted form, the peak and the fall behind it. */

import { checkArguments, having, listOf, oneOf } from "../arguments/checks.ts";
import { AscentError } from "../errors.ts";
import { type MeanInterval, meanInterval, pairedDifference } from "../numerics/meanInterval.ts";
import { fitGold, type GoldFit, type GoldForm } from "./fits.ts";
import type { PressurePoint } from "./pressure.ts";

export interface CurvePoint {
  readonly distance: MeanInterval;
  readonly proxy: MeanInterval;
  readonly gold: MeanInterval;
}

export interface GoldCurve {
  readonly points: readonly CurvePoint[];
  /** Of the means; undefined where they cannot be fitted. */
  readonly fit?: GoldFit;
  /** The number of the point where the mean gold is highest. */
  readonly peak: number;
  /** √KL at which each seed's own path is highest: mean and interval. */
  readonly peakDistance: MeanInterval;
  /** Gold at the peak less gold at the beginning, in pairs of seeds. */
  readonly rise: MeanInterval;
  /** Gold at the peak less gold at the end, in pairs of seeds. */
  readonly fall: MeanInterval;
  /** Whether it both rises and falls by more than chance between seeds. */
  readonly overOptimised: boolean;
}

const path = listOf(having("a point", "distance", "proxy", "gold"), "a list of points");
const checks = {
  paths: listOf(path, "a list of paths, each a list of points"),
  form: oneOf(["bestOfN", "reinforcementLearning"]),
};

/**
 * @param paths of the seeds, with as many points each.
 * @param form of the fit.
 * @throws AscentError "option" for no paths, or paths of different lengths.
 */
export function goldCurve(paths: readonly (readonly PressurePoint[])[], form: GoldForm): GoldCurve {
  checkArguments("goldCurve", checks, { paths, form });
  requireAlike(paths);
  const count = paths[0]?.length ?? 0;
  const at = (k: number, field: keyof PressurePoint) => paths.map((path) => path[k][field]);
  const points = Array.from({ length: count }, (_, k) => ({
    distance: meanInterval(at(k, "distance")),
    proxy: meanInterval(at(k, "proxy")),
    gold: meanInterval(at(k, "gold")),
  }));
  const means = points.map(({ gold }) => gold.value);
  const peak = means.indexOf(Math.max(...means));
  const distances = points.map(({ distance }) => distance.value);
  const highest = paths.map((path) => path.reduce((best, point) => (point.gold > best.gold ? point : best), path[0]));
  const rise = pairedDifference(at(peak, "gold"), at(0, "gold"));
  const fall = pairedDifference(at(peak, "gold"), at(count - 1, "gold"));
  return {
    points,
    ...(new Set(distances.filter((d) => d > 0)).size >= 2 && {
      fit: fitGold(
        distances,
        means.map((gold) => gold - means[0]),
        form,
      ),
    }),
    peak,
    peakDistance: meanInterval(highest.map(({ distance }) => distance)),
    rise,
    fall,
    overOptimised: rise.low > 0 && fall.low > 0,
  };
}

function requireAlike(paths: readonly (readonly PressurePoint[])[]): void {
  const lengths = paths.map((points) => points.length);
  if (paths.length > 0 && lengths.every((length) => length > 0 && length === lengths[0])) return;
  throw new AscentError("option", {
    what: "goldCurve: the seeds' paths make no curve",
    got: paths.length === 0 ? "no path" : `paths of ${lengths.join(", ")} points`,
    expected: "as many points of each seed, at least one",
    fix: "Look at each seed's policy as often.",
  });
}
