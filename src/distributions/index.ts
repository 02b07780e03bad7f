/** Probability distributions over actions, as graph code. */
export { bernoulliHead } from "./bernoulli.ts";
export { categoricalHead } from "./categorical.ts";
export type { Distribution, DistributionHead, HeadContext } from "./distribution.ts";
export { type HeadOptions, headForSpace } from "./forSpace.ts";
export { type GaussianOptions, gaussian, gaussianHead } from "./gaussian.ts";
