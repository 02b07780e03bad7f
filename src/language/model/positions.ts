/**
 * Where each token stands, and rotary position embeddings (Su et al. 2021) in the layout of Transformers' Llama: the first
 * half of a head's entries is paired with the second. Cosines and sines are tables, made in float64 with functions that give
 * the same bits everywhere.
 */

import { cos, exp, log, sin } from "../../math/deterministic.ts";
import { constant, type Tensor } from "../../tensor/graph.ts";
import { add, max, mul, sub, toInt } from "../../tensor/ops/elementwise.ts";
import { gatherRows } from "../../tensor/ops/gather.ts";
import { concat, reshape, sliceAxis } from "../../tensor/ops/layout.ts";
import { matmul } from "../../tensor/ops/matmul.ts";

/** Positions of a batch: i32 [rows, length] all below `limit`, or without a tensor 0, 1, 2 … in every row. */
export interface Positions {
  readonly tensor?: Tensor;
  readonly limit: number;
}

/**
 * Positions counted over real tokens: Σ mask up to and with the token, minus 1, not below 0.
 *
 * @param mask f32 [rows, length] of 1 and 0.
 */
export function positionsFromMask(mask: Tensor): Tensor {
  const length = mask.shape[1];
  const upTo = Float32Array.from({ length: length * length }, (_, i) => (Math.floor(i / length) <= i % length ? 1 : 0));
  return toInt(max(sub(matmul(mask, constant(upTo, [length, length])), 1), 0));
}

/** Cosines and sines by which heads are turned: each [length, size / 2] or [rows, length, size / 2] with axes of 1 between. */
export interface Rotation {
  readonly cosines: Tensor;
  readonly sines: Tensor;
}

/**
 * @param size of a head, even.
 * @returns shapes that broadcast against [rows, length, heads, size / 2].
 */
export function rotation(positions: Positions, length: number, size: number, base: number): Rotation {
  const rows = positions.tensor === undefined ? length : positions.limit;
  const half = size / 2;
  const angles = new Float64Array(rows * half);
  for (let i = 0; i < half; i++) {
    const frequency = exp((-2 * i * log(base)) / size);
    for (let position = 0; position < rows; position++) angles[position * half + i] = position * frequency;
  }
  const table = (f: (x: number) => number): Tensor => {
    const all = constant(Float32Array.from(angles, f), [rows, half]);
    if (positions.tensor === undefined) return reshape(all, [1, length, 1, half]);
    return reshape(gatherRows(all, reshape(positions.tensor, [-1])), [-1, length, 1, half]);
  };
  return { cosines: table(cos), sines: table(sin) };
}

/** Heads [rows, length, heads, size], turned. */
export function rotate(x: Tensor, { cosines, sines }: Rotation): Tensor {
  const half = x.shape[3] / 2;
  const first = sliceAxis(x, 3, 0, half);
  const second = sliceAxis(x, 3, half, half);
  return concat([sub(mul(first, cosines), mul(second, sines)), add(mul(second, cosines), mul(first, sines))], 3);
}
