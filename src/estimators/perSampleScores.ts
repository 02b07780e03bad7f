/**
 * All score vectors ∇log π(a_i|s_i) of a batch from one backward pass (docs/theory.md, 6). Backpropagation already holds
 * what they are made of: for a layer y = x W, row i of ∂(Σ_i log π_i)/∂y is ∂log π_i/∂y_i, and the gradient of row i by W is
 * the outer product of x_i with it (Goodfellow 2015, "Efficient per-example gradient computations"); the sum over rows is
 * merely not taken.
 *
 * The graph is copied with each parameter apart for every row: a weight matrix right of a product stays shared and gets its
 * outer products; anything else (biases, log σ) is repeated row by row, and its copies are what is differentiated by.
 */

import { AscentError } from "../errors.ts";
import { grad } from "../tensor/grad.ts";
import {
  binaryOps,
  constant,
  describeTensor,
  node,
  type OpName,
  requireTensor,
  requireTensors,
  type Tensor,
  topologicalOrder,
  unaryOps,
} from "../tensor/graph.ts";
import { add } from "../tensor/ops/elementwise.ts";
import { broadcastTo, concat, reshape } from "../tensor/ops/layout.ts";
import { matmul } from "../tensor/ops/matmul.ts";
import { sum } from "../tensor/ops/reduce.ts";
import { broadcastShapes, type Shape, sameShape, sizeOf } from "../tensor/shape.ts";

/**
 * Graph code for the scores of each row.
 *
 * @param logProb log π(a_i|s_i) [rows]; row i may depend on row i of its inputs only, as in any feed-forward policy.
 * @param parameters what to differentiate by, such as `actorCritic(…).policyParameters`.
 * @returns [rows, number of parameters]: their entries one parameter after the other, row-major, without gaps.
 * @throws AscentError "shape" when the graph uses a parameter in a way that cannot be taken apart by rows.
 */
export function perSampleScores(logProb: Tensor, parameters: readonly Tensor[]): Tensor {
  requireTensor("perSampleScores", logProb);
  requireTensors("perSampleScores: parameters", parameters);
  const [rows] = logProb.shape;
  const wanted = new Set(parameters.map(({ id }) => id));
  const products: { parameter: Tensor; x: Tensor; y: Tensor }[] = [];
  const copies = new Map<number, Tensor>();
  const apart = new Set<number>();
  const replaced = new Map<number, Tensor>();

  const copyOf = (parameter: Tensor) => {
    if (parameter.shape.length > 1 && parameter.shape[0] === 1) refuse(parameter);
    const row = reshape(parameter, [1, ...parameter.shape]);
    const copy = copies.get(parameter.id) ?? broadcastTo(row, [rows, ...parameter.shape]);
    copies.set(parameter.id, copy);
    apart.add(copy.id);
    return copy;
  };
  for (const tensor of topologicalOrder([logProb])) {
    const inputs = tensor.inputs.map((x) => replaced.get(x.id) ?? x);
    const isLayer = tensor.op === "matmul" && wanted.has(inputs[1].id) && !tensor.attributes.transposeA;
    if (isLayer && !tensor.attributes.transposeB && inputs[0].shape.length === 2 && inputs[0].shape[0] === rows) {
      const y = node("matmul", inputs, tensor.shape, "f32", tensor.attributes, tensor.label);
      products.push({ parameter: inputs[1], x: inputs[0], y });
      replaced.set(tensor.id, y);
      continue;
    }
    const separated = inputs.map((x) => (wanted.has(x.id) ? copyOf(x) : x));
    if (separated.every((x, i) => x === tensor.inputs[i])) continue;
    const { result, grown } = rebuild(tensor, separated, rows, apart);
    if (grown) apart.add(result.id);
    replaced.set(tensor.id, result);
  }

  const total = sum(replaced.get(logProb.id) ?? logProb);
  const copied = parameters.filter(({ id }) => copies.has(id));
  const gradients = grad(total, [...products.map(({ y }) => y), ...copied.map(({ id }) => copies.get(id)!)]);
  const scores = parameters.map((parameter) => {
    const size = sizeOf(parameter.shape);
    const parts: Tensor[] = [];
    products.forEach(({ parameter: weight, x, y }, i) => {
      if (weight !== parameter) return;
      const outer = matmul(reshape(x, [rows, x.shape[1], 1]), reshape(gradients[i], [rows, 1, y.shape[1]]));
      parts.push(reshape(outer, [rows, size]));
    });
    const at = copied.indexOf(parameter);
    if (at >= 0) parts.push(reshape(gradients[products.length + at], [rows, size]));
    return parts.length > 0 ? parts.reduce(add) : broadcastTo(constant(0), [rows, size]);
  });
  return concat(scores, 1);
}

const elementwise: ReadonlySet<OpName> = new Set<OpName>([...unaryOps, ...binaryOps, "where", "stopGradient"]);
const overLastAxis: ReadonlySet<OpName> = new Set<OpName>(["softmax", "logSoftmax", "logSumExp"]);

/**
 * The operation with inputs of which some (`apart`) got a leading axis of rows they did not have; `grown` when the result has
 * got one too.
 */
function rebuild(
  tensor: Tensor,
  inputs: readonly Tensor[],
  rows: number,
  apart: ReadonlySet<number>,
): { result: Tensor; grown: boolean } {
  const { op, attributes } = tensor;
  const again = (shape: Shape, changed = attributes, from = inputs) =>
    node(op, from, shape, tensor.dtype, changed, tensor.label);
  if (!inputs.some((x) => apart.has(x.id))) return { result: again(tensor.shape), grown: false };

  const grown = [rows, ...tensor.shape];
  if (elementwise.has(op)) {
    // The axis of rows must meet the rows of the others: [rows, n] stands for [rows, 1, …, 1, n] beside images.
    const rank = inputs.reduce((most, x) => Math.max(most, x.shape.length), 0);
    const aligned = inputs.map((x) => (apart.has(x.id) ? reshape(x, withRank(x.shape, rank)) : x));
    const shape = aligned.map((x) => x.shape).reduce((a, b) => broadcastShapes("perSampleScores", a, b));
    if (sameShape(shape, tensor.shape)) return { result: again(shape, attributes, aligned), grown: false };
    if (sameShape(shape, grown)) return { result: again(shape, attributes, aligned), grown: true };
  }
  if (op === "broadcastTo" && tensor.shape[0] === rows && inputs[0].shape.length === tensor.shape.length) {
    return { result: broadcastTo(inputs[0], tensor.shape), grown: false };
  }
  if (overLastAxis.has(op)) return { result: again(grown), grown: true };
  if (op === "sum") return { result: again(grown, { ...attributes, axis: attributes.axis! + 1 }), grown: true };
  if (op === "reshape") return { result: reshape(inputs[0], grown), grown: true };
  const [x, weight] = inputs;
  if (
    op === "matmul" &&
    apart.has(weight.id) &&
    !apart.has(x.id) &&
    x.shape.length === 2 &&
    weight.shape.length === 3
  ) {
    const { transposeA = false, transposeB = false } = attributes;
    // im2col lays out the windows of an image one behind the other.
    const windows = x.op === "im2col" ? x.shape[0] / rows : 1;
    if (!transposeA && x.shape[0] === rows * windows) {
      const product = matmul(reshape(x, [rows, windows, x.shape[1]]), weight, { transposeB });
      return { result: reshape(product, tensor.shape), grown: false };
    }
  }
  return refuse(tensor);
}

/** [rows, …rest] as [rows, 1, …, 1, …rest] of the given rank. */
function withRank(shape: Shape, rank: number): Shape {
  const ones = new Array<number>(Math.max(rank - shape.length, 0)).fill(1);
  return [shape[0], ...ones, ...shape.slice(1)];
}

function refuse(tensor: Tensor): never {
  throw new AscentError("shape", {
    what: "perSampleScores cannot take this apart by rows",
    got: describeTensor(tensor),
    expected: "layers, convolutions, biases and elementwise operations on [rows, …]",
    fix: "Compile the policy for one row, and take its gradient row by row.",
  });
}
