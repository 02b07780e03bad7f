/**
 * The library's variance study on an exact world, over more and more batches: bias, tr Cov and cosine of every estimator asked
 * for, by the number of trajectories, beside bias and tr Cov in closed form where there is one.
 */

import { exactWorld, parseEstimator, tabularSource, type VarianceFindings, varianceStudy } from "ascent-rl/variance";

export interface EstimatorsInput {
  /** A name of `exactWorld`. */
  world: string;
  /** Names of `parseEstimator`. */
  estimators: readonly string[];
  discounting: "standard" | "exact";
  /** N of the largest batches; the others are halves, quarters and eighths. */
  trajectories: number;
  batches: number;
  seed: number;
}

/** What is known in closed form at one number of trajectories. */
export interface ExactAtSize {
  trajectories: number;
  /** ‖E ĝ − ∇J‖ / ‖∇J‖ */
  bias: number;
  traceOfCovariance: number;
}

export interface EstimatorsOutput {
  findings: VarianceFindings;
  /** For each estimator, by the number of trajectories; undefined of those without a closed form. */
  exact: (ExactAtSize[] | undefined)[];
}

/** Batches of the first look; each look has four times as many as the one before. */
const FIRST = 32;

export function* study(input: EstimatorsInput): Generator<EstimatorsOutput, void> {
  const { world, estimators: names, discounting, trajectories, batches, seed } = input;
  const mdp = exactWorld(world)!;
  const estimators = names.map((name) => parseEstimator(name));
  for (let count = Math.min(FIRST, batches); ; count = Math.min(count * 4, batches)) {
    // From the beginning each time, so that the numbers are those of `ascent variance --batches COUNT`.
    const source = tabularSource(world, mdp, { trajectories, seed });
    const findings = varianceStudy(source, { estimators, batches: count, discounting });
    const exact = findings.estimators.map(({ byTrajectories }, e) => {
      const rows = byTrajectories.map(({ trajectories: n }) => {
        const moments = source.moments!(estimators[e], discounting, n);
        if (moments === undefined) return undefined;
        const bias = Math.hypot(...moments.mean.map((value, j) => value - source.exact![j])) / findings.gradientNorm!;
        return { trajectories: n, bias, traceOfCovariance: moments.traceOfCovariance };
      });
      return rows.every((row) => row !== undefined) ? rows : undefined;
    });
    yield { findings, exact };
    if (count >= batches) return;
  }
}
