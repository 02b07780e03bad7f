/**
 * How layers start. Modules ask for it by the type alone, and only training makes one (`startingValues`): who acts with a
 * trained network loads none of it. Weights are [inputs, outputs], row-major.
 */

import type { Work } from "../pauses.ts";
import type { RandomStream } from "../random/stream.ts";
import type { ParameterValues } from "../tensor/parameters.ts";
import { orthogonalMatrix } from "./orthogonal.ts";

/** The parameters of a memory cell, by name. */
export interface CellParameters {
  /** [inputs, columns] and [size, columns]. */
  readonly matrices: readonly [input: string, state: string];
  readonly biases: readonly string[];
  readonly inputs: number;
  readonly size: number;
  readonly columns: number;
}

/** Writes starting values. Work, because orthogonal weights are; draws in the order of calls. */
export interface StartingValues {
  /**
   * `${name}.weight` and `${name}.bias` of an affine layer.
   *
   * @param gain of orthogonal weights, with biases of zero; undefined: both uniform by fan-in.
   */
  layer(
    block: ParameterValues,
    name: string,
    shape: readonly [inputs: number, outputs: number],
    gain: number | undefined,
  ): Work<void>;
  /** A memory cell: orthogonal matrices of gain 1 and biases of zero, or all uniform on ±1/√size. */
  cell(block: ParameterValues, parameters: CellParameters, orthogonal: boolean): Work<void>;
}

/** Uniform on ±1/√inputs, PyTorch's default for linear layers and their biases. */
export function uniformFanIn(values: Float32Array, inputs: number, random: RandomStream): void {
  const bound = 1 / Math.sqrt(inputs);
  for (let i = 0; i < values.length; i++) values[i] = random.uniformBetween(-bound, bound);
}

/** Values drawn from one stream. */
export function startingValues(random: RandomStream): StartingValues {
  return {
    *layer(block, name, [inputs, outputs], gain) {
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
    },
    *cell(block, { matrices, biases, inputs, size, columns }, orthogonal) {
      const drawn = orthogonal && [
        yield* orthogonalMatrix(inputs, columns, 1, random),
        yield* orthogonalMatrix(size, columns, 1, random),
      ];
      const weights = matrices.map((name) => block.values(name));
      const rest = biases.map((name) => block.values(name));
      if (drawn) {
        for (const [i, values] of weights.entries()) values.set(drawn[i]);
        for (const values of rest) values.fill(0);
      } else {
        for (const values of [...weights, ...rest]) uniformFanIn(values, size, random);
      }
    },
  };
}
