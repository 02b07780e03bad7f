/**
 * Conjugate gradients (Hestenes & Stiefel 1952) with every iterate kept, in float64, on a matrix that is there: to look at.
 * What training uses asks for products alone and keeps nothing (numerics/conjugateGradient.ts).
 */

import {
  checkArguments,
  checkOptions,
  notNegativeNumber,
  numbers,
  type OptionChecks,
  optional,
} from "../arguments/checks.ts";
import { count } from "./argumentChecks.ts";
import { dot, matrixVector, requireLength } from "./linearAlgebra.ts";

export interface ConjugateGradientPath {
  /** x_0 = 0, x_1, …: where each iteration got to. */
  readonly iterates: readonly Float64Array[];
  /** ‖b − A x_k‖ / ‖b‖ of each, as the recursion has it. */
  readonly residuals: readonly number[];
}

export interface ConjugateGradientPathOptions {
  /** Most iterations. Default: the length of b, after which the solution is exact but for rounding. */
  iterations?: number;
  /** Stop when ‖b − A x‖² ≤ tolerance · ‖b‖². Default 1e-10, as in training. */
  tolerance?: number;
}

const pathOptions: OptionChecks<ConjugateGradientPathOptions> = {
  iterations: optional(count),
  tolerance: optional(notNegativeNumber),
};

/** @param matrix A [n × n], symmetric, positive semi-definite. @param right b [n] */
export function conjugateGradientPath(
  matrix: ArrayLike<number>,
  right: ArrayLike<number>,
  options: ConjugateGradientPathOptions = {},
): ConjugateGradientPath {
  checkArguments("conjugateGradientPath", { matrix: numbers, right: numbers }, { matrix, right });
  checkOptions("conjugateGradientPath", pathOptions, options);
  const { iterations = right.length, tolerance = 1e-10 } = options;
  requireLength("conjugateGradientPath: the matrix", matrix, right.length * right.length);
  let x = new Float64Array(right.length);
  let residual = Float64Array.from(right);
  let direction = residual;
  let squared = dot(residual, residual);
  const start = squared;
  const iterates = [x];
  const residuals = [start > 0 ? 1 : 0];
  while (iterates.length <= iterations && squared > tolerance * start) {
    const product = matrixVector(matrix, direction);
    const curvature = dot(direction, product);
    // A direction of no curvature (a singular matrix) cannot be followed any further.
    if (!(curvature > 0)) break;
    const step = squared / curvature;
    x = x.map((value, i) => value + step * direction[i]);
    residual = residual.map((value, i) => value - step * product[i]);
    const next = dot(residual, residual);
    direction = residual.map((value, i) => value + (next / squared) * direction[i]);
    squared = next;
    iterates.push(x);
    residuals.push(Math.sqrt(squared / start));
  }
  return { iterates, residuals };
}
