/**
 * Running normalisation of observations and rewards, in float64. Observations: (x − mean) / √(variance + ε), clipped.
 * Rewards: divided by the deviation of the discounted return (Engstrom et al. 2020; the "reward scaling" of the
 * continuous-control details), clipped; their mean is left alone because shifting rewards changes the task. Where nothing
 * has varied yet there is no deviation to divide by, and the divisor is 1.
 */

import { z } from "zod";
import type { Space } from "../envs/spaces.ts";
import { numbers } from "../files/savedState.ts";
import { numericColumns } from "../policies/encode.ts";
import { SCALING_EPSILON as EPSILON } from "../policies/moments.ts";
import { ObservationScaler, type ObservationScaling } from "../policies/observationScaling.ts";

/** Of the moments of rows of `size` columns. */
export const momentsForm = (size: number) =>
  z.object({
    mean: numbers(size),
    meanRest: numbers(size).optional(),
    variance: numbers(size),
    count: z.number().min(0),
  });
export type MomentsState = z.infer<ReturnType<typeof momentsForm>>;

/** What a column is multiplied by: 1 until it has varied. */
function scaleOf(variance: number): number {
  return variance > 0 ? 1 / Math.sqrt(variance + EPSILON) : 1;
}

/**
 * Mean and variance (divisor: the count) of a stream of rows, merged batch by batch (Chan, Golub & LeVeque 1983). They are
 * those of the rows seen and of nothing else, however far these lie from 0; a column of equal numbers has the variance 0.
 */
export class RunningMoments {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  /** Rows seen. */
  count = 0;
  /** What is left of the mean behind its last digit: `mean` alone would round away small moves of large numbers. */
  readonly #meanRest: Float64Array;
  /** Of a batch, as distances from its first row. */
  readonly #batchMean: Float64Array;
  readonly #batchSquares: Float64Array;

  constructor(size: number) {
    this.mean = new Float64Array(size);
    this.variance = new Float64Array(size);
    this.#meanRest = new Float64Array(size);
    this.#batchMean = new Float64Array(size);
    this.#batchSquares = new Float64Array(size);
  }

  /** @param values [rows × size], at least one row. */
  update(values: Float32Array | Float64Array, rows: number): void {
    const size = this.mean.length;
    const batchMean = this.#batchMean.fill(0);
    const squares = this.#batchSquares.fill(0);
    // Distances from the first row are exact where a sum of large numbers would round, and 0 of equal ones.
    for (let row = 1, at = size; row < rows; row++) {
      for (let j = 0; j < size; j++, at++) batchMean[j] += values[at] - values[j];
    }
    for (let j = 0; j < size; j++) batchMean[j] /= rows;
    for (let row = 0, at = 0; row < rows; row++) {
      for (let j = 0; j < size; j++, at++) squares[j] += square(values[at] - values[j] - batchMean[j]);
    }
    const total = this.count + rows;
    for (let j = 0; j < size; j++) {
      const shift = values[j] - this.mean[j] + (batchMean[j] - this.#meanRest[j]);
      const between = (shift * shift * this.count * rows) / total;
      this.variance[j] = (this.variance[j] * this.count + squares[j] + between) / total;
      const before = this.mean[j];
      const move = this.#meanRest[j] + (shift * rows) / total;
      this.mean[j] = before + move;
      this.#meanRest[j] = move - (this.mean[j] - before);
    }
    this.count = total;
  }

  save(): MomentsState {
    const { mean, variance, count } = this;
    return { mean: [...mean], meanRest: [...this.#meanRest], variance: [...variance], count };
  }

  load(state: MomentsState): void {
    this.mean.set(state.mean);
    this.#meanRest.set(state.meanRest ?? this.#meanRest.fill(0));
    this.variance.set(state.variance);
    this.count = state.count;
  }
}

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

const rewardForm = (environments: number) => momentsForm(1).extend({ returns: numbers(environments) });
export type RewardState = z.infer<ReturnType<typeof rewardForm>>;

export class RewardNormaliser {
  readonly moments = new RunningMoments(1);
  /** Of what `save` gives. */
  readonly form: ReturnType<typeof rewardForm>;
  /** Discounted return so far, for each environment. */
  readonly returns: Float64Array;
  readonly #gamma: number;
  readonly #clip: number;

  constructor(environments: number, gamma: number, clip: number) {
    this.returns = new Float64Array(environments);
    this.form = rewardForm(environments);
    this.#gamma = gamma;
    this.#clip = clip;
  }

  /** Writes the scaled rewards of one step to `out` at `offset`. */
  apply(rewards: Float64Array, terminated: Uint8Array, truncated: Uint8Array, out: Float64Array, offset: number): void {
    const { returns } = this;
    for (let i = 0; i < rewards.length; i++) returns[i] = returns[i] * this.#gamma + rewards[i];
    this.moments.update(returns, returns.length);
    const scale = scaleOf(this.moments.variance[0]);
    for (let i = 0; i < rewards.length; i++) {
      out[offset + i] = Math.min(Math.max(rewards[i] * scale, -this.#clip), this.#clip);
      if (terminated[i] !== 0 || truncated[i] !== 0) returns[i] = 0;
    }
  }

  /** Forgets the running returns: all environments start anew. */
  restart(): void {
    this.returns.fill(0);
  }

  save(): RewardState {
    return { ...this.moments.save(), returns: [...this.returns] };
  }

  load(state: RewardState): void {
    this.moments.load(state);
    this.returns.set(state.returns);
  }
}

function square(x: number): number {
  return x * x;
}
