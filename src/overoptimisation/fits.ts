/**
 * The forms of Gao et al. (2022) fitted to a measured curve of gold reward over d = √KL: d(α − βd) for best-of-n and d(α − β log d)
 * for reinforcement learning, by least squares. Both are linear in α and β, so the fit is exact and says by R² what it is worth.
 */

import { aNumber, checkArguments, numbers, oneOf } from "../arguments/checks.ts";
import { AscentError } from "../errors.ts";
import { exp, log } from "../math/deterministic.ts";

export type GoldForm = "bestOfN" | "reinforcementLearning";

export interface GoldFit {
  readonly alpha: number;
  readonly beta: number;
  /** 1 − residual over total sum of squares; NaN where the gold reward does not vary. */
  readonly r2: number;
  /** √KL at the top of the fitted form: α / 2β, or exp(α/β − 1); ∞ where it does not fall (β ≤ 0). */
  readonly peak: number;
}

const form = oneOf(["bestOfN", "reinforcementLearning"]);
const fittedChecks = { alpha: aNumber, beta: aNumber, form, d: aNumber };
const checks = { distances: numbers, gold: numbers, form };

/**
 * Points at d = 0, where both forms are 0 whatever α and β, do not count.
 *
 * @param distances d = √KL(π ‖ π_ref), in √nats, ≥ 0 [points]
 * @param gold the gold reward there, less that of π_ref [points]
 * @throws AscentError "shape" for arrays that do not fit, "option" when fewer than two points have different d > 0.
 */
export function fitGold(distances: ArrayLike<number>, gold: ArrayLike<number>, form: GoldForm): GoldFit {
  checkArguments("fitGold", checks, { distances, gold, form });
  const points = Array.from(distances, (d, i) => ({ d, gold: gold[i] })).filter(({ d }) => d > 0);
  requirePoints(points, distances.length, gold.length);
  const falling = ({ d }: { d: number }) => -d * (form === "bestOfN" ? d : log(d));

  // The normal equations of gold ≈ α d + β falling(d).
  let [dd, df, ff, dy, fy] = [0, 0, 0, 0, 0];
  for (const point of points) {
    const f = falling(point);
    dd += point.d * point.d;
    df += point.d * f;
    ff += f * f;
    dy += point.d * point.gold;
    fy += f * point.gold;
  }
  const determinant = dd * ff - df * df;
  const alpha = (dy * ff - fy * df) / determinant;
  const beta = (fy * dd - dy * df) / determinant;

  const mean = points.reduce((sum, point) => sum + point.gold, 0) / points.length;
  let [residual, total] = [0, 0];
  for (const point of points) {
    residual += (point.gold - alpha * point.d - beta * falling(point)) ** 2;
    total += (point.gold - mean) ** 2;
  }
  const r2 = total > 0 ? 1 - residual / total : Number.NaN;
  if (!(beta > 0)) return { alpha, beta, r2, peak: Infinity };
  return { alpha, beta, r2, peak: form === "bestOfN" ? alpha / (2 * beta) : exp(alpha / beta - 1) };
}

/** The fitted gold reward at d, 0 at d = 0. @throws AscentError "option" for arguments of another kind. */
export function fittedGold(fit: Pick<GoldFit, "alpha" | "beta">, form: GoldForm, d: number): number {
  const { alpha, beta } = fit ?? {};
  checkArguments("fittedGold", fittedChecks, { alpha, beta, form, d });
  if (d <= 0) return 0;
  return d * (alpha - beta * (form === "bestOfN" ? d : log(d)));
}

function requirePoints(points: readonly { d: number; gold: number }[], distances: number, gold: number): void {
  if (gold !== distances) {
    throw new AscentError("shape", {
      what: "fitGold: every distance needs its gold reward",
      got: `${distances} distances and ${gold} rewards`,
      expected: "as many of both",
      fix: "Give both for each point.",
    });
  }
  if (new Set(points.map(({ d }) => d)).size >= 2 && points.every((point) => Number.isFinite(point.gold))) return;
  throw new AscentError("option", {
    what: "fitGold: two numbers cannot be fitted to so few points",
    got: `${points.length} of ${distances} points with a distance above 0`,
    expected: "finite rewards at two different distances above 0",
    fix: "Measure at more distances.",
  });
}
