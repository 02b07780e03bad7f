/** How layers start. Weights are [inputs, outputs], row-major. */

import type { Work } from "../pauses.ts";
import type { RandomStream } from "../random/stream.ts";
import type { ParameterValues } from "../tensor/parameters.ts";
import { orthogonalMatrix } from "./orthogonal.ts";

/** Uniform on ±1/√inputs, PyTorch's default for linear layers and their biases. */
export function uniformFanIn(values: Float32Array, inputs: number, random: RandomStream): void {
  const bound = 1 / Math.sqrt(inputs);
  for (let i = 0; i < values.length; i++) values[i] = random.uniformBetween(-bound, bound);
}

/**
 * Writes `${name}.weight` and `${name}.bias` of an affine layer.
 *
 * @param gain of orthogonal weights, with biases of zero; undefined: both uniform by fan-in.
 */
export function* initialisingLayer(
  block: ParameterValues,
  name: string,
  [inputs, outputs]: readonly [number, number],
  gain: number | undefined,
  random: RandomStream,
): Work<void> {
  // Asked for behind the work: at its stops the engine's memory may have grown, and older views be dead.
  const orthogonal = gain === undefined ? undefined : yield* orthogonalMatrix(inputs, outputs, gain, random);
  const weight = block.values(`${name}.weight`);
  const bias = block.values(`${name}.bias`);
  if (orthogonal !== undefined) {
    weight.set(orthogonal);
    bias.fill(0);
  } else {
    uniformFanIn(weight, inputs, random);
    uniformFanIn(bias, inputs, random);
  }
}
