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
  const [mean, scale] = [input("observationMean", [size]), input("observationScale", [size])];
  return { raw, normalised: scaleObservation(space, raw, { mean, scale, clip: clipTo }) };
}

/** (raw − mean) · scale, held in ±clip where columns are numbers [rows, flatSize]; mean and scale are [flatSize]. */
export function scaleObservation(
  space: Space,
  raw: Tensor,
  { mean, scale, clip: clipTo }: { mean: Tensor; scale: Tensor; clip: number },
): Tensor {
  const limits = numericColumns(space).map((isNumber) => (isNumber ? clipTo : NO_LIMIT));
  const limit = constant(limits, [limits.length]);
  return clip(mul(sub(raw, mean), scale), neg(limit), limit);
}
