/**
 * The adaptive penalty where nothing is random (docs/theory.md, 23): each update climbs L − β KL on an exact corridor for a while,
 * then β follows the KL divergence of the update by the library's own rule. A β that stays as it is goes beside it.
 */
import { nextMultiplier } from "ascent-rl/algorithms";
import {
  chain,
  discountedStateWeights,
  meanKl,
  normalised,
  numericGradient,
  objective,
  type PolicyModel,
  surrogateObjective,
  tabularSoftmax,
} from "ascent-rl/mdp";
import type { Study } from "../../../studies/study.ts";
import { UPDATES } from "../shown.ts";

export interface AdaptiveInput {
  /** β at the start. */
  coefficient: number;
  /** d, in nats. */
  target: number;
}

export interface AdaptiveTrack {
  /** KL of each update and the β it was made with. */
  kl: Float64Array;
  coefficient: Float64Array;
  /** η after each update. */
  objective: Float64Array;
}

export interface AdaptiveOutput {
  /** Updates so far: 1, 2, … */
  updates: Float64Array;
  adaptive: AdaptiveTrack;
  fixed: AdaptiveTrack;
}

const EPOCHS = 10;
const RATE = 3;

const world = chain({ length: 5, gamma: 0.9, slip: 0.1 });
const model: PolicyModel = tabularSoftmax(5, 2);

export const study: Study<AdaptiveInput, AdaptiveOutput> = function* ({ coefficient, target }) {
  const adaptive = learner(coefficient);
  const fixed = learner(coefficient);
  for (let k = 1; k <= UPDATES; k++) {
    const kl = update(adaptive);
    adaptive.coefficient = nextMultiplier(adaptive.coefficient, kl, {
      klRule: "adaptive",
      klTarget: target,
      klRate: 0,
    });
    update(fixed);
    yield {
      updates: Float64Array.from({ length: k }, (_, i) => i + 1),
      adaptive: trackOf(adaptive),
      fixed: trackOf(fixed),
    };
  }
};

function learner(coefficient: number) {
  return { theta: new Float64Array(model.parameterCount), coefficient, rows: [] as [number, number, number][] };
}
type Learner = ReturnType<typeof learner>;

/** One update: several steps of gradient ascent on the penalised surrogate of the policy it began with. @returns its KL */
function update(state: Learner): number {
  const { coefficient, rows } = state;
  const old = model.policy(state.theta);
  const weights = normalised(discountedStateWeights(world, old));
  const penalised = (theta: Float64Array) => {
    const policy = model.policy(theta);
    return surrogateObjective(world, old, policy) - coefficient * meanKl(old, policy, 2, weights);
  };
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    const gradient = numericGradient(penalised, state.theta);
    // A step no longer than the penalty's curvature lets it be, so that a large β does not overshoot.
    const rate = RATE / (1 + RATE * coefficient);
    state.theta = state.theta.map((theta, j) => theta + rate * gradient[j]);
  }
  const policy = model.policy(state.theta);
  const kl = meanKl(old, policy, 2, weights);
  rows.push([kl, coefficient, objective(world, policy)]);
  return kl;
}

function trackOf({ rows }: Learner): AdaptiveTrack {
  const column = (i: 0 | 1 | 2) => Float64Array.from(rows, (row) => row[i]);
  return { kl: column(0), coefficient: column(1), objective: column(2) };
}
