/**
 * Orthogonal starting weights (Saxe et al. 2014). Making many vectors orthonormal takes the cube of their number: of what
 * makes a network, this is what takes long.
 */

import { due, finish, type Work } from "../pauses.ts";
import type { RandomStream } from "../random/stream.ts";

/**
 * The matrix of a normal sample made orthonormal, times `gain`. With more inputs than outputs the columns are orthonormal,
 * otherwise the rows.
 *
 * @param weights [inputs, outputs], row-major.
 */
export function orthogonal(
  weights: Float32Array,
  inputs: number,
  outputs: number,
  gain: number,
  random: RandomStream,
): void {
  weights.set(finish(orthogonalMatrix(inputs, outputs, gain, random)));
}

/** The weights that `orthogonal` writes, as work that stops now and then. */
export function* orthogonalMatrix(
  inputs: number,
  outputs: number,
  gain: number,
  random: RandomStream,
): Work<Float32Array> {
  const [long, short] = inputs >= outputs ? [inputs, outputs] : [outputs, inputs];
  const vectors: Float64Array[] = [];
  for (let i = 0; i < short; i++) {
    vectors.push(Float64Array.from({ length: long }, () => random.normal()));
    if (due()) yield;
  }
  yield* makeOrthonormal(vectors);
  const weights = new Float32Array(inputs * outputs);
  for (let i = 0; i < inputs; i++) {
    for (let j = 0; j < outputs; j++) {
      weights[i * outputs + j] = gain * (inputs >= outputs ? vectors[j][i] : vectors[i][j]);
    }
  }
  return weights;
}

/**
 * Gram-Schmidt in place, each projection done twice: once is not orthogonal to rounding when vectors are nearly parallel. The
 * second time goes together with the next vector's first, so that the processor has two sums to work on.
 */
function* makeOrthonormal(vectors: readonly Float64Array[]): Work<void> {
  for (let i = 0; i < vectors.length; i++) {
    const vector = vectors[i];
    if (i + 1 < vectors.length) {
      const next = vectors[i + 1];
      projectBoth(vector, next, vectors, i);
      normalise(vector);
      addScaled(next, vector, -dot(next, vector));
    } else {
      for (let j = 0; j < i; j++) addScaled(vector, vectors[j], -dot(vector, vectors[j]));
      normalise(vector);
    }
    if (due()) yield;
  }
}

/** Takes from `a` and from `b` their parts along the first `count` vectors, one after the other. */
function projectBoth(a: Float64Array, b: Float64Array, vectors: readonly Float64Array[], count: number): void {
  if (count === 0) return;
  let along = vectors[0];
  let ofA = dot(a, along);
  let ofB = dot(b, along);
  for (let j = 0; j < count; j++) {
    // In one go: what lies along this one is taken off, and what is left is measured along the next.
    const next = vectors[j + 1 < count ? j + 1 : j];
    let nextA = 0;
    let nextB = 0;
    for (let k = 0; k < a.length; k++) {
      const part = along[k];
      const restA = a[k] - ofA * part;
      const restB = b[k] - ofB * part;
      a[k] = restA;
      b[k] = restB;
      const direction = next[k];
      nextA += restA * direction;
      nextB += restB * direction;
    }
    along = next;
    ofA = nextA;
    ofB = nextB;
  }
}

function normalise(vector: Float64Array): void {
  const length = Math.sqrt(dot(vector, vector));
  for (let k = 0; k < vector.length; k++) vector[k] /= length;
}

function dot(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i] * b[i];
  return total;
}

function addScaled(a: Float64Array, b: Float64Array, factor: number): void {
  for (let i = 0; i < a.length; i++) a[i] += factor * b[i];
}
