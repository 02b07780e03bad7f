/** Ascent: policy-gradient learning. This entry runs in Node and in browsers; files and terminals are in "ascent-rl/node". */
export { type Algorithm, algorithms } from "./algorithms/registry.ts";
export * from "./envs/index.ts";
export { AscentError, type ErrorCode } from "./errors.ts";
export * as estimators from "./estimators/index.ts";
export * from "./imitation/index.ts";
export * as mdp from "./mdp/index.ts";
export * as objectives from "./objectives/index.ts";
export * from "./policies/index.ts";
export { RandomStream } from "./random/index.ts";
export { createEngine, type Engine, type KernelBuild } from "./tensor/index.ts";
export { type EvaluateOptions, type Evaluation, evaluatePolicy } from "./training/evaluate.ts";
export type { Learner, LearnerSnapshot, Metrics } from "./training/learner.ts";
export { createLearner, runLearner, type TrainOptions, type TrainResult, train } from "./training/train.ts";
export * as variance from "./variance/index.ts";
