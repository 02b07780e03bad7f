/**
 * The library's variance study on an exact world, over more and more batches: bias, tr Cov and cosine of every estimator asked
 * for, by the number of trajectories, beside bias and tr Cov in closed form where there is one.
 */

import {
  type EstimatorChoice,
  exactWorld,
  type GradientSource,
  parseEstimator,
  tabularSource,
  type VarianceFindings,
  varianceStudy,
} from "ascent-rl/variance";

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
const FIRST = 8;

export function* study(input: EstimatorsInput): Generator<EstimatorsOutput, void> {
  const { world, estimators: names, discounting, trajectories, batches, seed } = input;
  const mdp = exactWorld(world)!;
  const estimators = names.map((name) => parseEstimator(name));
  let exact: EstimatorsOutput["exact"] | undefined;
  for (let count = Math.min(FIRST, batches); ; count = Math.min(count * 4, batches)) {
    // From the beginning each time, so that the numbers are those of `ascent variance --batches COUNT`.
    const source = tabularSource(world, mdp, { trajectories, seed });
    const findings = varianceStudy(source, { estimators, batches: count, discounting });
    const sizes = findings.estimators[0].byTrajectories.map((row) => row.trajectories);
    // Closed forms take longer than a first look.
    yield { findings, exact: exact ?? estimators.map(() => undefined) };
    if (exact === undefined) {
      exact = estimators.map((choice) => exactBySize(source, choice, discounting, sizes));
      yield { findings, exact };
    }
    if (count >= batches) return;
  }
}

function exactBySize(
  source: GradientSource,
  choice: EstimatorChoice,
  discounting: EstimatorsInput["discounting"],
  sizes: readonly number[],
): ExactAtSize[] | undefined {
  const at = (trajectories: number): ExactAtSize | undefined => {
    const moments = source.moments!(choice, discounting, trajectories);
    if (moments === undefined) return undefined;
    const norm = Math.hypot(...source.exact!);
    const bias = Math.hypot(...moments.mean.map((value, j) => value - source.exact![j])) / norm;
    return { trajectories, bias, traceOfCovariance: moments.traceOfCovariance };
  };
  const one = at(1);
  if (one === undefined) return undefined;
  if (choice.usesBatch) return sizes.map((n) => at(n)!);
  // Independent trajectories: n of them have an n-th of the variance.
  return sizes.map((n) => ({ ...one, trajectories: n, traceOfCovariance: one.traceOfCovariance / n }));
}
