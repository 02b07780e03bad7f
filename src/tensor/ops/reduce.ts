/** Reductions along one axis or over everything, and what is built from them. */

import {
  checkArgument,
  checkOptions,
  finiteNumber,
  notNegativeNumber,
  type OptionChecks,
  optional,
  trueOrFalse,
} from "../../arguments/checks.ts";
import { node, type Tensor } from "../graph.ts";
import { resolveAxis, type Shape, sameShape, sizeOf } from "../shape.ts";
import { abs, add, div, mul, neg, requireFloat, sqrt, square, sub } from "./elementwise.ts";
import { reshape } from "./layout.ts";

export interface ReduceOptions {
  /** Keep the reduced axis with extent 1. */
  keepDims?: boolean;
}

const reduceChecks: OptionChecks<ReduceOptions> = { keepDims: /* @__PURE__ */ optional(trueOrFalse) };

function reduced(shape: Shape, axis: number, keepDims: boolean): Shape {
  return keepDims ? shape.map((n, i) => (i === axis ? 1 : n)) : shape.filter((_, i) => i !== axis);
}

/** @param name what the user called. */
function reduce(name: string, op: "sum" | "maximum", x: Tensor, axis?: number, options: ReduceOptions = {}): Tensor {
  requireFloat(name, x);
  checkOptions(name, reduceChecks, options);
  const { keepDims = false } = options;
  if (axis === undefined) {
    const flat = reduce(name, op, reshape(x, [sizeOf(x.shape)]), 0);
    return keepDims ? reshape(flat, new Array(x.shape.length).fill(1)) : flat;
  }
  const resolved = resolveAxis(name, x.shape, axis);
  return node(op, [x], reduced(x.shape, resolved, keepDims), "f32", { axis: resolved, keepDims });
}

/** The sum along `axis`, or of everything. */
export function sum(x: Tensor, axis?: number, options: ReduceOptions = {}): Tensor {
  return reduce("sum", "sum", x, axis, options);
}

/** The largest value along `axis`, or of everything; the gradient is shared equally between ties. */
export function maximum(x: Tensor, axis?: number, options: ReduceOptions = {}): Tensor {
  return reduce("maximum", "maximum", x, axis, options);
}

/** The smallest value along `axis`, or of everything; the gradient is shared equally between ties. */
export function minimum(x: Tensor, axis?: number, options: ReduceOptions = {}): Tensor {
  requireFloat("minimum", x);
  return neg(reduce("minimum", "maximum", neg(x), axis, options));
}

/** The mean along `axis`, or of everything. */
export function mean(x: Tensor, axis?: number, options: ReduceOptions = {}): Tensor {
  const total = reduce("mean", "sum", x, axis, options);
  const count = sizeOf(x.shape) / sizeOf(total.shape);
  return mul(total, 1 / count);
}

/**
 * x without its mean. It is taken off twice: once leaves the rounding of the mean, which is all there is when the numbers
 * are equal.
 */
function centred(x: Tensor, axis?: number): Tensor {
  const once = sub(x, mean(x, axis, { keepDims: true }));
  return sub(once, mean(once, axis, { keepDims: true }));
}

/**
 * The variance, with `correction` taken off the count (0: of a population, 1: of a sample). Numbers further than 1.8e19 from
 * their mean have squares beyond float32: the variance is ∞.
 */
export function variance(x: Tensor, axis?: number, correction = 0, options: ReduceOptions = {}): Tensor {
  requireFloat("variance", x);
  checkArgument("variance: correction", finiteNumber, correction);
  checkOptions("variance", reduceChecks, options);
  const count = axis === undefined ? sizeOf(x.shape) : x.shape[resolveAxis("variance", x.shape, axis)];
  return mul(sum(square(centred(x, axis)), axis, options), 1 / Math.max(count - correction, 1));
}

/** Of |mean|: more than equal numbers of float32 seem to deviate by, and no more than different ones do. */
const ROUNDING = 2 ** -30;

/**
 * (x − mean) / (standard deviation + epsilon), over everything; 0, to 1e-4, where all numbers are equal. So that this holds
 * for large ones too, 2⁻³⁰ · |mean| is added to epsilon. Meant for |x| < 1e19: see `variance`.
 *
 * @param correction as in `variance`; with 1, a single number has no deviation and gives 0.
 */
export function standardise(x: Tensor, epsilon = 1e-8, correction = 1): Tensor {
  requireFloat("standardise", x);
  checkArgument("standardise: epsilon", notNegativeNumber, epsilon);
  checkArgument("standardise: correction", finiteNumber, correction);
  const deviation = sqrt(variance(x, undefined, correction));
  const least = add(mul(abs(mean(x, undefined, { keepDims: true })), ROUNDING), epsilon);
  return div(centred(x), add(deviation, least));
}

/** The index of the largest value along the last axis (the first of ties), as i32. NaN is passed over; in front it wins. */
export function argmax(x: Tensor): Tensor {
  requireFloat("argmax", x);
  const axis = resolveAxis("argmax", x.shape, -1);
  return node("argmax", [x], x.shape.slice(0, axis), "i32");
}

/** Sums x down to `shape`, the adjoint of broadcasting `shape` up to x's. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  requireFloat("sumTo", x);
  sizeOf(shape, "sumTo");
  if (sameShape(x.shape, shape)) return x;
  if (sizeOf(shape) === 1) return reshape(sum(x), shape);
  let result = x;
  while (result.shape.length > shape.length) result = sum(result, 0);
  shape.forEach((extent, axis) => {
    if (extent === 1 && result.shape[axis] !== 1) result = sum(result, axis, { keepDims: true });
  });
  return result;
}
