/** Probability distributions over actions, as graph code. */

export { BETA_EPSILON } from "./beta.ts";
export type { Interval } from "./boxBounds.ts";
export {
  bernoulliHead,
  beta,
  betaHead,
  boxInterval,
  boxRescaling,
  categoricalHead,
  gaussian,
  gaussianHead,
  headForSpace,
  logBeta,
  logGamma,
  productHead,
  rescaledHead,
  sampleGamma,
  squashedGaussian,
  squashedGaussianHead,
  stateDependentExplorationHead,
} from "./checked.ts";
export type { Distribution, DistributionHead, HeadContext, Statistics } from "./distribution.ts";
export { type BoxDistribution, boxDistributions, type HeadOptions } from "./forSpace.ts";
export type { GaussianOptions } from "./gaussian.ts";
export type { NamedHead } from "./product.ts";
export { digamma } from "./specialFunctions.ts";
export { SQUASH_EPSILON } from "./squashedGaussian.ts";
export type { StateDependentExplorationOptions } from "./stateDependentExploration.ts";
