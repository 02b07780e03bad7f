/** A world of text small enough to list, with what preference methods reach on it in closed form. */
export {
  dpoMarginLoss,
  groupGainWeights,
  ipoMarginLoss,
  type KlLossTerm,
  klLossWeights,
  type MarginLoss,
  pairLossWeights,
  regularisedRewardWeights,
  tokenKlWeights,
} from "./expectedWeights.ts";
export {
  bradleyTerryPreferences,
  forwardKlOptimum,
  type RegularisedOptimum,
  regularisedObjective,
  regularisedOptimum,
  tokenKlOptimum,
  winRates,
} from "./optima.ts";
export { type SequenceSceneOptions, sequenceScene } from "./sequenceScene.ts";
export {
  logitsOf,
  type SequenceWorld,
  type SequenceWorldOptions,
  sequenceLogProbs,
  sequenceProbabilities,
  sequenceWorld,
  tokenAdvantages,
  tokenLogProbs,
  tokenWeightedScores,
  weightedScores,
} from "./sequenceWorld.ts";
