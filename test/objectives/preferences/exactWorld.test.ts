/**
 * The losses as graphs on the smallest world of text, one token of four: their gradients by the logits, over every pair and every
 * group with its probability, are the exact ones whose optima are known.
 */

import { describe, expect, test } from "vitest";
import { groupAdvantages } from "../../../src/estimators/index.ts";
import {
  bradleyTerryPreferences,
  dpoMarginLoss,
  ipoMarginLoss,
  klLossWeights,
  pairLossWeights,
  regularisedRewardWeights,
  sequenceLogProbs,
  sequenceProbabilities,
  sequenceWorld,
  weightedScores,
} from "../../../src/mdp/index.ts";
import { groupLoss, preferenceLoss } from "../../../src/objectives/index.ts";
import { grad } from "../../../src/tensor/grad.ts";
import { constant, input, type Tensor } from "../../../src/tensor/graph.ts";
import { add, mul } from "../../../src/tensor/ops/elementwise.ts";
import { gatherRows } from "../../../src/tensor/ops/gather.ts";
import { reshape } from "../../../src/tensor/ops/layout.ts";
import { logSoftmax } from "../../../src/tensor/ops/softmax.ts";
import { evaluate } from "../../tensor/reference.ts";

const world = sequenceWorld({ vocabulary: 4, length: 1 });
const REFERENCE = [0.5, 0.3, 0.15, 0.05];
const REWARDS = [1, 0, 2, -1];
const LOGITS = Float64Array.of(0.3, -0.4, 0.9, 0.1);
const policy = sequenceProbabilities(world, LOGITS);

const logits = input("logits", [4]);
const logProb = logSoftmax(logits);

const pick = (from: Tensor, answers: readonly number[]) => gatherRows(from, constant(answers, [answers.length], "i32"));
const picked = (values: readonly number[], answers: readonly number[]) =>
  constant(
    answers.map((y) => values[y]),
    [answers.length],
  );
const logReference = REFERENCE.map(Math.log);

/** The gradient by the logits of a weighted sum of losses. */
function gradientOf(terms: readonly (readonly [weight: number, loss: Tensor])[]): number[] {
  const total = terms.map(([weight, loss]) => mul(loss, weight)).reduce(add);
  return evaluate(grad(total, [logits]), new Map([[logits, Array.from(LOGITS)]]))[0];
}

function expectGradient(actual: readonly number[], expected: Float64Array) {
  actual.forEach((slope, i) => {
    expect(slope).toBeCloseTo(expected[i], 6);
  });
}

describe("all ordered pairs", () => {
  test.each([
    ["sigmoid", dpoMarginLoss(0.7)],
    ["ipo", ipoMarginLoss(0.7)],
  ] as const)("%s", (loss, exact) => {
    const preferences = bradleyTerryPreferences(REWARDS);
    const terms: [number, Tensor][] = [];
    for (let i = 0; i < 4; i++) {
      for (let j = 0; j < 4; j++) {
        if (i === j) continue;
        const side = (y: number) => ({
          logProb: pick(logProb, [y]),
          referenceLogProb: picked(logReference, [y]),
          length: constant([1], [1]),
        });
        terms.push([
          preferences[i * 4 + j],
          preferenceLoss({ chosen: side(i), rejected: side(j) }, { loss, beta: 0.7 }),
        ]);
      }
    }
    const { weights } = pairLossWeights(sequenceLogProbs(world, LOGITS), logReference, preferences, exact);
    expectGradient(gradientOf(terms), weightedScores(world, LOGITS, weights));
  });
});

describe("all groups of two", () => {
  /** E over groups of GRPO's gradient, as a descent direction of the loss. */
  function expected(options: { klCoefficient: number; klCorrection?: boolean }): number[] {
    const terms: [number, Tensor][] = [];
    for (let a = 0; a < 4; a++) {
      for (let b = 0; b < 4; b++) {
        const chosen = [a, b];
        const advantages = new Float64Array(2);
        groupAdvantages(
          chosen.map((y) => REWARDS[y]),
          2,
          advantages,
          { scale: "none" },
        );
        const batch = {
          logProb: reshape(pick(logProb, chosen), [2, 1]),
          referenceLogProb: reshape(picked(logReference, chosen), [2, 1]),
          advantage: constant(advantages, [2]),
          mask: constant([1, 1], [2, 1]),
        };
        terms.push([policy[a] * policy[b], groupLoss(batch, { loss: "grpo", ...options })]);
      }
    }
    return gradientOf(terms);
  }

  const gains = regularisedRewardWeights(policy, REFERENCE, REWARDS, 0);

  test("without KL: (G − 1)/G of the policy gradient", () => {
    const half = gains.map((w) => -w / 2);
    expectGradient(expected({ klCoefficient: 0 }), weightedScores(world, LOGITS, half));
  });

  test.each([
    [true, "k3_corrected"],
    [false, "k3"],
  ] as const)("with KL, corrected: %s", (klCorrection, estimate) => {
    const kl = klLossWeights(policy, REFERENCE, estimate);
    const weights = gains.map((w, y) => -w / 2 + 0.4 * kl[y]);
    expectGradient(expected({ klCoefficient: 0.4, klCorrection }), weightedScores(world, LOGITS, weights));
  });
});
