/** Operations that move numbers without changing them. */

import { checkArgument, numbers, optional } from "../../arguments/checks.ts";
import { describeTensor, node, requireTensor, requireTensors, type Tensor } from "../graph.ts";
import { formatShape, resolveAxis, type Shape, sameShape, shapeError, sizeOf } from "../shape.ts";

/** The same numbers in another shape; one extent may be −1 and is worked out. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  requireTensor("reshape", x);
  checkArgument("reshape: shape", numbers, shape);
  const size = sizeOf(x.shape);
  const known = shape.reduce((product, n) => (n === -1 ? product : product * n), 1);
  const target = shape.map((n) => (n === -1 ? size / known : n));
  const isWhole = shape.filter((n) => n === -1).length <= 1 && target.every(Number.isInteger);
  if (!isWhole || sizeOf(target, "reshape") !== size) {
    throw shapeError({
      what: "reshape: the number of elements changes",
      got: `${describeTensor(x)} (${size} elements) to ${formatShape(shape)}`,
      expected: `a shape of ${size} elements with at most one −1`,
      fix: "Use −1 for the axis that is to be worked out, and make the others divide the number of elements.",
    });
  }
  return sameShape(x.shape, target) ? x : node("reshape", [x], target, x.dtype);
}

/** Axes in another order: axis i of the result is axis permutation[i] of x. Default: the last two swapped. */
export function transpose(x: Tensor, permutation?: readonly number[]): Tensor {
  requireTensor("transpose", x);
  checkArgument("transpose: permutation", optional(numbers), permutation);
  const rank = x.shape.length;
  if (permutation === undefined && rank < 2) {
    throw shapeError({
      what: "transpose: there are no two axes to swap",
      got: describeTensor(x),
      expected: "[…, m, n]",
      fix: "Give a vector a second axis with reshape(x, [1, n]) or reshape(x, [n, 1]).",
    });
  }
  const order = permutation ?? x.shape.map((_, i) => (i < rank - 2 ? i : 2 * rank - 3 - i));
  if (order.length !== rank || [...order].sort((a, b) => a - b).some((axis, i) => axis !== i)) {
    throw shapeError({
      what: "transpose: not a permutation of the axes",
      got: `[${order.join(", ")}] for ${describeTensor(x)}`,
      expected: `each of 0…${rank - 1} once`,
      fix: "Name for each axis of the result the axis of x it is, counted from 0.",
    });
  }
  if (order.every((axis, i) => axis === i)) return x;
  const shape = order.map((axis) => x.shape[axis]);
  return node("transpose", [x], shape, x.dtype, { permutation: order });
}

/** x repeated along its axes of extent 1 (and new leading axes) up to `shape`. */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  requireTensor("broadcastTo", x);
  checkArgument("broadcastTo: shape", numbers, shape);
  if (sameShape(x.shape, shape)) return x;
  sizeOf(shape, "broadcastTo");
  const offset = shape.length - x.shape.length;
  if (offset < 0 || x.shape.some((n, i) => n !== 1 && n !== shape[i + offset])) {
    throw shapeError({
      what: "broadcastTo: the shape cannot be reached by repeating",
      got: `${describeTensor(x)} to ${formatShape(shape)}`,
      expected: "equal sizes, or 1, on each axis from the right",
      fix: "Reshape it first so that the axes line up, for example with reshape(x, [n, 1]).",
    });
  }
  return node("broadcastTo", [x], shape, x.dtype);
}

/** The block of `sizes` that begins at `starts`. */
export function slice(x: Tensor, starts: readonly number[], sizes: readonly number[]): Tensor {
  return cut("slice", x, starts, sizes);
}

/** @param name what the user called. */
function cut(name: string, x: Tensor, starts: readonly number[], sizes: readonly number[]): Tensor {
  requireTensor(name, x);
  checkArgument(`${name}: starts`, numbers, starts);
  checkArgument(`${name}: sizes`, numbers, sizes);
  const inside =
    starts.length === x.shape.length &&
    sizes.length === x.shape.length &&
    [...starts, ...sizes].every(Number.isInteger) &&
    x.shape.every((n, i) => starts[i] >= 0 && sizes[i] >= 1 && starts[i] + sizes[i] <= n);
  if (!inside) {
    throw shapeError({
      what: `${name}: the block does not lie inside the tensor`,
      got: `starts ${formatShape(starts)}, sizes ${formatShape(sizes)} of ${describeTensor(x)}`,
      expected: "0 ≤ start, 1 ≤ size and start + size ≤ extent on each axis",
      fix: "Give whole numbers, sizes and not ends, one of each for every axis.",
    });
  }
  return sameShape(sizes, x.shape) ? x : node("slice", [x], sizes, x.dtype, { starts: [...starts] });
}

/** x[…, start : start + size] on one axis. */
export function sliceAxis(x: Tensor, axis: number, start: number, size: number): Tensor {
  requireTensor("sliceAxis", x);
  const resolved = resolveAxis("sliceAxis", x.shape, axis);
  const starts = x.shape.map((_, i) => (i === resolved ? start : 0));
  return cut(
    "sliceAxis",
    x,
    starts,
    x.shape.map((n, i) => (i === resolved ? size : n)),
  );
}

/** x set into zeros of `shape` at `before`: the adjoint of slice. */
export function pad(x: Tensor, before: readonly number[], shape: Shape): Tensor {
  requireTensor("pad", x);
  checkArgument("pad: before", numbers, before);
  sizeOf(shape, "pad");
  const fits =
    shape.length === x.shape.length &&
    before.length === shape.length &&
    before.every((start, i) => Number.isInteger(start) && start >= 0 && start + x.shape[i] <= shape[i]);
  if (!fits) {
    throw shapeError({
      what: "pad: the tensor does not fit",
      got: `${describeTensor(x)} at [${before.join(", ")}] in ${formatShape(shape)}`,
      expected: "before + extent ≤ size on each axis",
      fix: "Make the shape larger or begin earlier; both need one whole number for every axis.",
    });
  }
  return sameShape(shape, x.shape) ? x : node("pad", [x], shape, x.dtype, { before: [...before] });
}

/** Tensors joined along an axis; all other extents must agree. */
export function concat(parts: readonly Tensor[], axis = 0): Tensor {
  requireTensors("concat", parts);
  if (parts.length === 0) {
    const fix = "Leave the concatenation out where there are no parts.";
    throw shapeError({ what: "concat: nothing to join", got: "0 tensors", expected: "at least 1", fix });
  }
  const first = parts[0];
  const resolved = resolveAxis("concat", first.shape, axis);
  for (const part of parts) {
    const fits = part.shape.length === first.shape.length && part.dtype === first.dtype;
    if (!fits || part.shape.some((n, i) => i !== resolved && n !== first.shape[i])) {
      throw shapeError({
        what: `concat along axis ${resolved}: the tensors do not fit together`,
        got: parts.map((p) => `${formatShape(p.shape)} ${p.dtype}`).join(" and "),
        expected: "one dtype and equal sizes on every other axis",
        fix: "Join along the axis that differs, or convert with toFloat(x) or toInt(x).",
      });
    }
  }
  if (parts.length === 1) return first;
  const total = parts.reduce((n, part) => n + part.shape[resolved], 0);
  const shape = first.shape.map((n, i) => (i === resolved ? total : n));
  return node("concat", parts, shape, first.dtype, { axis: resolved });
}
