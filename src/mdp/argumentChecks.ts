/** What the exact worlds' functions ask of their arguments: kinds, looked at once a call. Lengths are checked where they are known. */

import { type Check, having, typed, wholeNumber } from "../arguments/checks.ts";

export const mdpCheck: Check = {
  ...having("an MDP", "states", "actions", "transition", "reward", "start", "terminal"),
  fix: "Make it with tabularMdp, chain, gridWorld or randomMdp.",
};
export const modelCheck: Check = {
  ...having("a policy model", "parameterCount", "policy", "scores"),
  fix: "Make it with tabularSoftmax, softmaxOfLogits or networkPolicy.",
};
export const worldCheck: Check = {
  ...having("a linear-quadratic world", "stateSize", "actionSize", "dynamics", "control", "stateCost", "horizon"),
  fix: "Make it with linearQuadratic or doubleIntegrator.",
};
export const trajectoriesCheck: Check = {
  ...having("trajectories", "count", "offsets", "states", "actions", "rewards"),
  fix: "Give what sampleTrajectories or enumerateTrajectories gives.",
};
export const randomCheck: Check = {
  ...having("a RandomStream", "uniform", "normal"),
  fix: "Give new RandomStream(seed, streams.user).",
};
export const table: Check = typed("a Float64Array", "Float64Array");
export const count: Check = wholeNumber(1);
