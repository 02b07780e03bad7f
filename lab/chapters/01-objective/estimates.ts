/** REINFORCE as written (docs/theory.md, 3), by the library's estimators: what every figure of the chapter draws. */

import { totalReturn, trajectoryGradients, trajectoryReturns } from "ascent-rl/estimators";
import { sampleTrajectories, type Trajectories, trajectoryScores } from "ascent-rl/mdp";
import { RandomStream, streams } from "ascent-rl/random";
import type { World } from "./worlds.ts";

export interface Batch {
  readonly trajectories: Trajectories;
  /** R(τ_i) [N] */
  readonly returns: Float64Array;
  /** ∇log p(τ_i) R(τ_i) [N × parameters]; ĝ is their mean. */
  readonly gradients: Float64Array;
}

/** Batch number `draw` of a seed: a stream of its own, so that any batch can be had without the ones before it. */
export function drawBatch({ mdp, model, theta }: World, count: number, seed: number, draw: number): Batch {
  const random = new RandomStream(seed, streams.user, draw);
  const trajectories = sampleTrajectories(mdp, model.policy(theta), count, random);
  const weights = new Float64Array(trajectories.rewards.length);
  totalReturn(trajectories, mdp.gamma, weights);
  const returns = new Float64Array(count);
  trajectoryReturns(trajectories, mdp.gamma, returns);
  const gradients = new Float64Array(count * model.parameterCount);
  trajectoryGradients(trajectoryScores(trajectories, model, theta), weights, trajectories.offsets, gradients);
  return { trajectories, returns, gradients };
}

/** The mean of the first n rows, for every n: row n − 1 is ĝ from n trajectories. */
export function runningMeans(rows: Float64Array, width: number): Float64Array {
  const out = new Float64Array(rows.length);
  const sum = new Float64Array(width);
  for (let i = 0; i < rows.length / width; i++) {
    for (let j = 0; j < width; j++) {
      sum[j] += rows[i * width + j];
      out[i * width + j] = sum[j] / (i + 1);
    }
  }
  return out;
}

export function cosineOf(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [product, ownA, ownB] = [0, 0, 0];
  for (let j = 0; j < a.length; j++) {
    product += a[j] * b[j];
    ownA += a[j] * a[j];
    ownB += b[j] * b[j];
  }
  return ownA > 0 && ownB > 0 ? product / Math.sqrt(ownA * ownB) : 0;
}

/** ‖a − b‖ / ‖b‖ */
export function relativeError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [off, own] = [0, 0];
  for (let j = 0; j < b.length; j++) {
    off += (a[j] - b[j]) ** 2;
    own += b[j] * b[j];
  }
  return Math.sqrt(off / own);
}
