/** Ways to fill a weight matrix at the start. Weights are [inputs, outputs], row-major. */

import type { RandomStream } from "../random/stream.ts";

/**
 * Orthogonal (Saxe et al. 2014): the matrix of a normal sample made orthonormal, times `gain`. With more inputs than
 * outputs the columns are orthonormal, otherwise the rows.
 */
export function orthogonal(
  weights: Float32Array,
  inputs: number,
  outputs: number,
  gain: number,
  random: RandomStream,
): void {
  const [long, short] = inputs >= outputs ? [inputs, outputs] : [outputs, inputs];
  const vectors = Array.from({ length: short }, () => Float64Array.from({ length: long }, () => random.normal()));
  // Gram-Schmidt, each projection done twice: once is not orthogonal to rounding when vectors are nearly parallel.
  vectors.forEach((vector, i) => {
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j < i; j++) addScaled(vector, vectors[j], -dot(vector, vectors[j]));
    }
    const length = Math.sqrt(dot(vector, vector));
    for (let k = 0; k < long; k++) vector[k] /= length;
  });
  for (let i = 0; i < inputs; i++) {
    for (let j = 0; j < outputs; j++) {
      weights[i * outputs + j] = gain * (inputs >= outputs ? vectors[j][i] : vectors[i][j]);
    }
  }
}

/** Uniform on ±1/√inputs, PyTorch's default for linear layers and their biases. */
export function uniformFanIn(values: Float32Array, inputs: number, random: RandomStream): void {
  const bound = 1 / Math.sqrt(inputs);
  for (let i = 0; i < values.length; i++) values[i] = random.uniformBetween(-bound, bound);
}

function dot(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i] * b[i];
  return total;
}

function addScaled(a: Float64Array, b: Float64Array, factor: number): void {
  for (let i = 0; i < a.length; i++) a[i] += factor * b[i];
}
