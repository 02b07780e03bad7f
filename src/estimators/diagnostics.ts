/**
 * How good a gradient estimator is (docs/theory.md, 12): total variance tr Cov(ĝ), signal-to-noise ‖E ĝ‖²/tr Cov(ĝ), and the
 * cosine of an estimate to the exact gradient, from M independent estimates, each with a 95 % interval by the jackknife:
 * deterministic, and O(M × parameters).
 */

import {
  checkArgument,
  checkOptions,
  listOf,
  numbers,
  type OptionChecks,
  optional,
  wholeNumber,
} from "../arguments/checks.ts";
import { AscentError } from "../errors.ts";
import { exp, log } from "../math/deterministic.ts";
import { type Estimate, jackknife } from "../numerics/jackknife.ts";

export interface GradientDiagnostics {
  /** M */
  readonly samples: number;
  /** [parameters] */
  readonly mean: Float64Array;
  /** Σ_j Var ĝ_j, unbiased; interval on the logarithmic scale. */
  readonly traceOfCovariance: Estimate;
  /**
   * ‖E ĝ‖² / tr Cov, with the mean's own noise tr Cov / M taken off ‖mean‖²; so it may come out below 0. Of
   * estimates that do not vary it is infinite, and NaN where they are all 0.
   */
  readonly signalToNoise: Estimate;
  /** E cos(ĝ, ∇J): how well a single estimate points; only with `exact`. */
  readonly cosine?: Estimate;
}

export interface DiagnosticsOptions {
  /** ∇J [parameters], where it is known. */
  exact?: ArrayLike<number>;
}

const diagnosticsOptions: OptionChecks<DiagnosticsOptions> = { exact: optional(numbers) };

/**
 * @param gradients M independent estimates [M × parameters].
 * @throws AscentError "shape" for fewer than 4 of them or lengths that do not fit.
 */
export function gradientDiagnostics(
  gradients: ArrayLike<number>,
  parameters: number,
  options: DiagnosticsOptions = {},
): GradientDiagnostics {
  checkArgument("gradientDiagnostics: gradients", numbers, gradients);
  checkArgument("gradientDiagnostics: parameters", wholeNumber(1), parameters);
  checkOptions("gradientDiagnostics", diagnosticsOptions, options);
  const { exact } = options;
  const count = gradients.length / parameters;
  if (!Number.isInteger(count) || count < 4 || (exact !== undefined && exact.length !== parameters)) {
    throw new AscentError("shape", {
      what: "gradientDiagnostics: not enough estimates, or of the wrong length",
      got: `${gradients.length} numbers`,
      expected: `at least 4 rows of ${parameters}`,
      fix: "Give more independent estimates, one row each, and an exact gradient of as many parameters.",
    });
  }
  const mean = new Float64Array(parameters);
  // Distances from the first estimate: where all are equal, their mean is theirs and the spread is 0 exactly.
  for (let i = 1; i < count; i++) {
    for (let j = 0; j < parameters; j++) mean[j] += gradients[i * parameters + j] - gradients[j];
  }
  for (let j = 0; j < parameters; j++) mean[j] = gradients[j] + mean[j] / count;
  const meanSquare = mean.reduce((sum, value) => sum + value * value, 0);

  // Of each centred estimate c = ĝ − mean: ‖c‖², ⟨c, mean⟩ and the cosine of ĝ. All leave-one-out values follow from these.
  const spread = new Float64Array(count);
  const along = new Float64Array(count);
  const cosines = new Float64Array(count);
  const exactNorm = exact === undefined ? 0 : Math.sqrt(squareNorm(exact, 0, parameters));
  for (let i = 0; i < count; i++) {
    let product = 0;
    for (let j = 0; j < parameters; j++) {
      const value = gradients[i * parameters + j];
      const centred = value - mean[j];
      spread[i] += centred * centred;
      along[i] += centred * mean[j];
      if (exact !== undefined) product += value * exact[j];
    }
    const norm = Math.sqrt(squareNorm(gradients, i * parameters, parameters)) * exactNorm;
    cosines[i] = norm > 0 ? product / norm : 0;
  }
  const totalSpread = spread.reduce((a, b) => a + b, 0);

  const trace = totalSpread / (count - 1);
  const traceWithout = (i: number) => (totalSpread - (spread[i] * count) / (count - 1)) / (count - 2);
  const ratio = (square: number, variance: number, n: number) => (square - variance / n) / variance;
  const squareWithout = (i: number) =>
    meanSquare - (2 * along[i]) / (count - 1) + spread[i] / ((count - 1) * (count - 1));
  const logTrace = jackknife(log(trace), count, (i) => log(traceWithout(i)));
  const meanCosine = cosines.reduce((a, b) => a + b, 0) / count;
  return {
    samples: count,
    mean,
    traceOfCovariance: trace > 0 ? mapEstimate(logTrace, exp, trace) : certain(0),
    signalToNoise:
      trace > 0
        ? jackknife(ratio(meanSquare, trace, count), count, (i) => ratio(squareWithout(i), traceWithout(i), count - 1))
        : certain(meanSquare / 0),
    cosine:
      exact === undefined
        ? undefined
        : jackknife(meanCosine, count, (i) => (meanCosine * count - cosines[i]) / (count - 1)),
  };
}

/**
 * The same against the number of trajectories: the N trajectory gradients are averaged in disjoint groups of each size n, which
 * are the independent estimates. For estimators whose trajectories do not depend on each other (no batch baselines).
 *
 * @param trajectoryGradients [N × parameters], from `trajectoryGradients`
 * @param sizes each at most N / 4
 */
export function diagnosticsByBatchSize(
  trajectoryGradients: ArrayLike<number>,
  parameters: number,
  sizes: readonly number[],
  options: DiagnosticsOptions = {},
): { trajectories: number; diagnostics: GradientDiagnostics }[] {
  checkArgument("diagnosticsByBatchSize: gradients", numbers, trajectoryGradients);
  checkArgument("diagnosticsByBatchSize: parameters", wholeNumber(1), parameters);
  checkArgument("diagnosticsByBatchSize: sizes", listOf(wholeNumber(1), "a list of whole numbers ≥ 1"), sizes);
  const count = trajectoryGradients.length / parameters;
  return sizes.map((size) => {
    const groups = Math.floor(count / size);
    const means = new Float64Array(groups * parameters);
    for (let i = 0; i < groups * size; i++) {
      const row = Math.floor(i / size) * parameters;
      for (let j = 0; j < parameters; j++) means[row + j] += trajectoryGradients[i * parameters + j] / size;
    }
    return { trajectories: size, diagnostics: gradientDiagnostics(means, parameters, options) };
  });
}

/** A number without an interval around it. */
function certain(value: number): Estimate {
  return { value, low: value, high: value };
}

function mapEstimate({ low, high }: Estimate, f: (x: number) => number, value: number): Estimate {
  return { value, low: f(low), high: f(high) };
}

function squareNorm(values: ArrayLike<number>, offset: number, count: number): number {
  let sum = 0;
  for (let j = 0; j < count; j++) sum += values[offset + j] * values[offset + j];
  return sum;
}
