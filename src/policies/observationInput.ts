/** The front of every network program: raw observation columns in, normalised ones out. */

import type { Space } from "../envs/spaces.ts";
import { flatSize } from "../envs/spaces.ts";
import { constant, input, type Tensor } from "../tensor/graph.ts";
import { clip, mul, neg, sub } from "../tensor/ops/elementwise.ts";
import { numericColumns } from "./encode.ts";

/** Larger than any index column. */
const NO_LIMIT = 1e30;

export interface ObservationInput {
  /** Raw observations [rows, flatSize]: an input named "observation". */
  readonly raw: Tensor;
  /** What the network sees [rows, flatSize]. */
  readonly normalised: Tensor;
}

/**
 * @param clipTo normalised numbers are held in ±clipTo; undefined: observations pass unchanged, and there are no inputs
 *   "observationMean" and "observationScale".
 */
export function observationInput(space: Space, rows: number, clipTo: number | undefined): ObservationInput {
  const size = flatSize(space);
  const raw = input("observation", [rows, size]);
  if (clipTo === undefined) return { raw, normalised: raw };
  const mean = input("observationMean", [size]);
  const scale = input("observationScale", [size]);
  const limit = constant(
    numericColumns(space).map((isNumber) => (isNumber ? clipTo : NO_LIMIT)),
    [size],
  );
  return { raw, normalised: clip(mul(sub(raw, mean), scale), neg(limit), limit) };
}
