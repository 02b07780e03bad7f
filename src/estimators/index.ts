/** Estimators: pure functions over flat arrays. */
export { explainedVariance } from "./explainedVariance.ts";
export { type AdvantageInputs, generalisedAdvantages } from "./gae.ts";
