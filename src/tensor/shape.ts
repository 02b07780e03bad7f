/** Shapes: lists of positive whole numbers, and the broadcasting rules (NumPy's). No tensors here. */

import { AscentError } from "../errors.ts";

export type Shape = readonly number[];

export function formatShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** The number of elements. Throws on a size that is not a whole number ≥ 1. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const extent of shape) {
    if (!Number.isInteger(extent) || extent < 1) {
      throw new AscentError("shape", {
        what: "A shape has an impossible extent",
        got: formatShape(shape),
        expected: "whole numbers ≥ 1",
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

/** The shape two shapes broadcast to, or an error that names the operation, both shapes and the cure. */
export function broadcastShapes(op: string, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  const shape = new Array<number>(rank);
  for (let i = 0; i < rank; i++) {
    const extentA = a[a.length - rank + i] ?? 1;
    const extentB = b[b.length - rank + i] ?? 1;
    if (extentA !== extentB && extentA !== 1 && extentB !== 1) {
      throw new AscentError("shape", {
        what: `${op}: the shapes do not broadcast`,
        got: `${formatShape(a)} and ${formatShape(b)}`,
        expected: `equal sizes, or 1, on each axis from the right (here ${extentA} meets ${extentB})`,
        fix: "Reshape one of them so that the axes line up, for example with reshape(x, [n, 1]).",
      });
    }
    shape[i] = extentA === 1 ? extentB : extentA;
  }
  return shape;
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
  const resolved = axis < 0 ? axis + shape.length : axis;
  if (!Number.isInteger(resolved) || resolved < 0 || resolved >= shape.length) {
    throw new AscentError("shape", {
      what: `${op}: there is no axis ${axis}`,
      got: `a tensor of shape ${formatShape(shape)}`,
      expected: `an axis from ${-shape.length} to ${shape.length - 1}`,
    });
  }
  return resolved;
}
