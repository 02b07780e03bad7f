/** Layer norm and RMS norm, over the last axis. */

import { checkArgument, positiveNumber } from "../../arguments/checks.ts";
import { node, type Tensor } from "../graph.ts";
import { resolveAxis } from "../shape.ts";
import { add, mul, requireFloat } from "./elementwise.ts";

/** @param name what the user called. @param others what it gave besides. */
function normalise(name: string, x: Tensor, others: readonly Tensor[], epsilon: number, centred: boolean): Tensor {
  for (const tensor of [x, ...others]) requireFloat(name, tensor);
  resolveAxis(name, x.shape, -1);
  checkArgument(`${name}: epsilon`, positiveNumber, epsilon);
  return node("normalise", [x], x.shape, "f32", { epsilon, centred });
}

/** The gradient of a `normalise` by its operand, of that of its result. */
export function normaliseGradient(y: Tensor, gradient: Tensor): Tensor {
  return node("normaliseGradient", [y.inputs[0], gradient], y.shape, "f32", y.attributes);
}

/**
 * (x − mean) / √(variance + epsilon) · weight + bias (Ba, Kiros & Hinton 2016), mean and variance over the last axis.
 *
 * @param weight and bias broadcast against x: [n] of its last axis.
 */
export function layerNorm(x: Tensor, weight: Tensor, bias: Tensor, epsilon: number): Tensor {
  return add(mul(normalise("layerNorm", x, [weight, bias], epsilon, true), weight), bias);
}

/** x / √(mean of x² + epsilon) · weight (Zhang & Sennrich 2019), the mean over the last axis. @param weight as of `layerNorm`. */
export function rmsNorm(x: Tensor, weight: Tensor, epsilon: number): Tensor {
  return mul(normalise("rmsNorm", x, [weight], epsilon, false), weight);
}
