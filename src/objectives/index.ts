/** Objectives: the scalars that algorithms differentiate, as graph code. */
export { clippedSurrogate, probabilityRatio, type RatioInputs } from "./clippedSurrogate.ts";
export { klK1, klK2, klK3 } from "./klEstimators.ts";
export { clippedValueLoss, valueLoss } from "./value.ts";
