/**
 * Conjugate gradients on (F + cI) x = g: the path in the plane of the two parameters, and the residual by iteration of a policy with
 * one logit for each state and action, whose F is singular without damping (docs/theory.md, 19).
 */
import {
  type ConjugateGradientPath,
  conjugateGradientPath,
  discountedStateWeights,
  exactGradient,
  fisherMatrix,
  normalised,
  type PolicyModel,
  randomMdp,
  type TabularMdp,
  tabularSoftmax,
} from "ascent-rl/mdp";
import { RandomStream, streams } from "ascent-rl/random";
import type { Study } from "../../../studies/study.ts";
import { corridor, twoParameters } from "../twoParameters.ts";

export interface ConjugateInput {
  near: number;
  far: number;
  /** c */
  damping: number;
}

export interface ConjugateOutput {
  /** Of the two parameters: F + cI, g and the path. */
  matrix: Float64Array;
  gradient: Float64Array;
  plane: ConjugateGradientPath;
  /** Of a table of logits on a world of eight states and three actions. */
  table: ConjugateGradientPath;
  parameters: number;
}

const STATES = 8;
const ACTIONS = 3;
const ITERATIONS = 24;

export const study: Study<ConjugateInput, ConjugateOutput> = function* ({ near, far, damping }) {
  const plane = systemOf(corridor, twoParameters, Float64Array.of(near, far), damping);
  const random = new RandomStream(7, streams.user);
  const world = randomMdp(random, { states: STATES, actions: ACTIONS, gamma: 0.9 });
  const model = tabularSoftmax(STATES, ACTIONS);
  const theta = Float64Array.from({ length: model.parameterCount }, () => random.normal());
  const table = systemOf(world, model, theta, damping);
  yield {
    ...plane,
    plane: conjugateGradientPath(plane.matrix, plane.gradient),
    table: conjugateGradientPath(table.matrix, table.gradient, { iterations: ITERATIONS, tolerance: 0 }),
    parameters: model.parameterCount,
  };
};

function systemOf(mdp: TabularMdp, model: PolicyModel, theta: Float64Array, damping: number) {
  const weights = normalised(discountedStateWeights(mdp, model.policy(theta)));
  const width = model.parameterCount;
  const matrix = fisherMatrix(model, theta, weights).map((entry, i) => entry + (i % (width + 1) === 0 ? damping : 0));
  return { matrix, gradient: exactGradient(mdp, model, theta) };
}
