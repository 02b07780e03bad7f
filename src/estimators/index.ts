/**
 * Estimators: pure functions over flat arrays that write into arrays of the caller. Trajectories lie one behind the other
 * (episodes.ts); only gae.ts works on a rollout's [time][environment] arrays as they are.
 */

export { type Estimate, jackknife } from "../numerics/jackknife.ts";
export { type MeanInterval, meanInterval, pairedDifference } from "../numerics/meanInterval.ts";
export {
  leaveOneOutBaseline,
  meanReturnBaseline,
  stepMeanBaseline,
  subtractBaseline,
  type TimeStepMeanOptions,
  timeStepMeanBaseline,
} from "./baselines.ts";
export {
  type BootstrappedEpisodes,
  episodeAdvantages,
  nStepReturns,
  tdLambdaReturns,
  valuesBehind,
} from "./bootstrapped.ts";
export {
  type DiagnosticsOptions,
  diagnosticsByBatchSize,
  type GradientDiagnostics,
  gradientDiagnostics,
} from "./diagnostics.ts";
export { type Episodes, type EpisodesFromRollout, episodesFromRollout, gatherSteps, type Output } from "./episodes.ts";
export { explainedVariance } from "./explainedVariance.ts";
export { type AdvantageInputs, generalisedAdvantages } from "./gae.ts";
export {
  cumulativeLogRatios,
  effectiveSampleSize,
  importanceWeights,
  logRatios,
  selfNormalisedWeights,
  trajectoryLogRatios,
  truncatedLogRatios,
} from "./importance.ts";
export {
  causalWeights,
  clippedCausalWeights,
  firstOrderWeights,
  fullTrajectoryWeights,
  type OffPolicyEpisodes,
  policyIterationWeights,
  selfNormalisedTrajectoryWeights,
  subtractReachedBaseline,
} from "./offPolicy.ts";
export {
  type OffPolicyChoice,
  type OffPolicyEstimator,
  type OffPolicyInputs,
  offPolicyEstimators,
  offPolicyWeights,
} from "./offPolicyWeights.ts";
export { perSampleScores } from "./perSampleScores.ts";
export {
  optimalBaseline,
  policyGradient,
  policyGradientWithParameterBaseline,
  trajectoryGradients,
  trajectoryScoreSums,
} from "./policyGradient.ts";
export * from "./preferences/index.ts";
export { type ReinforceWeighting, reinforceWeights } from "./reinforceWeights.ts";
export {
  applyTimeDiscount,
  discountedReturnGradientWeights,
  rewardToGo,
  totalReturn,
  trajectoryReturns,
} from "./returns.ts";
export { type VTraceInputs, vTrace } from "./vtrace.ts";
