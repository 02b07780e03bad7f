/**
 * How observations are normalised before a network sees them, in float64: far from 0 the digits that matter are gone once
 * a number has been rounded to float32. Whoever collects, evaluates or acts does it here, so all see the same.
 */

import type { Space } from "../envs/spaces.ts";
import { numericColumns } from "./encode.ts";
import type { ObservationMoments } from "./moments.ts";

export interface ObservationScaling {
  /** 0 for columns that are not numbers to be normalised [flatSize]. */
  readonly mean: Float64Array;
  /** 1 for those columns [flatSize]. */
  readonly scale: Float64Array;
  /** Normalised numbers are held in ±clip. */
  readonly clip: number;
  /** What running statistics go on from, when training starts from this policy. */
  readonly moments?: ObservationMoments;
}

export class ObservationScaler {
  readonly scaling: ObservationScaling;
  /** What holds each column's numbers: Infinity for those that are not normalised [flatSize]. */
  readonly #limits: Float64Array;

  /** @param scaling read anew each time: it may change. */
  constructor(space: Space, scaling: ObservationScaling) {
    this.scaling = scaling;
    const limitOf = (numeric: boolean) => (numeric ? scaling.clip : Number.POSITIVE_INFINITY);
    this.#limits = Float64Array.from(numericColumns(space), limitOf);
  }

  /**
   * Writes (x − mean) · scale, held in ±clip.
   *
   * @param observations flat columns, with all the digits that the environment gives [rows × flatSize].
   * @param out written, rounded to float32 only here [rows × flatSize].
   */
  apply(observations: Float32Array | Float64Array, out: Float32Array): void {
    const { mean, scale } = this.scaling;
    const limits = this.#limits;
    const columns = limits.length;
    for (let from = 0; from < observations.length; from += columns) {
      for (let j = 0; j < columns; j++) {
        const scaled = (observations[from + j] - mean[j]) * scale[j];
        out[from + j] = Math.min(Math.max(scaled, -limits[j]), limits[j]);
      }
    }
  }
}
