/** Estimators for completions of a language model: advantages of groups, rewards of tokens, whitening, KL control, best-of-n. */
export { bestOfN, bestOfNKlBound } from "./bestOfN.ts";
export { type EnsembleRule, ensembleReward } from "./ensembleReward.ts";
export { type DriftInputs, driftWeights, uncertainTokenWeights } from "./gainWeights.ts";
export {
  combineRewards,
  equalRewardShare,
  type GroupAdvantageOptions,
  groupAdvantages,
  type LeaveOneOutOptions,
  leaveOneOutAdvantages,
  mismatchedRows,
} from "./groupAdvantages.ts";
export { type KlControl, nextKlCoefficient } from "./klController.ts";
export { lengthDesensitisedWeights } from "./lengthDesensitised.ts";
export { multiRewardAdvantages } from "./multiRewardAdvantages.ts";
export { type TokenRewardInputs, tokenRewards } from "./tokenRewards.ts";
export { type WhitenOptions, whiten } from "./whiten.ts";
