/** Reductions along one axis or over everything, and what is built from them. */

import { node, type Tensor } from "../graph.ts";
import { resolveAxis, type Shape, sameShape, sizeOf } from "../shape.ts";
import { add, div, mul, neg, requireFloat, sqrt, square, sub } from "./elementwise.ts";
import { reshape } from "./layout.ts";

export interface ReduceOptions {
  /** Keep the reduced axis with extent 1. */
  keepDims?: boolean;
}

function reduced(shape: Shape, axis: number, keepDims: boolean): Shape {
  return keepDims ? shape.map((n, i) => (i === axis ? 1 : n)) : shape.filter((_, i) => i !== axis);
}

function reduce(op: "sum" | "maximum", x: Tensor, axis: number | undefined, keepDims: boolean): Tensor {
  requireFloat(op, x);
  if (axis === undefined) {
    const flat = reduce(op, reshape(x, [sizeOf(x.shape)]), 0, false);
    return keepDims ? reshape(flat, new Array(x.shape.length).fill(1)) : flat;
  }
  const resolved = resolveAxis(op, x.shape, axis);
  return node(op, [x], reduced(x.shape, resolved, keepDims), "f32", { axis: resolved, keepDims });
}

/** The sum along `axis`, or of everything. */
export function sum(x: Tensor, axis?: number, { keepDims = false }: ReduceOptions = {}): Tensor {
  return reduce("sum", x, axis, keepDims);
}

/** The largest value along `axis`, or of everything; the gradient is shared equally between ties. */
export function maximum(x: Tensor, axis?: number, { keepDims = false }: ReduceOptions = {}): Tensor {
  return reduce("maximum", x, axis, keepDims);
}

export function minimum(x: Tensor, axis?: number, options: ReduceOptions = {}): Tensor {
  return neg(maximum(neg(x), axis, options));
}

export function mean(x: Tensor, axis?: number, options: ReduceOptions = {}): Tensor {
  const count = axis === undefined ? sizeOf(x.shape) : x.shape[resolveAxis("mean", x.shape, axis)];
  return mul(sum(x, axis, options), 1 / count);
}

/** The variance, with `correction` taken off the count (0: of a population, 1: of a sample). */
export function variance(x: Tensor, axis?: number, correction = 0, { keepDims = false }: ReduceOptions = {}): Tensor {
  const centred = sub(x, mean(x, axis, { keepDims: true }));
  const count = axis === undefined ? sizeOf(x.shape) : x.shape[resolveAxis("variance", x.shape, axis)];
  return mul(sum(square(centred), axis, { keepDims }), 1 / Math.max(count - correction, 1));
}

/** (x − mean) / (standard deviation + epsilon), over everything. */
export function standardise(x: Tensor, epsilon = 1e-8, correction = 1): Tensor {
  const deviation = sqrt(variance(x, undefined, correction));
  return div(sub(x, mean(x)), add(deviation, epsilon));
}

/** The index of the largest value along the last axis (the first of ties), as i32. */
export function argmax(x: Tensor): Tensor {
  requireFloat("argmax", x);
  const axis = resolveAxis("argmax", x.shape, -1);
  return node("argmax", [x], x.shape.slice(0, axis), "i32");
}

/** Sums x down to `shape`, the adjoint of broadcasting `shape` up to x's. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  if (sizeOf(shape) === 1) return reshape(sum(x), shape);
  let result = x;
  while (result.shape.length > shape.length) result = sum(result, 0);
  shape.forEach((extent, axis) => {
    if (extent === 1 && result.shape[axis] !== 1) result = sum(result, axis, { keepDims: true });
  });
  return result;
}
