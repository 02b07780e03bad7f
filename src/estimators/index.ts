/**
 * Estimators: pure functions over flat arrays that write into arrays of the caller. Trajectories lie one behind the other
 * (episodes.ts); only gae.ts works on a rollout's [time][environment] arrays as they are.
 */
export {
  leaveOneOutBaseline,
  meanReturnBaseline,
  subtractBaseline,
  type TimeStepMeanOptions,
  timeStepMeanBaseline,
} from "./baselines.ts";
export { type BootstrappedEpisodes, episodeAdvantages, nStepReturns, tdLambdaReturns } from "./bootstrapped.ts";
export {
  type DiagnosticsOptions,
  diagnosticsByBatchSize,
  type Estimate,
  type GradientDiagnostics,
  gradientDiagnostics,
  jackknife,
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
} from "./offPolicy.ts";
export {
  type OffPolicyChoice,
  type OffPolicyEstimator,
  type OffPolicyInputs,
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
export { type ReinforceWeighting, reinforceWeights } from "./reinforceWeights.ts";
export {
  applyTimeDiscount,
  discountedReturnGradientWeights,
  rewardToGo,
  totalReturn,
  trajectoryReturns,
} from "./returns.ts";
export { type VTraceInputs, vTrace } from "./vtrace.ts";
