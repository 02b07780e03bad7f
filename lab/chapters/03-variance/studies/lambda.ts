/**
 * What λ buys: bias and variance of GAE in closed form for λ from 0 to 1, and the same measured at a few of them. The square of an
 * estimate's error is the sum of both: E‖ĝ − ∇J‖² = ‖E ĝ − ∇J‖² + tr Cov(ĝ).
 */

import type { Estimate } from "ascent-rl/estimators";
import { exactWorld, parseEstimator, tabularSource, varianceStudy } from "ascent-rl/variance";

export interface LambdaInput {
  world: string;
  trajectories: number;
  /** Episodes that V is fitted on: few of them make V bad, and a small λ dear. */
  fitEpisodes: number;
  batches: number;
  seed: number;
}

export interface LambdaOutput {
  /** From 0 to 1. */
  lambdas: Float64Array;
  /** In shares of ‖∇J‖²: ‖E ĝ − ∇J‖², tr Cov, and their sum. */
  squaredBias: Float64Array;
  variance: Float64Array;
  error: Float64Array;
  /** The λ of the least error. */
  best: number;
  batches: number;
  /** Measured, in the same shares. */
  measured: { lambda: number; squaredBias: Estimate; variance: Estimate }[];
}

const POINTS = 41;
export const MEASURED = [0, 0.3, 0.6, 0.8, 0.9, 0.95, 1] as const;

export function* study(input: LambdaInput): Generator<LambdaOutput, void> {
  const { world, trajectories, fitEpisodes, batches, seed } = input;
  const mdp = exactWorld(world)!;
  const sourceOf = () => tabularSource(world, mdp, { trajectories, seed, fitEpisodes });
  const source = sourceOf();
  const square = source.exact!.reduce((sum, value) => sum + value * value, 0);
  const lambdas = Float64Array.from({ length: POINTS }, (_, i) => i / (POINTS - 1));
  const gae = parseEstimator("gae");
  const squaredBias = new Float64Array(POINTS);
  const variance = new Float64Array(POINTS);
  lambdas.forEach((gaeLambda, i) => {
    const { mean, traceOfCovariance } = source.moments!({ ...gae, gaeLambda }, "exact")!;
    mean.forEach((value, j) => {
      squaredBias[i] += (value - source.exact![j]) ** 2 / square;
    });
    variance[i] = traceOfCovariance / square;
  });
  const error = variance.map((value, i) => value + squaredBias[i]);
  const best = lambdas[error.indexOf(Math.min(...error))];
  const known = { lambdas, squaredBias, variance, error, best };
  yield { ...known, batches: 0, measured: [] };
  const estimators = MEASURED.map((lambda) => parseEstimator(`gae:${lambda}`));
  for (let count = Math.min(64, batches); ; count = Math.min(count * 4, batches)) {
    const { estimators: found } = varianceStudy(sourceOf(), { estimators, batches: count });
    const measured = found.map(({ bias, traceOfCovariance }, e) => ({
      lambda: MEASURED[e],
      squaredBias: scaled(bias!, (value) => value * value),
      variance: scaled(traceOfCovariance, (value) => value / square),
    }));
    yield { ...known, batches: count, measured };
    if (count >= batches) return;
  }
}

function scaled({ value, low, high }: Estimate, f: (x: number) => number): Estimate {
  return { value: f(value), low: f(low), high: f(high) };
}
