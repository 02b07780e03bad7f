/**
 * Weights on the scale of 1: divided by their root mean square, in place. Their mean is left alone, for it is the baseline's
 * business, and so it counts for their scale: weights that are all alike become ±1, where dividing by their deviation would
 * make them as large as one likes just when there is nothing left to tell apart. All 0 stays 0.
 */
export function divideByRootMeanSquare(weights: Float64Array): void {
  const squares = weights.reduce((a, b) => a + b * b, 0) / weights.length;
  const scale = 1 / (Math.sqrt(squares) + 1e-8);
  for (let k = 0; k < weights.length; k++) weights[k] *= scale;
}
