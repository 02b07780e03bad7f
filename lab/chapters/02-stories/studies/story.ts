/**
 * Four tries of a story's policy and what the chosen estimator makes of them: the weight of every step, the push that the batch
 * gives every logit, and the exact ∇J beside it.
 */

import { policyGradient, type ReinforceWeighting, reinforceWeights, trajectoryReturns } from "ascent-rl/estimators";
import {
  estimatorMoments,
  finiteHorizonGradient,
  finiteHorizonObjective,
  finiteHorizonValues,
  sampleTrajectories,
  trajectoryScores,
} from "ascent-rl/mdp";
import { RandomStream, streams } from "ascent-rl/random";
import { type StoryName, storyWorld } from "../worlds.ts";

export interface StoryInput extends ReinforceWeighting {
  story: StoryName;
  gamma: number;
  seed: number;
  /** Which batch of the seed. */
  draw: number;
}

export interface StoryOutput {
  /** Try i has the steps offsets[i] … offsets[i + 1] − 1. */
  offsets: Int32Array;
  states: Int32Array;
  actions: Int32Array;
  rewards: Float64Array;
  finalStates: Int32Array;
  /** R(τ_i) [tries] */
  returns: Float64Array;
  /** w_t [steps] */
  weights: Float64Array;
  /** V_t(s_t), exact [steps]. */
  values: Float64Array;
  /** ĝ and ∇J [states × actions]. */
  estimate: Float64Array;
  exact: Float64Array;
  objective: number;
  /** π(a|s) and Q_1(s,a) [states × actions]. */
  policy: Float64Array;
  actionValues: Float64Array;
  /** tr Cov of ĝ from four tries where it has a closed form and V depends on the state alone. */
  traceOfCovariance: number | undefined;
}

export const TRIES = 4;

export function* study({ story, gamma, seed, draw, ...choice }: StoryInput): Generator<StoryOutput, void> {
  const { mdp, model, theta } = storyWorld(story, gamma);
  const policy = model.policy(theta);
  const random = new RandomStream(seed, streams.user, draw);
  const batch = sampleTrajectories(mdp, policy, TRIES, random);
  const { offsets, states, actions, rewards, finalStates } = batch;
  const exactValues = finiteHorizonValues(mdp, policy);
  const values = new Float64Array(rewards.length);
  for (let i = 0; i < TRIES; i++) {
    for (let k = offsets[i]; k < offsets[i + 1]; k++) {
      values[k] = exactValues.values[(k - offsets[i]) * mdp.states + states[k]];
    }
  }
  const weights = new Float64Array(rewards.length);
  // The clock's end is an end: nothing is worth anything behind it.
  const ends = { finalValues: new Float64Array(TRIES), terminated: new Uint8Array(TRIES).fill(1) };
  reinforceWeights({ offsets, rewards, values, ...ends, gamma }, choice, weights);
  const returns = new Float64Array(TRIES);
  trajectoryReturns(batch, gamma, returns);
  const estimate = new Float64Array(model.parameterCount);
  policyGradient(trajectoryScores(batch, model, theta), weights, offsets, estimate);
  const usesValue = choice.weighting === "gae" || choice.baseline === "value";
  yield {
    ...{ offsets, states, actions, rewards, finalStates, returns, weights, values, estimate },
    exact: finiteHorizonGradient(mdp, model, theta),
    objective: finiteHorizonObjective(mdp, policy),
    ...{ policy, actionValues: exactValues.actionValues.slice(0, mdp.states * mdp.actions) },
    traceOfCovariance: usesValue
      ? undefined
      : estimatorMoments(mdp, model, theta, { ...choice, trajectories: TRIES })?.traceOfCovariance,
  };
}
