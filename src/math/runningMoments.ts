/** Mean and variance of a stream of rows in float64: what normalisers of observations and rewards scale by. */

/** ε of the scaling 1 / √(variance + ε). */
export const SCALING_EPSILON = 1e-8;

/** Saved moments of rows, by column. */
export interface MomentsState {
  mean: number[];
  /** What is left of the mean behind its last digit. */
  meanRest?: number[] | undefined;
  variance: number[];
  /** Rows seen. */
  count: number;
}

/** What a column is multiplied by: 1 until it has varied. */
export function scaleOf(variance: number): number {
  return variance > 0 ? 1 / Math.sqrt(variance + SCALING_EPSILON) : 1;
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

function square(x: number): number {
  return x * x;
}
