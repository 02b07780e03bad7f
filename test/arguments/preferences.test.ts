/** Every function for preferences, each argument and each field wrong in turn: it works or throws an AscentError, nothing else. */

import { expect, test } from "vitest";
import { AscentError } from "../../src/errors.ts";
import * as estimators from "../../src/estimators/preferences/index.ts";
import * as sequences from "../../src/mdp/sequences/index.ts";
import * as objectives from "../../src/objectives/preferences/index.ts";
import { input } from "../../src/tensor/graph.ts";

const vector = input("vector", [2]);
const matrix = input("matrix", [2, 3]);
const completion = { logProb: vector, referenceLogProb: vector, length: vector };
const world = sequences.sequenceWorld({ vocabulary: 2, length: 2 });
const logits = new Float64Array(world.parameterCount);
const out = new Float64Array(2);
const half = [0.5, 0.5];

/** Arguments that are right, by function. */
const right: Record<string, readonly unknown[]> = {
  bradleyTerryLoss: [{ chosen: vector, rejected: vector, margin: vector }, 0.1],
  preferenceLoss: [{ chosen: completion, rejected: completion }, { beta: 1 }],
  implicitRewards: [{ chosen: completion, rejected: completion }, { beta: 1 }],
  ktoLoss: [{ logProb: vector, referenceLogProb: vector, desirable: vector, referencePoint: 0 }, { beta: 1 }],
  ktoReferencePoint: [vector, vector],
  groupLoss: [
    { logProb: matrix, oldLogProb: matrix, advantage: vector, mask: matrix, totalTokens: 4 },
    { loss: "dapo" },
  ],
  sequenceLogProb: [matrix, matrix],
  tokenCount: [matrix],
  negativeLogLikelihood: [vector, vector],
  cpo: [0.1, 1, "sigmoid"],
  simpo: [1, 1, 1],
  alphaPo: [0.1, 1, 1],
  orpo: [0.1],
  bestOfN: [half, [1, 2], 2],
  bestOfNKlBound: [2],
  groupAdvantages: [[1, 2], 2, out, { scale: "none" }],
  leaveOneOutAdvantages: [[1, 2], 2, out, { normalise: true }],
  combineRewards: [[1, 2], [1], out],
  equalRewardShare: [[1, 2], 2],
  mismatchedRows: [3],
  nextKlCoefficient: [0.1, { kl: 1, target: 1, steps: 1, horizon: 1 }],
  lengthDesensitisedWeights: [[1, 1], [1, 1], 1, 0.5, out],
  tokenRewards: [
    { logProb: half, referenceLogProb: half, lengths: [2], scores: [1], klCoefficient: 1, ended: [1] },
    out,
  ],
  whiten: [[1, 2], out, { mask: [1, 1] }],
  sequenceWorld: [{ vocabulary: 2, length: 2 }],
  tokenLogProbs: [world, logits],
  sequenceLogProbs: [world, logits],
  sequenceProbabilities: [world, logits],
  weightedScores: [world, logits, [1, 2, 3, 4]],
  logitsOf: [world, [0.25, 0.25, 0.25, 0.25]],
  regularisedOptimum: [half, [1, 2], 1],
  regularisedObjective: [half, half, [1, 2], 1],
  forwardKlOptimum: [half, [1, 2], 1],
  bradleyTerryPreferences: [[1, 2]],
  winRates: [[1, 2, 3, 4], half],
  regularisedRewardWeights: [half, half, [1, 2], 1],
  klLossWeights: [half, half, "k3"],
  dpoMarginLoss: [1],
  ipoMarginLoss: [1],
  pairLossWeights: [half, half, [0, 1, 1, 0], sequences.dpoMarginLoss(1)],
};

const wrong = [
  undefined,
  null,
  Number.NaN,
  "x",
  1n,
  {},
  [],
  Promise.resolve(1),
  () => 1,
  -1,
  true,
  [["a"]],
  new Float64Array(0),
];

type AnyFunction = (...given: unknown[]) => unknown;

const functions = Object.entries<unknown>({ ...estimators, ...objectives, ...sequences }).flatMap(([name, value]) =>
  typeof value === "function" ? [[name, value as AnyFunction] as const] : [],
);

test("every one of them is here", () => {
  expect(Object.keys(right).sort()).toEqual(functions.map(([name]) => name).sort());
});

test.each(functions)("%s", (name, run) => {
  run(...right[name]);
  const attempt = (given: readonly unknown[], what: string) => {
    try {
      run(...given);
    } catch (error) {
      if (!(error instanceof AscentError)) expect.fail(`${what}: ${String(error)}`);
    }
  };
  right[name].forEach((argument, i) => {
    for (const value of wrong) attempt(right[name].with(i, value), `argument ${i}: ${typeof value}`);
    const options = typeof argument === "object" && argument?.constructor === Object && argument !== world;
    if (!options || "op" in argument) return;
    for (const key of Object.keys(argument)) {
      for (const value of wrong) attempt(right[name].with(i, { ...argument, [key]: value }), `${key}: ${typeof value}`);
    }
  });
});
