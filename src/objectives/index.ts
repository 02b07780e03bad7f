/** Objectives: the scalars that algorithms differentiate, as graph code. */
export { clippedSurrogate } from "./clippedSurrogate.ts";
export { fisherVectorProduct, klFromItself } from "./fisher.ts";
export { klK1, klK2, klK3 } from "./klEstimators.ts";
export { pseudoLoss } from "./policyGradient.ts";
export * from "./preferences/index.ts";
export { probabilityRatio, type RatioInputs } from "./ratio.ts";
export { penalisedSurrogate, plainSurrogate } from "./surrogate.ts";
export { clippedValueLoss, valueLoss } from "./value.ts";
