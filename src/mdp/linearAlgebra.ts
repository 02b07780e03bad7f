/**
 * The little dense linear algebra that exact answers need, in float64 and row-major: LU with partial pivoting, solving, and
 * products. For matrices of up to a few hundred rows; the tensor engine does the large float32 work.
 */

import { checkArgument, checkArguments, having, numbers, optional, text } from "../arguments/checks.ts";
import { AscentError } from "../errors.ts";
import { count } from "./argumentChecks.ts";

/** PA = LU, packed: U on and above the diagonal, L (unit diagonal) below it. */
export interface LuFactors {
  readonly size: number;
  /** [size × size] */
  readonly factors: Float64Array;
  /** Row of A that became row i. [size] */
  readonly pivots: Int32Array;
}

const luCheck = { ...having("LU factors", "size", "factors", "pivots"), fix: "Give what luFactors gives." };
const DEPENDENT = "Leave out rows or columns that depend on others.";

/**
 * LU factors of a square matrix [size × size], which is left as it is.
 *
 * @param fix what whoever made the matrix can do when it is singular: a full sentence.
 * @throws AscentError "shape" for a wrong length, "non-finite" when the matrix is singular or holds NaN or an infinity.
 */
export function luFactors(matrix: ArrayLike<number>, size: number, fix = DEPENDENT): LuFactors {
  checkArguments("luFactors", { matrix: numbers, size: count, fix: text }, { matrix, size, fix });
  requireLength("luFactors: the matrix", matrix, size * size);
  const factors = Float64Array.from(matrix);
  const pivots = Int32Array.from({ length: size }, (_, i) => i);
  for (let k = 0; k < size; k++) {
    let best = k;
    for (let i = k + 1; i < size; i++) {
      if (Math.abs(factors[i * size + k]) > Math.abs(factors[best * size + k])) best = i;
    }
    const pivot = factors[best * size + k];
    if (!Number.isFinite(pivot) || pivot === 0) {
      throw new AscentError("non-finite", {
        what: "The linear system has no single solution",
        got: `pivot ${pivot} in column ${k} of ${size}`,
        expected: "a regular matrix of finite numbers",
        fix,
      });
    }
    if (best !== k) swapRows(factors, pivots, size, k, best);
    for (let i = k + 1; i < size; i++) {
      const factor = factors[i * size + k] / pivot;
      factors[i * size + k] = factor;
      for (let j = k + 1; j < size; j++) factors[i * size + j] -= factor * factors[k * size + j];
    }
  }
  return { size, factors, pivots };
}

/** x of A x = right [size], from the factors of A. */
export function luSolve(lu: LuFactors, right: ArrayLike<number>): Float64Array {
  checkArgument("luSolve: factors", luCheck, lu);
  const { size, factors, pivots } = lu;
  requireLength("luSolve: the right-hand side", right, size);
  const x = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    let sum = right[pivots[i]];
    for (let j = 0; j < i; j++) sum -= factors[i * size + j] * x[j];
    x[i] = sum;
  }
  for (let i = size - 1; i >= 0; i--) {
    let sum = x[i];
    for (let j = i + 1; j < size; j++) sum -= factors[i * size + j] * x[j];
    x[i] = sum / factors[i * size + i];
  }
  return x;
}

/**
 * x of A x = right, with one step of iterative refinement; A is [n × n], n the length of `right`.
 *
 * @param fix as in `luFactors`.
 */
export function solve(matrix: ArrayLike<number>, right: ArrayLike<number>, fix?: string): Float64Array {
  checkArguments("solve", { matrix: numbers, right: numbers, fix: optional(text) }, { matrix, right, fix });
  const size = right.length;
  const factors = luFactors(matrix, size, fix);
  const x = luSolve(factors, right);
  const residual = matrixVector(matrix, x).map((value, i) => right[i] - value);
  const correction = luSolve(factors, residual);
  return x.map((value, i) => value + correction[i]);
}

/** A x; A is [rows × columns], columns the length of x. */
export function matrixVector(matrix: ArrayLike<number>, x: ArrayLike<number>): Float64Array {
  checkArgument("matrixVector: matrix", numbers, matrix);
  checkArgument("matrixVector: x", numbers, x);
  if (x.length === 0 || matrix.length === 0 || matrix.length % x.length !== 0) {
    throw new AscentError("shape", {
      what: "matrixVector: the vector does not fit the matrix",
      got: `${matrix.length} numbers and a vector of ${x.length}`,
      expected: "a matrix [rows × length of the vector]",
      fix: "Make it for the same states, actions and parameters as the rest.",
    });
  }
  const columns = x.length;
  const out = new Float64Array(matrix.length / columns);
  for (let i = 0; i < out.length; i++) {
    let sum = 0;
    for (let j = 0; j < columns; j++) sum += matrix[i * columns + j] * x[j];
    out[i] = sum;
  }
  return out;
}

/** A B of [rows × inner] and [inner × columns]. */
export function matrixProduct(a: ArrayLike<number>, b: ArrayLike<number>, inner: number): Float64Array {
  checkArguments("matrixProduct", { a: numbers, b: numbers, inner: count }, { a, b, inner });
  const rows = a.length / inner;
  const columns = b.length / inner;
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < inner; k++) {
      const factor = a[i * inner + k];
      for (let j = 0; j < columns; j++) out[i * columns + j] += factor * b[k * columns + j];
    }
  }
  return out;
}

/** Aᵀ [columns × rows] of A [rows × columns]. */
export function transposed(matrix: ArrayLike<number>, columns: number): Float64Array {
  checkArguments("transposed", { matrix: numbers, columns: count }, { matrix, columns });
  const rows = matrix.length / columns;
  const out = new Float64Array(matrix.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j * rows + i] = matrix[i * columns + j];
  return out;
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  checkArgument("dot: a", numbers, a);
  checkArgument("dot: b", numbers, b);
  requireLength("dot: b", b, a.length);
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** xᵀ A y; A is [length of x × length of y]. */
export function quadraticForm(x: ArrayLike<number>, matrix: ArrayLike<number>, y: ArrayLike<number> = x): number {
  checkArgument("quadraticForm: x", numbers, x);
  checkArgument("quadraticForm: matrix", numbers, matrix);
  checkArgument("quadraticForm: y", numbers, y);
  requireLength("quadraticForm: the matrix", matrix, x.length * y.length);
  return dot(x, matrixVector(matrix, y));
}

/** @throws AscentError "shape" */
export function requireLength(what: string, values: ArrayLike<number>, length: number): void {
  checkArgument(what, numbers, values);
  if (values.length === length) return;
  throw new AscentError("shape", {
    what: `${what} has the wrong length`,
    got: `${values.length}`,
    expected: `${length}`,
    fix: "Make it for the same states, actions and parameters as the rest.",
  });
}

function swapRows(factors: Float64Array, pivots: Int32Array, size: number, i: number, j: number): void {
  for (let k = 0; k < size; k++) {
    const kept = factors[i * size + k];
    factors[i * size + k] = factors[j * size + k];
    factors[j * size + k] = kept;
  }
  const kept = pivots[i];
  pivots[i] = pivots[j];
  pivots[j] = kept;
}
