/**
 * Weights on the scale of 1: divided by their deviation, in place. Their mean is left alone, for it is the baseline's business.
 * Weights that are all alike (a single one, too) have no scale of their own and stay as they are: dividing by next to nothing
 * would make them 10⁸ times as large.
 */
export function divideByDeviation(weights: Float64Array): void {
  const mean = weights.reduce((a, b) => a + b, 0) / weights.length;
  const squares = weights.reduce((a, b) => a + (b - mean) * (b - mean), 0) / weights.length;
  const deviation = Math.sqrt(squares);
  if (deviation <= 1e-8 * Math.max(1, Math.abs(mean))) return;
  const scale = 1 / (deviation + 1e-8);
  for (let k = 0; k < weights.length; k++) weights[k] *= scale;
}
