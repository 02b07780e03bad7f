/** Probability distributions over actions, as graph code. */
export { bernoulliHead } from "./bernoulli.ts";
export { BETA_EPSILON, beta, betaHead, sampleGamma } from "./beta.ts";
export { boxInterval, boxRescaling, type Interval } from "./boxBounds.ts";
export { categoricalHead } from "./categorical.ts";
export type { Distribution, DistributionHead, HeadContext, Statistics } from "./distribution.ts";
export { type BoxDistribution, boxDistributions, type HeadOptions, headForSpace } from "./forSpace.ts";
export { type GaussianOptions, gaussian, gaussianHead } from "./gaussian.ts";
export { type NamedHead, productHead } from "./product.ts";
export { rescaledHead } from "./rescaled.ts";
export { digamma, logBeta, logGamma } from "./specialFunctions.ts";
export { SQUASH_EPSILON, squashedGaussian, squashedGaussianHead } from "./squashedGaussian.ts";
export {
  type StateDependentExplorationOptions,
  stateDependentExplorationHead,
} from "./stateDependentExploration.ts";
