/** Picking by index, and the adjoints that put gradients back. Indices are i32 and checked when the program runs. */

import { constant, describeTensor, node, requireTensor, type Tensor } from "../graph.ts";
import { formatShape, resolveAxis, type Shape, sameShape, shapeError, sizeOf } from "../shape.ts";
import { requireFloat } from "./elementwise.ts";

function requireIndices(op: string, indices: Tensor): void {
  requireTensor(op, indices);
  if (indices.dtype === "i32") return;
  throw shapeError({
    what: `${op}: indices must be whole numbers`,
    got: `${describeTensor(indices)} of dtype ${indices.dtype}`,
    expected: "i32",
    fix: "Convert them with toInt(x).",
  });
}

/** Rows of x (its first axis) in the order of `indices` [n] → [n, …rest]. An embedding look-up; a minibatch. */
export function gatherRows(x: Tensor, indices: Tensor): Tensor {
  requireTensor("gatherRows", x);
  requireIndices("gatherRows", indices);
  if (x.shape.length < 1 || indices.shape.length !== 1) {
    throw shapeError({
      what: "gatherRows: wrong ranks",
      got: `${formatShape(x.shape)} by ${formatShape(indices.shape)}`,
      expected: "[rows, …] by [n]",
      fix: "Flatten the indices with reshape(indices, [-1]) and reshape the result back.",
    });
  }
  return node("gatherRows", [x, indices], [indices.shape[0], ...x.shape.slice(1)], x.dtype);
}

/** Adds row i of `values` [n, …rest] into row indices[i] of zeros [rows, …rest]: the adjoint of gatherRows. */
export function scatterRows(values: Tensor, indices: Tensor, rows: number): Tensor {
  requireIndices("scatterRows", indices);
  requireFloat("scatterRows", values);
  sizeOf([rows], "scatterRows");
  if (values.shape.length < 1 || indices.shape.length !== 1 || indices.shape[0] !== values.shape[0]) {
    throw shapeError({
      what: "scatterRows: one index is needed for each row",
      got: `${formatShape(values.shape)} by indices ${formatShape(indices.shape)}`,
      expected: "[n, …] by [n]",
      fix: "Flatten the indices with reshape(indices, [-1]), and the rows of the values with them.",
    });
  }
  return node("scatterRows", [values, indices], [rows, ...values.shape.slice(1)], "f32", { rows });
}

/** Indices are to have `shape`, a tensor's without its last axis. */
export function requireLeading(op: string, shape: Shape, indices: Tensor): void {
  requireIndices(op, indices);
  if (sameShape(shape, indices.shape)) return;
  throw shapeError({
    what: `${op}: one index is needed for each row`,
    got: `indices ${formatShape(indices.shape)}`,
    expected: formatShape(shape),
    fix: "Reshape the indices: they have the tensor's shape without its last axis.",
  });
}

/** x[…, indices[…]]: one entry of the last axis for each row; [n, k] by [n] → [n]. Picks log π(a|s) out of log-probabilities. */
export function takeLast(x: Tensor, indices: Tensor): Tensor {
  requireFloat("takeLast", x);
  resolveAxis("takeLast", x.shape, -1);
  requireLeading("takeLast", x.shape.slice(0, -1), indices);
  return node("takeLast", [x, indices], indices.shape, "f32");
}

/** Zeros […, depth] with values[…] at indices[…]: the adjoint of takeLast. */
export function putLast(values: Tensor, indices: Tensor, depth: number): Tensor {
  requireFloat("putLast", values);
  requireLeading("putLast", values.shape, indices);
  sizeOf([depth], "putLast");
  return node("putLast", [values, indices], [...indices.shape, depth], "f32", { depth });
}

/** 1 at the index, 0 elsewhere: […] → […, depth]. */
export function oneHot(indices: Tensor, depth: number): Tensor {
  requireIndices("oneHot", indices);
  sizeOf([depth], "oneHot");
  const ones = constant(new Float32Array(sizeOf(indices.shape)).fill(1), indices.shape);
  return putLast(ones, indices, depth);
}
