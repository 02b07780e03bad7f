/** Activation functions by name, as graph code. */

import { describeValue } from "../arguments/describeValue.ts";
import { AscentError } from "../errors.ts";
import type { Tensor } from "../tensor/graph.ts";
import { add, expm1, geluTanh, max, min, mul, relu, sigmoid, softplus, tanh } from "../tensor/ops/elementwise.ts";

const table = {
  tanh,
  relu,
  sigmoid,
  softplus,
  /** x · σ(x), "swish". */
  silu: (x: Tensor) => mul(x, sigmoid(x)),
  /** x for x > 0, eˣ − 1 below. At 0 the slope is that of one branch: `max` gives a tie to x, `min` to its 0. */
  elu: (x: Tensor) => add(max(x, 0), expm1(min(0, x))),
  leakyRelu: (x: Tensor) => max(x, mul(x, 0.01)),
  /** The tanh form of Hendrycks & Gimpel 2016. */
  gelu: geluTanh,
  linear: (x: Tensor) => x,
} as const;

export type ActivationName = keyof typeof table;

export const activationNames = Object.keys(table) as ActivationName[];

/** @throws AscentError "option" for an unknown name. */
export function activation(name: ActivationName): (x: Tensor) => Tensor {
  const found = table[name];
  if (found !== undefined) return found;
  throw new AscentError("option", {
    what: "Unknown activation",
    got: describeValue(name),
    expected: activationNames.join(", "),
    fix: "Give one of these names.",
  });
}
