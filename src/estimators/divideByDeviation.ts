/**
 * Weights on the scale of 1: divided by their deviation, in place. Their mean is left alone, for it is the baseline's business.
 * Weights that are all alike, to a hundredth of their mean (a single one, too), stay as they are: their deviation says nothing
 * of their scale, and dividing by it would make them as large as one likes.
 */
export function divideByDeviation(weights: Float64Array): void {
  const mean = weights.reduce((a, b) => a + b, 0) / weights.length;
  const squares = weights.reduce((a, b) => a + (b - mean) * (b - mean), 0) / weights.length;
  const deviation = Math.sqrt(squares);
  if (deviation <= 0.01 * Math.abs(mean)) return;
  const scale = 1 / (deviation + 1e-8);
  for (let k = 0; k < weights.length; k++) weights[k] *= scale;
}
