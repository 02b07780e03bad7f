/** Valid arguments of the functions for preferences, on two completions. */

import * as sequences from "../../../src/mdp/sequences/index.ts";
import { input } from "../../../src/tensor/graph.ts";
import { maybe, options, parts } from "./harness.ts";

const vector = input("vector", [2]);
const matrix = input("matrix", [2, 3]);
const completion = parts({ logProb: vector, referenceLogProb: vector, length: maybe(vector) });
const world = sequences.sequenceWorld({ vocabulary: 2, length: 2 });
const logits = new Float64Array(world.parameterCount);
const out = new Float64Array(2);
const half = [0.5, 0.5];

export const preferenceRows: Record<string, () => unknown[]> = {
  bradleyTerryLoss: () => [parts({ chosen: vector, rejected: vector, margin: maybe(vector) }), maybe(0.1)],
  preferenceLoss: () => [parts({ chosen: completion, rejected: completion }), options({ beta: 1 })],
  implicitRewards: () => [parts({ chosen: completion, rejected: completion }), options({ beta: 1 })],
  ktoLoss: () => [
    parts({ logProb: vector, referenceLogProb: vector, desirable: vector, referencePoint: maybe(0) }),
    options({ beta: 1 }),
  ],
  ktoReferencePoint: () => [vector, vector],
  groupLoss: () => [
    parts({ logProb: matrix, oldLogProb: maybe(matrix), advantage: vector, mask: matrix, totalTokens: maybe(4) }),
    options({ loss: "dapo" }),
  ],
  groupFigures: () => [
    parts({ logProb: matrix, oldLogProb: maybe(matrix), advantage: vector, mask: matrix, totalTokens: maybe(4) }),
    options({ loss: "dapo" }),
  ],
  rlooLoss: () => [parts({ logProb: matrix, oldLogProb: maybe(matrix), advantage: vector, mask: matrix }), maybe(0.2)],
  rlooFigures: () => [
    parts({ logProb: matrix, oldLogProb: maybe(matrix), advantage: vector, mask: matrix }),
    maybe(0.2),
  ],
  driftWeights: () => [{ logProb: half, oldLogProb: half, mask: half, advantages: [1], threshold: 1 }, out],
  uncertainTokenWeights: () => [half, half, 0.5, out],
  multiRewardAdvantages: () => [[1, 2], [1], 2, out],
  sequenceLogProb: () => [matrix, matrix],
  tokenCount: () => [matrix],
  negativeLogLikelihood: () => [vector, vector],
  cpo: () => [maybe(0.1), maybe(1), maybe("sigmoid")],
  simpo: () => [maybe(1), maybe(1), maybe(1)],
  alphaPo: () => [0.1, maybe(1), maybe(1)],
  orpo: () => [maybe(0.1)],
  bestOfN: () => [half, [1, 2], 2],
  bestOfNKlBound: () => [2],
  groupAdvantages: () => [[1, 2], 2, out, options({ scale: "none" })],
  leaveOneOutAdvantages: () => [[1, 2], 2, out, options({ normalise: true })],
  combineRewards: () => [[1, 2], [1], out],
  equalRewardShare: () => [[1, 2], 2],
  mismatchedRows: () => [3],
  nextKlCoefficient: () => [0.1, { kl: 1, target: 1, steps: 1, horizon: 1 }],
  lengthDesensitisedWeights: () => [[1, 1], [1, 1], 1, 0.5, out],
  tokenRewards: () => [
    { logProb: half, referenceLogProb: half, lengths: [2], scores: [1], klCoefficient: 1, ended: [1] },
    out,
  ],
  ensembleReward: () => [[1, 2], 1, "mean", 1, out],
  whiten: () => [[1, 2], out, options({ mask: [1, 1] })],
  sequenceWorld: () => [{ vocabulary: 2, length: 2 }],
  tokenLogProbs: () => [world, logits],
  sequenceLogProbs: () => [world, logits],
  sequenceProbabilities: () => [world, logits],
  weightedScores: () => [world, logits, [1, 2, 3, 4]],
  tokenWeightedScores: () => [world, logits, [1, 2, 3, 4, 5, 6]],
  tokenAdvantages: () => [world, logits, [1, 2, 3, 4]],
  logitsOf: () => [world, [0.25, 0.25, 0.25, 0.25]],
  regularisedOptimum: () => [half, [1, 2], 1],
  regularisedObjective: () => [half, half, [1, 2], 1],
  tokenKlOptimum: () => [world, [0.25, 0.25, 0.25, 0.25], [1, 2, 3, 4], 1],
  forwardKlOptimum: () => [half, [1, 2], 1],
  bradleyTerryPreferences: () => [[1, 2]],
  winRates: () => [[1, 2, 3, 4], half],
  regularisedRewardWeights: () => [half, half, [1, 2], 1],
  groupGainWeights: () => [half, [1, 2], 2],
  tokenKlWeights: () => [world, logits, logits],
  klLossWeights: () => [half, half, "k3"],
  dpoMarginLoss: () => [1],
  ipoMarginLoss: () => [1],
  pairLossWeights: () => [half, half, [0, 1, 1, 0], sequences.dpoMarginLoss(1)],
};
