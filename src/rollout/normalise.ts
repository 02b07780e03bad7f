/**
 * Running normalisation of observations, in float64: (x − mean) / √(variance + ε), clipped. Where nothing has varied yet there is
 * no deviation to divide by, and the divisor is 1. Rewards are in envs/rewardNormaliser.ts.
 */

import type { Space } from "../envs/spaces.ts";
import { momentsForm } from "../files/momentsForm.ts";
import { type MomentsState, RunningMoments, scaleOf } from "../math/runningMoments.ts";
import { numericColumns } from "../policies/encode.ts";
import { ObservationScaler, type ObservationScaling } from "../policies/observationScaling.ts";

export class ObservationNormaliser {
  readonly moments: RunningMoments;
  /** Of what `save` gives. */
  readonly form: ReturnType<typeof momentsForm>;
  readonly #numeric: readonly boolean[];
  /** By the moments as they are now. */
  readonly #scaler: ObservationScaler;

  /** @param clip normalised numbers are held in ±clip. */
  constructor(space: Space, clip: number) {
    this.#numeric = numericColumns(space);
    const columns = this.#numeric.length;
    this.moments = new RunningMoments(columns);
    this.form = momentsForm(columns);
    const scaling = { mean: new Float64Array(columns), scale: new Float64Array(columns).fill(1), clip };
    this.#scaler = new ObservationScaler(space, scaling);
  }

  /** @param observations [rows × flatSize], with all the digits there are. */
  update(observations: Float32Array | Float64Array, rows: number): void {
    this.moments.update(observations, rows);
    this.#follow();
  }

  /** Writes observations [rows × flatSize] as the network is to see them. */
  apply(observations: Float32Array | Float64Array, out: Float32Array): void {
    this.#scaler.apply(observations, out);
  }

  /** A copy of the scaling of now. */
  scaling(): ObservationScaling {
    const { mean, scale, clip } = this.#scaler.scaling;
    return { mean: mean.slice(), scale: scale.slice(), clip };
  }

  #follow(): void {
    const { mean, scale } = this.#scaler.scaling;
    for (let j = 0; j < mean.length; j++) {
      if (!this.#numeric[j]) continue;
      mean[j] = this.moments.mean[j];
      scale[j] = scaleOf(this.moments.variance[j]);
    }
  }

  save(): MomentsState {
    return this.moments.save();
  }

  load(state: MomentsState): void {
    this.moments.load(state);
    this.#follow();
  }
}
