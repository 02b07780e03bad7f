/**
 * The graph: immutable nodes, each an operation on earlier nodes with a shape known while the graph is built. A `Tensor`
 * holds no numbers; `compile` (compile.ts) turns a graph into a program that does. Operations live in `ops/`.
 */

import { checkArgument, numbers, oneOf, text } from "../arguments/checks.ts";
import { describeValue } from "../arguments/describeValue.ts";
import { formatShape, type Shape, shapeError, sizeOf } from "./shape.ts";

export type DType = "f32" | "i32";

/** Operations of one tensor, entry by entry. Their order is that of the kernels' codes (opcodes.ts). */
export const unaryOps = [
  "neg",
  "abs",
  "sign",
  "square",
  "sqrt",
  "reciprocal",
  "exp",
  "expm1",
  "log",
  "log1p",
  "tanh",
  "sigmoid",
  "softplus",
  "relu",
  "sin",
  "cos",
  "floor",
  "geluTanh",
  "gelu",
  "identity",
] as const;

export type UnaryOp = (typeof unaryOps)[number];

/** Operations of two tensors that broadcast, entry by entry; in order of the kernels' codes. */
export const binaryOps = [
  "add",
  "sub",
  "mul",
  "div",
  "min",
  "max",
  "less",
  "lessEqual",
  "equal",
  "tanhGrad",
  "reluGrad",
  "geluTanhGrad",
  "geluGrad",
] as const;

export type BinaryOp = (typeof binaryOps)[number];

export type OpName =
  | "input"
  | "parameter"
  | "constant"
  | UnaryOp
  | BinaryOp
  | "where"
  | "stopGradient"
  | "toFloat"
  | "toInt"
  | "sum"
  | "maximum"
  | "argmax"
  | "matmul"
  | "reshape"
  | "transpose"
  | "broadcastTo"
  | "slice"
  | "pad"
  | "concat"
  | "gatherRows"
  | "scatterRows"
  | "takeLast"
  | "putLast"
  | "softmax"
  | "logSoftmax"
  | "logSumExp"
  | "crossEntropy"
  | "crossEntropyGradient"
  | "im2col"
  | "col2im"
  | "normalise"
  | "normaliseGradient"
  | "attention"
  | "attentionGradient"
  | "cachedAttention"
  | "deriveKey"
  | "randomUniform"
  | "randomNormal";

/** Static arguments of an operation; which of them are present depends on `op`. */
export interface Attributes {
  name?: string;
  values?: Float32Array | Int32Array;
  axis?: number;
  keepDims?: boolean;
  transposeA?: boolean;
  transposeB?: boolean;
  /** Of matmul: the right side lies as panels.ts lays it out. */
  panels?: boolean;
  permutation?: readonly number[];
  starts?: readonly number[];
  sizes?: readonly number[];
  before?: readonly number[];
  rows?: number;
  depth?: number;
  /** Of im2col and col2im: height, width, steps down and right, rows and columns of zeros around. */
  window?: readonly number[];
  /** Of normalise: what is added to the mean square, and whether the mean is taken off first. */
  epsilon?: number;
  centred?: boolean;
  /** Of attention: how many of queries, how many of keys and values, and the factor of scores. */
  heads?: number;
  keyValueHeads?: number;
  scale?: number;
  /** Of deriveKey: how many steps share a key, and which of the keys derived from one this is. */
  hold?: number;
  fold?: number;
}

export interface Tensor {
  readonly id: number;
  readonly op: OpName;
  readonly inputs: readonly Tensor[];
  readonly shape: Shape;
  readonly dtype: DType;
  readonly attributes: Attributes;
  /** A name for people, shown in errors: `label(x, "ratio")`. */
  readonly label: string | undefined;
}

const dtypes = oneOf(["f32", "i32"]);

let nextId = 0;

/** What the 2 GiB of an engine cannot hold. */
const TOO_MANY_ELEMENTS = 2 ** 29;

/** Makes a node. Operations call this after they have checked their arguments; users call the operations. */
export function node(
  op: OpName,
  inputs: readonly Tensor[],
  shape: Shape,
  dtype: DType = "f32",
  attributes: Attributes = {},
  label?: string,
): Tensor {
  const size = sizeOf(shape, op);
  if (size >= TOO_MANY_ELEMENTS) {
    throw shapeError({
      what: `${op}: no engine has memory for the result`,
      got: `${formatShape(shape)}, ${size} elements`,
      expected: "fewer than 2^29",
      fix: "Use smaller batches, or look for an operand that broadcasts by mistake.",
    });
  }
  return { id: nextId++, op, inputs, shape, dtype, attributes, label };
}

/** A value the caller writes before each run. */
export function input(name: string, shape: Shape, dtype: DType = "f32"): Tensor {
  checkArgument("input: name", text, name);
  checkArgument("input: dtype", dtypes, dtype);
  return node("input", [], shape, dtype, { name }, name);
}

/** A trainable value; its numbers live in a `ParameterBlock` (parameters.ts). Only parameters of dtype f32 exist. */
export function parameter(name: string, shape: Shape): Tensor {
  checkArgument("parameter: name", text, name);
  return node("parameter", [], shape, "f32", { name }, name);
}

/** @throws AscentError "shape" unless it is a tensor; `op` names the operation that needs one. */
export function requireTensor(op: string, x: unknown): asserts x is Tensor {
  const parts = x as Partial<Tensor> | null | undefined;
  if (typeof parts?.id === "number" && Array.isArray(parts.inputs) && Array.isArray(parts.shape)) return;
  throw shapeError({
    what: `${op} works on tensors`,
    got: describeValue(x),
    expected: "a tensor",
    fix: "Make one with input, parameter or constant, or compute it from others.",
  });
}

/** @throws AscentError "shape" unless it is a list of tensors. */
export function requireTensors(op: string, list: unknown): asserts list is readonly Tensor[] {
  if (!Array.isArray(list)) {
    const fix = "Put the tensors into an array: [x].";
    throw shapeError({ what: `${op} takes a list of tensors`, got: describeValue(list), expected: "an array", fix });
  }
  for (const x of list) requireTensor(op, x);
}

/** Fixed numbers, part of the program. `values` has as many entries as `shape` has elements. */
export function constant(values: ArrayLike<number> | number, shape: Shape = [], dtype: DType = "f32"): Tensor {
  if (typeof values !== "number") checkArgument("constant: values", numbers, values);
  checkArgument("constant: dtype", dtypes, dtype);
  const list = typeof values === "number" ? [values] : values;
  const size = sizeOf(shape, "constant");
  if (list.length !== size) {
    throw shapeError({
      what: "constant: the number of values does not fit the shape",
      got: `${list.length} values for ${formatShape(shape)}`,
      expected: `${size}`,
      fix: "Give row-major values for every element; broadcastTo(constant(x), shape) repeats one.",
    });
  }
  const data = dtype === "f32" ? Float32Array.from(list) : Int32Array.from(list);
  return node("constant", [], shape, dtype, { values: data });
}

/**
 * The same tensor, its id too, under a name that errors and diagnostics show: gradients by one are gradients by the other.
 * Leaves keep the name they were made with.
 */
export function label(tensor: Tensor, name: string): Tensor {
  requireTensor("label", tensor);
  checkArgument("label: name", text, name);
  return tensor.inputs.length === 0 ? tensor : { ...tensor, label: name };
}

/** How errors speak of a tensor: its label if it has one, otherwise its operation. */
export function describeTensor(tensor: Tensor): string {
  requireTensor("describeTensor", tensor);
  const name = tensor.label ?? tensor.attributes.name;
  return `${name === undefined ? tensor.op : `${tensor.op} "${name}"`} ${formatShape(tensor.shape)}`;
}

/** All nodes that `outputs` depend on, each after its inputs. The order depends on the graph alone. */
export function topologicalOrder(outputs: readonly Tensor[]): Tensor[] {
  requireTensors("topologicalOrder", outputs);
  const order: Tensor[] = [];
  const seen = new Set<number>();
  const stack: Tensor[] = [];
  /** Of each tensor on the stack, which of its inputs is next. */
  const next: number[] = [];
  for (const output of outputs) {
    if (seen.has(output.id)) continue;
    seen.add(output.id);
    stack.push(output);
    next.push(0);
    while (stack.length > 0) {
      const top = stack.length - 1;
      const tensor = stack[top];
      if (next[top] < tensor.inputs.length) {
        const child = tensor.inputs[next[top]++];
        if (seen.has(child.id)) continue;
        seen.add(child.id);
        stack.push(child);
        next.push(0);
      } else {
        order.push(tensor);
        stack.pop();
        next.pop();
      }
    }
  }
  return order;
}
