/**
 * The bandit's objective over the plane of its logits, ∇J at one place of it, and the estimates of that from N trajectories
 * of the policy there: the one shown, and further batches beside it.
 */

import { meanInterval } from "ascent-rl/estimators";
import { finiteHorizonGradient, finiteHorizonObjective } from "ascent-rl/mdp";
import { cosineOf, drawBatch, relativeError } from "../estimates.ts";
import { banditAt, inPlane, REACH, SIDE } from "../worlds.ts";

export interface HillInput {
  /** The place in the plane, each from −3 to 3. */
  x: number;
  y: number;
  trajectories: number;
  seed: number;
  /** Which batch the arrow is of. */
  draw: number;
}

export interface HillOutput {
  /** J at the corners of a square grid [SIDE × SIDE], row by row from y = −REACH. */
  surface: Float64Array;
  objective: number;
  /** π(a) [3] */
  policy: Float64Array;
  /** How often the batch took each arm [3]. */
  taken: Int32Array;
  /** ∇J and ĝ, by logit and in the plane. */
  exact: Float64Array;
  estimate: Float64Array;
  exactArrow: [number, number];
  estimateArrow: [number, number];
  meanReturn: { value: number; low: number; high: number };
  cosine: number;
  relativeError: number;
  /** Further batches' arrows [2 × batches]. */
  others: Float64Array;
}

const OTHERS = 200;

export function* study({ x, y, trajectories, seed, draw }: HillInput): Generator<HillOutput, void> {
  const surface = new Float64Array(SIDE * SIDE);
  for (let i = 0; i < surface.length; i++) {
    const at = (k: number) => REACH * ((2 * k) / (SIDE - 1) - 1);
    const { mdp, model, theta } = banditAt(at(i % SIDE), at(Math.floor(i / SIDE)));
    surface[i] = finiteHorizonObjective(mdp, model.policy(theta));
  }
  const world = banditAt(x, y);
  const { mdp, model, theta } = world;
  const exact = finiteHorizonGradient(mdp, model, theta).slice(0, 3);
  const estimateOf = (number: number) => {
    const batch = drawBatch(world, trajectories, seed, number);
    const estimate = new Float64Array(3);
    for (let i = 0; i < trajectories; i++) {
      for (let a = 0; a < 3; a++) estimate[a] += batch.gradients[i * 6 + a] / trajectories;
    }
    return { batch, estimate };
  };
  const { batch, estimate } = estimateOf(draw);
  const taken = new Int32Array(3);
  for (const arm of batch.trajectories.actions) taken[arm]++;
  const output = {
    ...{ surface, objective: finiteHorizonObjective(mdp, model.policy(theta)) },
    ...{ policy: model.policy(theta).slice(0, 3), taken, exact, estimate },
    ...{ exactArrow: inPlane(exact), estimateArrow: inPlane(estimate) },
    meanReturn: meanInterval(batch.returns),
    ...{ cosine: cosineOf(estimate, exact), relativeError: relativeError(estimate, exact) },
  };
  yield { ...output, others: new Float64Array(0) };
  const others = new Float64Array(2 * OTHERS);
  for (let k = 0; k < OTHERS; k++) others.set(inPlane(estimateOf(draw + 1 + k).estimate), 2 * k);
  yield { ...output, others };
}
