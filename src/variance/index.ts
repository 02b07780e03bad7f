/** How good gradient estimators are, measured: bias, variance, signal-to-noise, direction and cost (docs/theory.md, 12). */
export { relativeBias } from "./bias.ts";
export { type EnvironmentSourceOptions, environmentSource } from "./environmentSource.ts";
export { defaultEstimators, type EstimatorChoice, estimatorNames, parseEstimator } from "./estimators.ts";
export { type GradientSource, sliceEpisodes } from "./source.ts";
export {
  type EstimatorFindings,
  type FindingsAtSize,
  runVarianceStudy,
  type VarianceFindings,
  type VarianceStudyOptions,
  varianceStudy,
} from "./study.ts";
export { type TabularSourceOptions, tabularSource } from "./tabularSource.ts";
export { type WarmPolicyOptions, warmPolicy } from "./warmPolicy.ts";
export { type WeightVarianceRow, weightVarianceByHorizon } from "./weightVariance.ts";
export { exactWorld, exactWorldNames } from "./worlds.ts";
