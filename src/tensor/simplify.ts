/**
 * Rewrites a graph into an equal, smaller one: common subexpressions become one node, neutral operations disappear, small
 * constants are folded, repeated operands are left to broadcasting, and operands that kernels cannot broadcast are spread
 * out. Dead code needs no step of its own: what no output reaches is never visited.
 */

import { due, dueAfter, finish, type Work } from "../pauses.ts";
import { constant, node, type Tensor, topologicalOrder } from "./graph.ts";
import { binaryCodes } from "./opcodes.ts";
import { broadcastTo } from "./ops/layout.ts";
import { broadcastStrides, type Shape, sameShape, sizeOf } from "./shape.ts";

/** The outputs' equals. Inputs and parameters keep their identity. */
export function simplify(outputs: readonly Tensor[]): Tensor[] {
  return finish(simplifying(outputs));
}

/** As `simplify`, as work that stops now and then. */
export function* simplifying(outputs: readonly Tensor[]): Work<Tensor[]> {
  const equals = new Map<number, Tensor>();
  const known = new Map<string, Tensor>();
  const keep = (tensor: Tensor): Tensor => {
    if (tensor.op === "input" || tensor.op === "parameter") return tensor;
    const key = keyOf(tensor);
    const first = known.get(key);
    if (first !== undefined) return first;
    known.set(key, tensor);
    return tensor;
  };
  const order = topologicalOrder(outputs);
  const labels = labelsOf(outputs, order);
  if (due()) yield;
  for (let i = 0; i < order.length; i++) {
    const tensor = order[i];
    const inputs = tensor.inputs.map((x) => equals.get(x.id)!);
    const name = labels.get(tensor.id);
    const same = name === tensor.label && inputs.every((x, k) => x === tensor.inputs[k]);
    const rebuilt = same ? tensor : node(tensor.op, inputs, tensor.shape, tensor.dtype, tensor.attributes, name);
    equals.set(tensor.id, keep(spread(rewrite(rebuilt), keep)));
    if (dueAfter(i)) yield;
  }
  return outputs.map((output) => equals.get(output.id)!);
}

/** A labelled tensor and itself without the label are one node, met as either: the label by id, wherever one has it. */
function labelsOf(outputs: readonly Tensor[], order: readonly Tensor[]): Map<number, string> {
  const labels = new Map<number, string>();
  const look = ({ id, label }: Tensor) => {
    if (label !== undefined) labels.set(id, label);
  };
  outputs.forEach(look);
  for (const { inputs } of order) inputs.forEach(look);
  return labels;
}

function keyOf({ op, inputs, shape, dtype, attributes }: Tensor): string {
  const { values } = attributes;
  // −0 and 0 are different constants: 1/x tells them apart.
  const content =
    values === undefined ? JSON.stringify(attributes) : Array.from(values, (v) => (Object.is(v, -0) ? "-0" : v)).join();
  let key = `${op}|${dtype}|${shape.join()}|${content}`;
  for (const { id } of inputs) key += `|${id}`;
  return key;
}

function scalarValue(tensor: Tensor): number | undefined {
  return tensor.op === "constant" && tensor.dtype === "f32" && sizeOf(tensor.shape) === 1
    ? tensor.attributes.values![0]
    : undefined;
}

const folds: { readonly [op: string]: (a: number, b: number) => number } = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
};

/** One node's simpler equal, or the node itself. */
function rewrite(tensor: Tensor): Tensor {
  const [a, b] = tensor.inputs;
  switch (tensor.op) {
    case "stopGradient":
      return a;
    case "reshape":
      if (sameShape(a.shape, tensor.shape)) return a;
      if (a.op === "constant") return constant(a.attributes.values!, tensor.shape, a.dtype);
      return a.op === "reshape" ? node("reshape", a.inputs, tensor.shape, tensor.dtype) : tensor;
    case "broadcastTo":
      return sameShape(a.shape, tensor.shape) ? a : tensor;
    case "neg": {
      const value = scalarValue(a);
      if (value !== undefined) return constant(-value, tensor.shape);
      return a.op === "neg" ? a.inputs[0] : tensor;
    }
    case "add":
    case "sub":
    case "mul":
    case "div":
      return rewriteArithmetic(tensor, a, b);
    case "where":
      return unrepeatNumbers(tensor);
    default:
      return tensor;
  }
}

function rewriteArithmetic(tensor: Tensor, a: Tensor, b: Tensor): Tensor {
  const [left, right] = [scalarValue(a), scalarValue(b)];
  if (left !== undefined && right !== undefined) {
    return constant(Math.fround(folds[tensor.op](left, right)), tensor.shape);
  }
  // x + 0 → x keeps a −0 of which IEEE makes 0; only 1 / x could tell.
  const neutral = tensor.op === "mul" || tensor.op === "div" ? 1 : 0;
  if (right === neutral && sameShape(a.shape, tensor.shape)) return a;
  const commutes = tensor.op === "add" || tensor.op === "mul";
  if (commutes && left === neutral && sameShape(b.shape, tensor.shape)) return b;
  return unrepeat(tensor);
}

/** op(broadcastTo(x), y) → op(x, y) where y alone already gives the shape: the kernel repeats x for nothing. */
function unrepeat(tensor: Tensor): Tensor {
  const [a, b] = tensor.inputs;
  if (a.op === "broadcastTo" && sameShape(b.shape, tensor.shape)) {
    return rewrite(node(tensor.op, [a.inputs[0], b], tensor.shape, "f32", {}, tensor.label));
  }
  if (b.op === "broadcastTo" && sameShape(a.shape, tensor.shape)) {
    return rewrite(node(tensor.op, [a, b.inputs[0]], tensor.shape, "f32", {}, tensor.label));
  }
  return tensor;
}

/** where(c, broadcastTo(one number), y) → where(c, one number, y): the kernel repeats it for nothing. */
function unrepeatNumbers(tensor: Tensor): Tensor {
  const isRepeated = (x: Tensor) => x.op === "broadcastTo" && sizeOf(x.inputs[0].shape) === 1;
  if (!tensor.inputs.some(isRepeated)) return tensor;
  const inputs = tensor.inputs.map((x) => (isRepeated(x) ? x.inputs[0] : x));
  return node("where", inputs, tensor.shape, "f32", {}, tensor.label);
}

/** Axes of a broadcasting binary operation, neighbours merged where both operands walk straight through. */
export function collapseAxes(a: Shape, b: Shape, out: Shape): { sizes: number[]; a: number[]; b: number[] } {
  const [fullA, fullB] = [broadcastStrides(a, out), broadcastStrides(b, out)];
  const collapsed = { sizes: [] as number[], a: [] as number[], b: [] as number[] };
  out.forEach((size, axis) => {
    if (size === 1) return;
    const last = collapsed.sizes.length - 1;
    const straight = (steps: number[], stride: number) => steps[last] === stride * size;
    if (last >= 0 && straight(collapsed.a, fullA[axis]) && straight(collapsed.b, fullB[axis])) {
      collapsed.sizes[last] *= size;
      collapsed.a[last] = fullA[axis];
      collapsed.b[last] = fullB[axis];
    } else {
      collapsed.sizes.push(size);
      collapsed.a.push(fullA[axis]);
      collapsed.b.push(fullB[axis]);
    }
  });
  return collapsed;
}

/** Spreads out operands whose broadcasting is more than rows and columns, which is all the kernels do. */
function spread(tensor: Tensor, keep: (tensor: Tensor) => Tensor): Tensor {
  const fill = (x: Tensor, shape: Shape) => (sameShape(x.shape, shape) ? x : keep(broadcastTo(x, shape)));
  if (binaryCodes.has(tensor.op)) {
    const [a, b] = tensor.inputs;
    if (collapseAxes(a.shape, b.shape, tensor.shape).sizes.length <= 2) return tensor;
    return { ...tensor, inputs: [fill(a, tensor.shape), fill(b, tensor.shape)] };
  }
  if (tensor.op === "where") {
    const inputs = tensor.inputs.map((x) => (sizeOf(x.shape) === 1 ? x : fill(x, tensor.shape)));
    return { ...tensor, inputs };
  }
  if (tensor.op === "matmul") {
    const batch = tensor.shape.slice(0, -2);
    const inputs = tensor.inputs.map((x) =>
      sizeOf(x.shape.slice(0, -2)) === 1 ? x : fill(x, [...batch, ...x.shape.slice(-2)]),
    );
    return { ...tensor, inputs };
  }
  return tensor;
}
