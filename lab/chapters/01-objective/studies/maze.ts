/**
 * N trajectories of the maze's policy, and the estimate of ∇J after each of them beside ∇J itself, as one arrow a place:
 * the logits' gradient for right less left, and for up less down.
 */

import { meanInterval } from "ascent-rl/estimators";
import { estimatorMoments, finiteHorizonGradient, finiteHorizonObjective } from "ascent-rl/mdp";
import { cosineOf, drawBatch, relativeError, runningMeans } from "../estimates.ts";
import { maze, SIDES } from "../worlds.ts";

export interface MazeInput {
  trajectories: number;
  seed: number;
  draw: number;
}

export interface MazeOutput {
  /** Trajectory i visits states[offsets[i] … offsets[i + 1] − 1], then finalStates[i]. */
  offsets: Int32Array;
  states: Int32Array;
  finalStates: Int32Array;
  returns: Float64Array;
  objective: number;
  meanReturn: { value: number; low: number; high: number };
  /** ∇J [places × 4]. */
  exact: Float64Array;
  /** ĝ after the first n trajectories, for every n [N × places × 4]. */
  estimates: Float64Array;
  /** The same as arrows, (right − left, up − down) [2 × places] and [N × 2 × places]. */
  exactArrows: Float64Array;
  arrows: Float64Array;
  /** Of ĝ to ∇J after the first n [N]. */
  cosines: Float64Array;
  relativeErrors: Float64Array;
  /** √(E‖ĝ − ∇J‖²) / ‖∇J‖ of n trajectories, in closed form [N]. */
  expectedErrors: Float64Array;
}

export function* study({ trajectories, seed, draw }: MazeInput): Generator<MazeOutput, void> {
  const world = maze();
  const { mdp, model, theta } = world;
  const width = model.parameterCount;
  const exact = finiteHorizonGradient(mdp, model, theta);
  const batch = drawBatch(world, trajectories, seed, draw);
  const estimates = runningMeans(batch.gradients, width);
  const row = (n: number) => estimates.subarray(n * width, (n + 1) * width);
  const each = (f: (estimate: Float64Array) => number) =>
    Float64Array.from({ length: trajectories }, (_, n) => f(row(n)));
  const arrows = new Float64Array(trajectories * mdp.states * 2);
  for (let n = 0; n < trajectories; n++) arrows.set(arrowsOf(row(n)), n * mdp.states * 2);
  const { offsets, states, finalStates } = batch.trajectories;
  const { traceOfCovariance } = estimatorMoments(mdp, model, theta, {
    ...{ weighting: "total", baseline: "none", discounting: "exact", gaeLambda: 1, trajectories: 1 },
  })!;
  const gradientNorm = Math.hypot(...exact);
  yield {
    ...{ offsets, states, finalStates, returns: batch.returns },
    objective: finiteHorizonObjective(mdp, model.policy(theta)),
    meanReturn: meanInterval(batch.returns),
    ...{ exact, estimates, exactArrows: arrowsOf(exact), arrows },
    cosines: each((estimate) => cosineOf(estimate, exact)),
    relativeErrors: each((estimate) => relativeError(estimate, exact)),
    expectedErrors: Float64Array.from(
      { length: trajectories },
      (_, n) => Math.sqrt(traceOfCovariance / (n + 1)) / gradientNorm,
    ),
  };
}

/** Σ_a ∂J/∂θ_sa · side of a, for each place [2 × places]. */
export function arrowsOf(gradient: ArrayLike<number>): Float64Array {
  const places = gradient.length / 4;
  const out = new Float64Array(2 * places);
  for (let s = 0; s < places; s++) {
    SIDES.forEach(([right, up], a) => {
      out[2 * s] += right * gradient[s * 4 + a];
      out[2 * s + 1] += up * gradient[s * 4 + a];
    });
  }
  return out;
}
