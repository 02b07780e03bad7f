/**
 * A thousand batches of N trajectories and the ĝ of each: their cloud in two directions of the parameters, bias and variance
 * with intervals, beside ∇J and tr Cov in closed form.
 */

import { type Estimate, gradientDiagnostics } from "ascent-rl/estimators";
import { estimatorMoments, finiteHorizonGradient } from "ascent-rl/mdp";
import { relativeBias } from "ascent-rl/variance";
import { drawBatch } from "../estimates.ts";
import { banditAt, maze, PLANE, type World, type WorldName } from "../worlds.ts";

export interface CloudInput {
  world: WorldName;
  trajectories: number;
  batches: number;
  seed: number;
}

export interface CloudOutput {
  /** How many there are so far. */
  batches: number;
  trajectories: number;
  parameters: number;
  /** ĝ along the two directions [2 × batches], their mean, and ∇J. */
  points: Float64Array;
  meanPoint: [number, number];
  exactPoint: [number, number];
  /** ‖∇J‖ */
  gradientNorm: number;
  /** ‖E ĝ − ∇J‖ / ‖∇J‖ */
  bias: Estimate;
  traceOfCovariance: Estimate;
  exactTraceOfCovariance: number;
  cosine: Estimate;
  /** The share of the variance that the two directions show. */
  shownShare: number;
}

/** What is enough for a first look, and what there is in the end. */
const FIRST = 40;

export function* study({ world: name, trajectories, batches, seed }: CloudInput): Generator<CloudOutput, void> {
  const world = name === "bandit" ? banditAt(0, 0) : maze();
  const { mdp, model, theta } = world;
  const width = model.parameterCount;
  const exact = finiteHorizonGradient(mdp, model, theta);
  const directions = name === "bandit" ? PLANE.map((axis) => padded(axis, width)) : mazeDirections(world, exact, seed);
  const along = (vector: ArrayLike<number>, axis: Float64Array) => axis.reduce((sum, x, j) => sum + x * vector[j], 0);
  const inPlane = (vector: ArrayLike<number>): [number, number] => [
    along(vector, directions[0]),
    along(vector, directions[1]),
  ];
  const { traceOfCovariance: exactTraceOfCovariance } = estimatorMoments(mdp, model, theta, {
    ...{ weighting: "total", baseline: "none", discounting: "exact", gaeLambda: 1, trajectories },
  })!;
  const gradients = new Float64Array(batches * width);
  const points = new Float64Array(2 * batches);
  for (let batch = 0, next = Math.min(FIRST, batches); batch < batches; batch++) {
    const rows = drawBatch(world, trajectories, seed, 1 + batch).gradients;
    const estimate = gradients.subarray(batch * width, (batch + 1) * width);
    for (let i = 0; i < rows.length; i++) estimate[i % width] += rows[i] / trajectories;
    points.set(inPlane(estimate), 2 * batch);
    const done = batch + 1;
    if (done < next) continue;
    next = Math.min(done * 2, batches);
    const seen = gradients.subarray(0, done * width);
    const { mean, traceOfCovariance, cosine } = gradientDiagnostics(seen, width, { exact });
    yield {
      ...{ batches: done, trajectories, parameters: width },
      ...{ points: points.slice(0, 2 * done), meanPoint: inPlane(mean), exactPoint: inPlane(exact) },
      ...{ gradientNorm: Math.hypot(...exact), bias: relativeBias(seen, exact), traceOfCovariance, cosine: cosine! },
      ...{ exactTraceOfCovariance, shownShare: varianceOf(points, done) / traceOfCovariance.value },
    };
  }
}

/** Sum of both coordinates' sample variances. */
function varianceOf(points: Float64Array, count: number): number {
  let total = 0;
  for (let axis = 0; axis < 2; axis++) {
    let [sum, squares] = [0, 0];
    for (let i = 0; i < count; i++) sum += points[2 * i + axis];
    for (let i = 0; i < count; i++) squares += (points[2 * i + axis] - sum / count) ** 2;
    total += squares / (count - 1);
  }
  return total;
}

function padded(axis: Float64Array, width: number): Float64Array {
  const out = new Float64Array(width);
  out.set(axis);
  return out;
}

/**
 * The direction of ∇J, and across it the one of most variance: the leading eigenvector of the covariance of single
 * trajectories' estimates, by power iteration on a sample of its own, so that the picture does not turn as batches come.
 */
function mazeDirections(world: World, exact: Float64Array, seed: number): [Float64Array, Float64Array] {
  const width = exact.length;
  const first = unit(exact);
  const count = 2000;
  const rows = drawBatch(world, count, seed, 0).gradients;
  let second: Float64Array = Float64Array.from({ length: width }, (_, j) => 1 / (1 + j));
  for (let round = 0; round < 50; round++) {
    const next = new Float64Array(width);
    for (let i = 0; i < count; i++) {
      let product = 0;
      for (let j = 0; j < width; j++) product += (rows[i * width + j] - exact[j]) * second[j];
      for (let j = 0; j < width; j++) next[j] += product * (rows[i * width + j] - exact[j]);
    }
    const overlap = next.reduce((sum, x, j) => sum + x * first[j], 0);
    second = unit(next.map((x, j) => x - overlap * first[j]));
  }
  return [first, second];
}

function unit(vector: Float64Array): Float64Array {
  const length = Math.hypot(...vector);
  return vector.map((x) => x / length);
}
