/**
 * Elementwise operations with NumPy broadcasting. Comparisons give 1 or 0 as f32, so that masks multiply. Integers take
 * part only where an index is meant: convert with `toFloat` first.
 */

import { checkArgument, text } from "../../arguments/checks.ts";
import { type BinaryOp, constant, describeTensor, node, requireTensor, type Tensor, type UnaryOp } from "../graph.ts";
import { broadcastShapes, type Shape, shapeError } from "../shape.ts";

/** A tensor, or a number that stands for a scalar constant. */
export type Operand = Tensor | number;

export function asTensor(value: Operand): Tensor {
  if (typeof value === "number") return constant(value);
  requireTensor("asTensor", value);
  return value;
}

/** @throws AscentError "shape" unless it is a tensor of f32; `op` names the operation that needs one. */
export function requireFloat(op: string, tensor: Tensor): void {
  checkArgument("requireFloat: op", text, op);
  requireTensor(op, tensor);
  if (tensor.dtype === "f32") return;
  throw shapeError({
    what: `${op} works on f32`,
    got: `${describeTensor(tensor)} of dtype ${tensor.dtype}`,
    expected: "f32",
    fix: "Convert it with toFloat(x).",
  });
}

function unary(op: UnaryOp, x: Tensor): Tensor {
  requireFloat(op, x);
  return node(op, [x], x.shape);
}

function binary(op: BinaryOp, a: Operand, b: Operand): Tensor {
  const { tensors, shape } = checkOperands(op, a, b);
  return node(op, tensors, shape);
}

/** A comparison of b with a under the name of the one of a with b. */
function reversed(op: BinaryOp, a: Operand, b: Operand, name: string): Tensor {
  const { tensors, shape } = checkOperands(name, a, b);
  return node(op, [tensors[1], tensors[0]], shape);
}

/** Operands as tensors of f32, and the shape they broadcast to. */
function checkOperands(name: string, ...operands: readonly Operand[]): { tensors: Tensor[]; shape: Shape } {
  const tensors = operands.map((x) => (typeof x === "number" ? constant(x) : x));
  for (const tensor of tensors) requireFloat(name, tensor);
  return { tensors, shape: broadcastShapes(name, ...tensors.map((tensor) => tensor.shape)) };
}

export const add = (a: Operand, b: Operand): Tensor => binary("add", a, b);
export const sub = (a: Operand, b: Operand): Tensor => binary("sub", a, b);
export const mul = (a: Operand, b: Operand): Tensor => binary("mul", a, b);
export const div = (a: Operand, b: Operand): Tensor => binary("div", a, b);
/** The smaller of two; where they are equal the gradient goes to `a`. NaN if either is NaN. */
export const min = (a: Operand, b: Operand): Tensor => binary("min", a, b);
/** The larger of two; where they are equal the gradient goes to `a`. NaN if either is NaN. */
export const max = (a: Operand, b: Operand): Tensor => binary("max", a, b);
export const less = (a: Operand, b: Operand): Tensor => binary("less", a, b);
export const lessEqual = (a: Operand, b: Operand): Tensor => binary("lessEqual", a, b);
export const greater = (a: Operand, b: Operand): Tensor => reversed("less", a, b, "greater");
export const greaterEqual = (a: Operand, b: Operand): Tensor => reversed("lessEqual", a, b, "greaterEqual");
export const equal = (a: Operand, b: Operand): Tensor => binary("equal", a, b);

export const neg = (x: Tensor): Tensor => unary("neg", x);
export const abs = (x: Tensor): Tensor => unary("abs", x);
/** −1, 0 or 1. */
export const sign = (x: Tensor): Tensor => unary("sign", x);
export const square = (x: Tensor): Tensor => unary("square", x);
export const sqrt = (x: Tensor): Tensor => unary("sqrt", x);
export const reciprocal = (x: Tensor): Tensor => unary("reciprocal", x);
export const exp = (x: Tensor): Tensor => unary("exp", x);
/** eˣ − 1 without cancellation near 0. */
export const expm1 = (x: Tensor): Tensor => unary("expm1", x);
export const log = (x: Tensor): Tensor => unary("log", x);
/** log(1 + x) without cancellation near 0. */
export const log1p = (x: Tensor): Tensor => unary("log1p", x);
export const tanh = (x: Tensor): Tensor => unary("tanh", x);
export const sigmoid = (x: Tensor): Tensor => unary("sigmoid", x);
/** log(1 + eˣ), finite for every finite x. */
export const softplus = (x: Tensor): Tensor => unary("softplus", x);
/** log σ(x) = −softplus(−x). */
export function logSigmoid(x: Tensor): Tensor {
  requireFloat("logSigmoid", x);
  return neg(softplus(neg(x)));
}
export const relu = (x: Tensor): Tensor => unary("relu", x);
/**
 * To 2⁻²² for |x| ≤ 10⁴. Beyond, the reduction by π/2 loses digits; far beyond, results leave [−1, 1]: reduce such angles
 * first.
 */
export const sin = (x: Tensor): Tensor => unary("sin", x);
/** As exact as `sin`, and as bounded. */
export const cos = (x: Tensor): Tensor => unary("cos", x);
export const floor = (x: Tensor): Tensor => unary("floor", x);
/** x · Φ(x) with the tanh that Hendrycks & Gimpel 2016 put in place of Φ: ½ x (1 + tanh(√(2/π) (x + 0.044715 x³))). */
export const geluTanh = (x: Tensor): Tensor => unary("geluTanh", x);
/** x · Φ(x), with the normal distribution's own Φ (Hendrycks & Gimpel 2016). */
export const gelu = (x: Tensor): Tensor => unary("gelu", x);
/** A copy: gives an output a place of its own. */
export const identity = (x: Tensor): Tensor => unary("identity", x);

/** gradient · (1 − y²), with y = tanh(x): the derivative of tanh, one pass. */
export const tanhGrad = (gradient: Tensor, y: Tensor): Tensor => binary("tanhGrad", gradient, y);
/** gradient where y > 0, else 0: the derivative of relu from its output y. */
export const reluGrad = (gradient: Tensor, y: Tensor): Tensor => binary("reluGrad", gradient, y);

/** gradient times the derivative of gelu at x, one pass. */
export const geluGrad = (gradient: Tensor, x: Tensor): Tensor => binary("geluGrad", gradient, x);
/** gradient times the derivative of geluTanh at x, one pass. */
export const geluTanhGrad = (gradient: Tensor, x: Tensor): Tensor => binary("geluTanhGrad", gradient, x);

/**
 * `a` where condition ≠ 0, else `b`. A NaN in the branch not taken has no effect on the value, and the gradient that flows
 * into that branch is exactly 0. Behind it 0 can still meet an infinite derivative (log at 0): there make the argument
 * safe first, where(c, log(where(c, x, 1)), 0).
 */
export function where(condition: Operand, a: Operand, b: Operand): Tensor {
  const { tensors, shape } = checkOperands("where", condition, a, b);
  return node("where", tensors, shape);
}

/** x held between `low` and `high`; outside, the gradient is 0. */
export function clip(x: Tensor, low: Operand, high: Operand): Tensor {
  requireFloat("clip", x);
  const { tensors } = checkOperands("clip", x, low, high);
  return min(max(tensors[0], tensors[1]), tensors[2]);
}

/** The value of x; no gradient flows through it. */
export function stopGradient(x: Tensor): Tensor {
  requireTensor("stopGradient", x);
  return node("stopGradient", [x], x.shape, x.dtype);
}

export function toFloat(x: Tensor): Tensor {
  requireTensor("toFloat", x);
  return x.dtype === "f32" ? x : node("toFloat", [x], x.shape, "f32");
}

/** Rounds towards zero. */
export function toInt(x: Tensor): Tensor {
  requireTensor("toInt", x);
  return x.dtype === "i32" ? x : node("toInt", [x], x.shape, "i32");
}
