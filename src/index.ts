/** Ascent: policy-gradient learning. This entry runs in Node and in browsers; files and terminals are in "ascent-rl/node". */
export type { Algorithm, DataAlgorithm, EnvironmentAlgorithm, Preset } from "./algorithms/algorithm.ts";
export { algorithms } from "./algorithms/algorithmRegistry.ts";
export type { AlgorithmName, AnyOptions, MetricsFor, MetricsOf, OptionsFor, OptionsOf } from "./algorithms/byName.ts";
export type {
  LanguageAlgorithmName,
  LanguageMetricsFor,
  LanguageMetricsOf,
  LanguageOptionsFor,
  LanguageOptionsOf,
} from "./algorithms/language/byName.ts";
export type { LanguageAlgorithm, LanguageMaterial } from "./algorithms/language/languageAlgorithm.ts";
export { languageAlgorithms } from "./algorithms/language/languageRegistry.ts";
export type * from "./algorithms/metrics.ts";
export * from "./envs/index.ts";
export { AscentError, type ErrorCode, type Problem } from "./errors.ts";
export * as estimators from "./estimators/index.ts";
export type { CheckpointArray } from "./files/checkpoint.ts";
export type { JsonValue } from "./files/exactJson.ts";
export * from "./imitation/index.ts";
export type { LanguageLearner, SampleCompletion } from "./learners/languageLearner.ts";
export type { Figures, IterationTimes, Learner, LearnerSnapshot, Metrics, PolicyLearner } from "./learners/learner.ts";
export * as mdp from "./mdp/index.ts";
export { didYouMean } from "./nearest.ts";
export * as objectives from "./objectives/index.ts";
export * from "./policies/index.ts";
export { RandomStream, streams } from "./random/index.ts";
export {
  createEngine,
  type Engine,
  type KernelBuild,
  type KernelChoice,
  type KernelModule,
  type Schedule,
  type ScheduleInput,
} from "./tensor/index.ts";
export { type EvaluateOptions, type Evaluation, evaluatePolicy } from "./training/evaluate.ts";
export type { InitialPolicy } from "./training/initialSettings.ts";
export {
  type EvaluateLanguageOptions,
  evaluateLanguageModel,
  type LanguageEvaluation,
} from "./training/language/evaluateLanguageModel.ts";
export { languageAlgorithmNamed } from "./training/language/languageAlgorithmNamed.ts";
export type { LanguageData, WorldSource } from "./training/language/material.ts";
export {
  type CreatedLanguageLearner,
  createLanguageLearner,
  type LanguageTrainOptions,
  type LanguageTrainResult,
  trainLanguageModel,
} from "./training/language/trainLanguageModel.ts";
export { Monitor } from "./training/monitor/monitor.ts";
export type { TrainingWarning } from "./training/monitor/warning.ts";
export { createPlayer, type PlayedState, type Player, type PlayerOptions } from "./training/player.ts";
export type { ChangedOptions, SettingChange } from "./training/settingChanges.ts";
export {
  algorithmNamed,
  type CreatedLearner,
  createLearner,
  type LastMetrics,
  type RunOptions,
  runLearner,
  type TrainOptions,
  type TrainResult,
  train,
} from "./training/train.ts";
export * as variance from "./variance/index.ts";
