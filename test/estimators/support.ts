/** What the tests of estimators share: a small exact world, and gradient estimates of its batches. */

import { policyGradient } from "../../src/estimators/index.ts";
import {
  type EnumeratedTrajectories,
  enumerateTrajectories,
  type PolicyModel,
  type TabularMdp,
  type Trajectories,
  tabularSoftmax,
} from "../../src/mdp/index.ts";
import { normals, seeded, tinyMdp } from "../mdp/support.ts";

export type Weigh = (batch: Trajectories, out: Float64Array) => void;

export interface World {
  readonly mdp: TabularMdp;
  readonly model: PolicyModel;
  readonly parameters: Float64Array;
  readonly policy: Float64Array;
  readonly all: EnumeratedTrajectories;
}

export function world(mdp: TabularMdp, seed = 1): World {
  const model = tabularSoftmax(mdp.states, mdp.actions);
  const parameters = normals(seeded(seed, 3), model.parameterCount, 0.6);
  const policy = model.policy(parameters);
  return { mdp, model, parameters, policy, all: enumerateTrajectories(mdp, policy) };
}

export function tinyWorld(horizon: number, gamma = 1, seed = 11): World {
  return world(tinyMdp(seed, horizon, gamma), seed);
}

/** batch → policy-gradient estimate with the given weights; scores are those of the world's own policy. */
export function gradientWith({ model, parameters }: World, weigh: Weigh): (batch: Trajectories) => Float64Array {
  const table = model.scores(parameters);
  const width = model.parameterCount;
  return (batch) => {
    const steps = batch.states.length;
    const scores = new Float64Array(steps * width);
    for (let k = 0; k < steps; k++) {
      const pair = batch.states[k] * model.actions + batch.actions[k];
      scores.set(table.subarray(pair * width, (pair + 1) * width), k * width);
    }
    const weights = new Float64Array(steps);
    weigh(batch, weights);
    const out = new Float64Array(width);
    policyGradient(scores, weights, batch.offsets, out);
    return out;
  };
}

/** V_t(s_t) of each step, for time-dependent values [(horizon + 1) × states]. */
export function timeValues(batch: Trajectories, values: Float64Array, states: number): Float64Array {
  const out = new Float64Array(batch.states.length);
  for (let i = 0; i < batch.count; i++) {
    for (let k = batch.offsets[i]; k < batch.offsets[i + 1]; k++) {
      out[k] = values[(k - batch.offsets[i]) * states + batch.states[k]];
    }
  }
  return out;
}
