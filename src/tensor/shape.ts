/** Shapes: lists of positive whole numbers, and the broadcasting rules (NumPy's). No tensors here. */

import { checkArgument, isNumbers, text } from "../arguments/checks.ts";
import { describeValue } from "../arguments/describeValue.ts";
import { AscentError, type Problem } from "../errors.ts";

export type Shape = readonly number[];

export function formatShape(shape: Shape): string {
  return Array.isArray(shape) ? `[${shape.map(describeValue).join(", ")}]` : describeValue(shape);
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** An error about shapes, axes or dtypes: never without a cure. */
export function shapeError(problem: Required<Problem>): AscentError {
  return new AscentError("shape", problem);
}

/** The number of elements. Throws on an extent that is not a whole number ≥ 1, in the name of `op`. */
export function sizeOf(shape: Shape, op = "sizeOf"): number {
  checkArgument("sizeOf: op", text, op);
  if (!isNumbers(shape)) {
    throw shapeError({
      what: `${op}: this is not a shape`,
      got: describeValue(shape),
      expected: "an array of whole numbers ≥ 1",
      fix: "Write [] for a single number, [n] for n of them.",
    });
  }
  let size = 1;
  for (const extent of shape) {
    if (!Number.isInteger(extent) || extent < 1) {
      throw shapeError({
        what: `${op}: the shape has an impossible extent`,
        got: formatShape(shape),
        expected: "whole numbers ≥ 1",
        fix: "Give every axis at least one element, and check the division that gave a fraction.",
      });
    }
    size *= extent;
  }
  return size;
}

/** Row-major strides, in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}

/** The shape that shapes broadcast to, or an error that names the operation, all of them and the cure. */
export function broadcastShapes(op: string, ...shapes: readonly Shape[]): Shape {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    let extent = 1;
    for (const shape of shapes) {
      const own = shape[shape.length - rank + axis] ?? 1;
      if (own !== 1 && extent !== 1 && own !== extent) {
        throw shapeError({
          what: `${op}: the shapes do not broadcast`,
          got: shapes.map(formatShape).join(" and "),
          expected: `equal sizes, or 1, on each axis from the right (here ${extent} meets ${own})`,
          fix: "Reshape one of them so that the axes line up, for example with reshape(x, [n, 1]).",
        });
      }
      if (own !== 1) extent = own;
    }
    return extent;
  });
}

/** Whether two shapes broadcast. */
export function canBroadcast(a: Shape, b: Shape): boolean {
  return a.every((extent, axis) => {
    const other = b[axis - a.length + b.length] ?? 1;
    return extent === other || extent === 1 || other === 1;
  });
}

/** Strides of `from` seen as the (larger) shape `to`: 0 where an axis is repeated. */
export function broadcastStrides(from: Shape, to: Shape): number[] {
  const own = stridesOf(from);
  return to.map((_, axis) => {
    const source = axis - (to.length - from.length);
    return source < 0 || from[source] === 1 ? 0 : own[source];
  });
}

/** Turns −1 into the last axis and so on; throws when the axis does not exist. */
export function resolveAxis(op: string, shape: Shape, axis: number): number {
  const resolved = Number.isInteger(axis) && axis < 0 ? axis + shape.length : axis;
  if (!Number.isInteger(resolved) || resolved < 0 || resolved >= shape.length) {
    throw shapeError({
      what: `${op}: there is no axis ${describeValue(axis)}`,
      got: `a tensor of shape ${formatShape(shape)}`,
      expected: shape.length === 0 ? "a tensor with axes" : `an axis from ${-shape.length} to ${shape.length - 1}`,
      fix: shape.length === 0 ? "Give it one with reshape(x, [1])." : "Count axes from 0, or from −1 backwards.",
    });
  }
  return resolved;
}
