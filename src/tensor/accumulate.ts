/**
 * The sum of the contributions to one tensor's gradient. A chain of additions would do; but what was cut into pieces comes
 * back as one concatenation, and what was used by many products comes back as one product, so that the gradient of a
 * computation unrolled over time costs what that of a batch does.
 */

import { constant, type Tensor } from "./graph.ts";
import { add } from "./ops/elementwise.ts";
import { broadcastTo, concat } from "./ops/layout.ts";
import { matmul } from "./ops/matmul.ts";
import { sum } from "./ops/reduce.ts";

/** Joining pays for its copies from so many contributions on. */
const MANY = 4;

/** @param parts at least one, all of one shape. */
export function accumulate(parts: readonly Tensor[]): Tensor {
  if (parts.length === 1) return parts[0];
  return joinedPieces(parts) ?? joinedRows(parts) ?? parts.reduce((a, b) => add(a, b));
}

/** Pads of disjoint pieces along one axis, the adjoints of slices: the pieces side by side, zeros between. */
function joinedPieces(parts: readonly Tensor[]): Tensor | undefined {
  const { shape } = parts[0];
  if (parts.some(({ op }) => op !== "pad")) return undefined;
  const axis = shape.findIndex((extent, i) => parts[0].inputs[0].shape[i] !== extent);
  const onlyThere = parts.every(({ inputs: [x] }) => x.shape.every((extent, i) => i === axis || extent === shape[i]));
  if (!onlyThere) return undefined;
  const startOf = (part: Tensor) => part.attributes.before![axis];
  const zeros = (extent: number) =>
    broadcastTo(
      constant(0),
      shape.map((n, i) => (i === axis ? extent : n)),
    );
  const joined: Tensor[] = [];
  let end = 0;
  for (const part of [...parts].sort((a, b) => startOf(a) - startOf(b))) {
    const start = startOf(part);
    if (start < end) return undefined;
    if (start > end) joined.push(zeros(start - end));
    joined.push(part.inputs[0]);
    end = start + part.inputs[0].shape[axis];
  }
  if (end < shape[axis]) joined.push(zeros(shape[axis] - end));
  return concat(joined, axis);
}

/**
 * Σ aᵢᵀ gᵢ, the gradient of a weight matrix used many times, is one product of all rows; a sum of column sums is one sum.
 * Of batches of matrices it is not: there the rows of every member stay apart.
 */
function joinedRows(parts: readonly Tensor[]): Tensor | undefined {
  if (parts.length < MANY) return undefined;
  const rows = (i: number) => concat(parts.map(({ inputs }) => inputs[i]));
  if (parts.every(isWeightGradient)) return matmul(rows(0), rows(1), { transposeA: true });
  return parts.every(isColumnSum) ? sum(rows(0), 0) : undefined;
}

function isWeightGradient({ op, attributes: { transposeA, transposeB }, inputs }: Tensor): boolean {
  const isMatrices = inputs.every(({ shape }) => shape.length === 2);
  return op === "matmul" && transposeA === true && transposeB !== true && isMatrices;
}

function isColumnSum({ op, attributes, inputs, shape }: Tensor): boolean {
  return op === "sum" && attributes.axis === 0 && shape.length === 1 && inputs[0].shape.length === 2;
}
