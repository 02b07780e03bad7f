/**
 * Weights on the scale of 1: divided by their deviation, in place. Their mean is left alone, for it is the baseline's business.
 */
export function divideByDeviation(weights: Float64Array): void {
  const mean = weights.reduce((a, b) => a + b, 0) / weights.length;
  const squares = weights.reduce((a, b) => a + (b - mean) * (b - mean), 0) / weights.length;
  const scale = 1 / (Math.sqrt(squares) + 1e-8);
  for (let k = 0; k < weights.length; k++) weights[k] *= scale;
}
