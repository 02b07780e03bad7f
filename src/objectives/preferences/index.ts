/** Losses of preferences and of groups of completions, as graph code on log-probabilities. */
export { bradleyTerryLoss, type RewardPairs } from "./bradleyTerry.ts";
export { groupFigures } from "./groupFigures.ts";
export {
  type GammaWeight,
  type GroupBatch,
  type GroupLossName,
  type GroupLossOptions,
  groupLoss,
  groupLossNames,
} from "./groupLoss.ts";
export { type KtoOptions, ktoLoss, ktoReferencePoint, type LabelledCompletions } from "./kto.ts";
export type { PairLossName } from "./pairLosses.ts";
export {
  type CompletionLogProbs,
  implicitRewards,
  type PreferenceLossOptions,
  type PreferencePairs,
  preferenceLoss,
  type WeightedLoss,
} from "./preferenceLoss.ts";
export { alphaPo, cpo, orpo, simpo } from "./referenceFree.ts";
export { type RlooBatch, rlooFigures, rlooLoss } from "./rlooLoss.ts";
export type { AlphaScore, Score } from "./scores.ts";
export { negativeLogLikelihood, sequenceLogProb, tokenCount } from "./sequences.ts";
