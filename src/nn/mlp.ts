/** A multilayer perceptron: affine layers with an activation between them, and after the last one only if asked. */

import type { Work } from "../pauses.ts";
import { parameter, type Tensor } from "../tensor/graph.ts";
import { add } from "../tensor/ops/elementwise.ts";
import { matmul } from "../tensor/ops/matmul.ts";
import type { ParameterValues } from "../tensor/parameters.ts";
import { type ActivationName, activation } from "./activations.ts";
import type { StartingValues } from "./startingValues.ts";

export interface MlpOptions {
  /** Between layers. Default tanh. */
  activation?: ActivationName;
  /** After the last layer too. Default false. */
  activateLast?: boolean;
  /** Orthogonal weights and zero biases; otherwise uniform by fan-in. Default true. */
  orthogonalInit?: boolean;
  /** Gain of the inner layers' orthogonal weights. Default √2. */
  gain?: number;
  /** Gain of the last layer's. Default: `gain`. */
  lastGain?: number;
}

/** A differentiable function with trainable numbers. */
export interface Module {
  readonly parameters: readonly Tensor[];
  /** [rows, inputs] → [rows, outputs]. */
  apply(x: Tensor): Tensor;
  /** Writes starting values, in the order of `parameters`. */
  initialising(block: ParameterValues, start: StartingValues): Work<void>;
}

/**
 * @param name goes before each parameter's name: "policy" gives policy.0.weight, policy.0.bias, …
 * @param sizes of the layers, inputs first; a single size is the identity.
 */
export function mlp(name: string, sizes: readonly number[], options: MlpOptions = {}): Module {
  const { activateLast = false, orthogonalInit = true, gain = Math.SQRT2, lastGain = gain } = options;
  const activate = activation(options.activation ?? "tanh");
  const layers = sizes.slice(1).map((outputs, i) => ({
    inputs: sizes[i],
    outputs,
    weight: parameter(`${name}.${i}.weight`, [sizes[i], outputs]),
    bias: parameter(`${name}.${i}.bias`, [outputs]),
  }));
  return {
    parameters: layers.flatMap(({ weight, bias }) => [weight, bias]),
    apply: (x) =>
      layers.reduce((value, { weight, bias }, i) => {
        const affine = add(matmul(value, weight), bias);
        return i < layers.length - 1 || activateLast ? activate(affine) : affine;
      }, x),
    *initialising(block, start) {
      for (const [i, { inputs, outputs }] of layers.entries()) {
        const own = i < layers.length - 1 ? gain : lastGain;
        yield* start.layer(block, `${name}.${i}`, [inputs, outputs], orthogonalInit ? own : undefined);
      }
    },
  };
}
