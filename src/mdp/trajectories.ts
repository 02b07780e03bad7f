/**
 * Trajectories of a tabular MDP, drawn at random or all of them listed with their probabilities. The layout is the one every
 * estimator reads (estimators/episodes.ts): flat arrays over steps, trajectory i in offsets[i] … offsets[i + 1] − 1.
 */

import { checkArguments } from "../arguments/checks.ts";
import { log } from "../math/deterministic.ts";
import type { RandomStream } from "../random/index.ts";
import {
  count as counted,
  table as float64s,
  mdpCheck,
  modelCheck,
  randomCheck,
  trajectoriesCheck,
} from "./argumentChecks.ts";
import { requireHorizon } from "./finiteHorizon.ts";
import type { PolicyModel } from "./policyModel.ts";
import { requirePolicy, type TabularMdp } from "./tabularMdp.ts";

export interface Trajectories {
  /** N */
  readonly count: number;
  /** [N + 1] */
  readonly offsets: Int32Array;
  /** s_t [steps] */
  readonly states: Int32Array;
  /** a_t [steps] */
  readonly actions: Int32Array;
  /** r_t [steps] */
  readonly rewards: Float64Array;
  /** The state behind the last step [N]. */
  readonly finalStates: Int32Array;
  /** 1 where that state is terminal, 0 where the clock stopped the trajectory [N]. */
  readonly terminated: Uint8Array;
}

export interface EnumeratedTrajectories extends Trajectories {
  /** p(τ) = p(s₁) Π π(a_t|s_t) p(s_{t+1}|s_t,a_t) [N], sums to 1 (docs/theory.md, 1). */
  readonly probabilities: Float64Array;
}

/** N independent trajectories of π, each until a terminal state or `horizon` steps. */
export function sampleTrajectories(
  mdp: TabularMdp,
  policy: Float64Array,
  count: number,
  random: RandomStream,
  horizon = requireHorizon(mdp),
): Trajectories {
  checkArguments(
    "sampleTrajectories",
    { mdp: mdpCheck, policy: float64s, count: counted, random: randomCheck, horizon: counted },
    { mdp, policy, count, random, horizon },
  );
  requirePolicy(mdp, policy);
  const { states: stateCount, actions: actionCount } = mdp;
  const offsets = new Int32Array(count + 1);
  const states = new Int32Array(count * horizon);
  const actions = new Int32Array(count * horizon);
  const rewards = new Float64Array(count * horizon);
  const finalStates = new Int32Array(count);
  let step = 0;
  for (let i = 0; i < count; i++) {
    let state = sampleIndex(mdp.start, 0, stateCount, random);
    for (let t = 0; t < horizon && mdp.terminal[state] === 0; t++) {
      const action = sampleIndex(policy, state * actionCount, actionCount, random);
      const pair = state * actionCount + action;
      states[step] = state;
      actions[step] = action;
      rewards[step++] = mdp.reward[pair];
      state = sampleIndex(mdp.transition, pair * stateCount, stateCount, random);
    }
    finalStates[i] = state;
    offsets[i + 1] = step;
  }
  return {
    count,
    offsets,
    states: states.slice(0, step),
    actions: actions.slice(0, step),
    rewards: rewards.slice(0, step),
    finalStates,
    terminated: Uint8Array.from(finalStates, (state) => mdp.terminal[state]),
  };
}

/** An index drawn from the `count` probabilities that begin at `offset`. */
export function sampleIndex(probabilities: Float64Array, offset: number, count: number, random: RandomStream): number {
  let left = random.uniform();
  let last = 0;
  for (let i = 0; i < count; i++) {
    const probability = probabilities[offset + i];
    if (probability <= 0) continue;
    if (left < probability) return i;
    left -= probability;
    last = i;
  }
  // Rounding may leave a little; it belongs to the last possible index.
  return last;
}

/** Every trajectory of π that has a probability above 0. Their number grows like (states × actions)^horizon. */
export function enumerateTrajectories(
  mdp: TabularMdp,
  policy: Float64Array,
  horizon = requireHorizon(mdp),
): EnumeratedTrajectories {
  checkArguments(
    "enumerateTrajectories",
    { mdp: mdpCheck, policy: float64s, horizon: counted },
    { mdp, policy, horizon },
  );
  requirePolicy(mdp, policy);
  const offsets = [0];
  const states: number[] = [];
  const actions: number[] = [];
  const rewards: number[] = [];
  const finalStates: number[] = [];
  const probabilities: number[] = [];
  const path: { state: number; action: number }[] = [];

  const extend = (state: number, probability: number): void => {
    if (probability === 0) return;
    if (path.length === horizon || mdp.terminal[state] !== 0) {
      for (const step of path) {
        states.push(step.state);
        actions.push(step.action);
        rewards.push(mdp.reward[step.state * mdp.actions + step.action]);
      }
      offsets.push(states.length);
      finalStates.push(state);
      probabilities.push(probability);
      return;
    }
    for (let action = 0; action < mdp.actions; action++) {
      const pair = state * mdp.actions + action;
      path.push({ state, action });
      for (let next = 0; next < mdp.states; next++) {
        extend(next, probability * policy[pair] * mdp.transition[pair * mdp.states + next]);
      }
      path.pop();
    }
  };
  mdp.start.forEach((probability, state) => {
    extend(state, probability);
  });
  return {
    count: probabilities.length,
    offsets: Int32Array.from(offsets),
    states: Int32Array.from(states),
    actions: Int32Array.from(actions),
    rewards: Float64Array.from(rewards),
    finalStates: Int32Array.from(finalStates),
    terminated: Uint8Array.from(finalStates, (state) => mdp.terminal[state]),
    probabilities: Float64Array.from(probabilities),
  };
}

/** log π(a_t|s_t) of each step [steps]; nats. */
export function trajectoryLogProb(trajectories: Trajectories, policy: Float64Array, actions: number): Float64Array {
  checkArguments(
    "trajectoryLogProb",
    { trajectories: trajectoriesCheck, policy: float64s, actions: counted },
    { trajectories, policy, actions },
  );
  return Float64Array.from(trajectories.states, (s, i) => log(policy[s * actions + trajectories.actions[i]]));
}

/** ∇log π(a_t|s_t) of each step [steps × parameters]. */
export function trajectoryScores(
  trajectories: Trajectories,
  model: PolicyModel,
  parameters: Float64Array,
): Float64Array {
  checkArguments(
    "trajectoryScores",
    { trajectories: trajectoriesCheck, model: modelCheck, parameters: float64s },
    { trajectories, model, parameters },
  );
  const table = model.scores(parameters);
  const count = model.parameterCount;
  const out = new Float64Array(trajectories.states.length * count);
  trajectories.states.forEach((s, i) => {
    const pair = s * model.actions + trajectories.actions[i];
    out.set(table.subarray(pair * count, (pair + 1) * count), i * count);
  });
  return out;
}
