/**
 * Running normalisation of observations and rewards, in float64. Observations: (x − mean) / √(variance + ε), clipped.
 * Rewards: divided by the deviation of the discounted return (Engstrom et al. 2020; the "reward scaling" of the
 * continuous-control details), clipped; their mean is left alone because shifting rewards changes the task.
 */

import { z } from "zod";
import { numbers } from "../files/savedState.ts";

const EPSILON = 1e-8;

/** Of the moments of rows of `size` columns. */
const momentsForm = (size: number) =>
  z.object({ mean: numbers(size), variance: numbers(size), count: z.number().positive() });
export type MomentsState = z.infer<ReturnType<typeof momentsForm>>;

/** Mean and variance of a stream of rows, merged batch by batch (Chan, Golub & LeVeque 1983). */
export class RunningMoments {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  /** Rows seen; starts a little above 0 so that the first batch decides. */
  count = 1e-4;
  readonly #batchMean: Float64Array;
  readonly #batchSquares: Float64Array;

  constructor(size: number) {
    this.mean = new Float64Array(size);
    this.variance = new Float64Array(size).fill(1);
    this.#batchMean = new Float64Array(size);
    this.#batchSquares = new Float64Array(size);
  }

  /** @param values [rows × size]. */
  update(values: Float32Array | Float64Array, rows: number): void {
    const size = this.mean.length;
    const batchMean = this.#batchMean.fill(0);
    const squares = this.#batchSquares.fill(0);
    for (let row = 0, at = 0; row < rows; row++) {
      for (let j = 0; j < size; j++, at++) batchMean[j] += values[at];
    }
    for (let j = 0; j < size; j++) batchMean[j] /= rows;
    for (let row = 0, at = 0; row < rows; row++) {
      for (let j = 0; j < size; j++, at++) squares[j] += square(values[at] - batchMean[j]);
    }
    const total = this.count + rows;
    for (let j = 0; j < size; j++) {
      const shift = batchMean[j] - this.mean[j];
      const between = (shift * shift * this.count * rows) / total;
      this.variance[j] = (this.variance[j] * this.count + squares[j] + between) / total;
      this.mean[j] += (shift * rows) / total;
    }
    this.count = total;
  }

  save(): MomentsState {
    return { mean: [...this.mean], variance: [...this.variance], count: this.count };
  }

  load(state: MomentsState): void {
    this.mean.set(state.mean);
    this.variance.set(state.variance);
    this.count = state.count;
  }
}

export class ObservationNormaliser {
  readonly moments: RunningMoments;
  /** Of what `moments.save` gives. */
  readonly form: ReturnType<typeof momentsForm>;
  readonly #numeric: readonly boolean[];

  /** @param numeric for each column, whether it is a number to be normalised. */
  constructor(numeric: readonly boolean[]) {
    this.#numeric = numeric;
    this.moments = new RunningMoments(numeric.length);
    this.form = momentsForm(numeric.length);
  }

  update(observations: Float32Array, rows: number): void {
    this.moments.update(observations, rows);
  }

  /** Writes the scaling of now: mean, and 1 / √(variance + ε) (0 and 1 for columns that are indices), each [flatSize]. */
  write(mean: Float32Array, scale: Float32Array): void {
    const numeric = this.#numeric;
    for (let j = 0; j < numeric.length; j++) {
      mean[j] = numeric[j] ? this.moments.mean[j] : 0;
      scale[j] = numeric[j] ? 1 / Math.sqrt(this.moments.variance[j] + EPSILON) : 1;
    }
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
    const scale = 1 / Math.sqrt(this.moments.variance[0] + EPSILON);
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
