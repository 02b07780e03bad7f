/** What has gone wrong in other implementations of preference losses. */

import { describe, expect, test } from "vitest";
import {
  ktoReferencePoint,
  negativeLogLikelihood,
  orpo,
  type PreferenceLossOptions,
  preferenceLoss,
  sequenceLogProb,
  tokenCount,
} from "../../../src/objectives/index.ts";
import { Inputs, marginOf, pairsOf } from "./support.ts";

const LN_2 = Math.LN2;

describe("pitfalls", () => {
  test("NaN under the mask stays there: neither value nor gradient see it", () => {
    const inputs = new Inputs();
    const tokens = inputs.matrix("tokens", [
      [-1, Number.NaN, -2],
      [Number.NEGATIVE_INFINITY, -3, Number.NaN],
    ]);
    const mask = inputs.matrix("mask", [
      [1, 0, 1],
      [0, 1, 0],
    ]);
    const logProb = sequenceLogProb(tokens, mask);
    expect(inputs.all(logProb)).toEqual([-3, -3]);
    const loss = negativeLogLikelihood(logProb, tokenCount(mask));
    expect(inputs.value(loss)).toBe(2);
    expect(inputs.gradient(loss, tokens).map((x) => x + 0)).toEqual([-1 / 3, 0, -1 / 3, 0, -1 / 3, 0]);
  });

  test("an empty completion divides nothing by 0", () => {
    const { inputs, pairs } = pairsOf([0], [-4], [[0], [-4]], [[0], [2]]);
    for (const loss of ["ipo", "sigmoid_norm", "sft"] as const) {
      const value = preferenceLoss(pairs, { loss });
      expect(Number.isFinite(inputs.value(value)), loss).toBe(true);
      expect(inputs.gradient(value, pairs.chosen.logProb).every(Number.isFinite), loss).toBe(true);
    }
  });

  test("chosen = rejected has no gradient on what the two share", () => {
    const inputs = new Inputs();
    const same = inputs.vector("same", [-3]);
    const side = { logProb: same, referenceLogProb: inputs.vector("reference", [-2]), length: inputs.vector("n", [3]) };
    const loss = preferenceLoss({ chosen: side, rejected: side });
    expect(inputs.value(loss)).toBeCloseTo(LN_2, 7);
    expect(inputs.gradient(loss, same)[0] + 0).toBe(0);
  });

  test("the reference gets no gradient, by any loss", () => {
    const { inputs, pairs } = pairsOf([-3], [-4], [[-2], [-5]], [[2], [3]]);
    for (const loss of ["sigmoid", "aot", "sppo_hard"] as const) {
      const value = preferenceLoss(pairs, { loss });
      expect(inputs.gradient(value, pairs.chosen.referenceLogProb!).map((x) => x + 0)).toEqual([0]);
      expect(inputs.gradient(value, pairs.chosen.logProb)[0]).not.toBe(0);
    }
  });

  test("KTO's reference point is fixed for the gradient, also where it is above 0", () => {
    const { inputs, pairs } = pairsOf([-3], [-4], [[-2], [-5]]);
    const { logProb, referenceLogProb } = pairs.rejected;
    const point = ktoReferencePoint(logProb, referenceLogProb!);
    expect(inputs.value(point)).toBe(1);
    expect(inputs.gradient(point, logProb).map((x) => x + 0)).toEqual([0]);
    const below = ktoReferencePoint(pairs.chosen.logProb, pairs.chosen.referenceLogProb!);
    expect(inputs.value(below)).toBe(0);
  });

  test("margins of ±1000 stay finite, discopop's ∞ · 0 too", () => {
    for (const margin of [-1000, 1000]) {
      const { inputs, pairs } = marginOf(margin);
      for (const loss of ["sigmoid", "exo_pair", "robust", "discopop", "apo_down", "nca_pair"] as const) {
        const value = preferenceLoss(pairs, { loss, beta: 1 });
        expect(Number.isFinite(inputs.value(value)), `${loss} at ${margin}`).toBe(true);
        expect(Number.isFinite(inputs.gradient(value, pairs.chosen.logProb)[0]), `slope of ${loss}`).toBe(true);
      }
    }
  });

  test("a probability of 1 has finite odds", () => {
    const { inputs, pairs } = pairsOf([0], [-80], undefined, [[1], [1]]);
    const value = preferenceLoss(pairs, orpo());
    expect(Number.isFinite(inputs.value(value))).toBe(true);
  });

  test("a completion that is worse by its length alone: ipo compares tokens, not sums", () => {
    const { inputs, pairs } = pairsOf([-40], [-10], [[-44], [-11]], [[40], [10]]);
    const sums = inputs.value(preferenceLoss(pairs, { loss: "sigmoid", beta: 1 }));
    expect(sums).toBeLessThan(LN_2);
    expect(inputs.value(preferenceLoss(pairs, { loss: "sigmoid_norm", beta: 1 }))).toBeCloseTo(LN_2, 7);
  });

  test("aot sorts: the loss does not depend on which rejected completion stands beside which chosen one", () => {
    const at = (rejected: number[], reference: number[]) => {
      const { inputs, pairs } = pairsOf([-3, -5, -4], rejected, [[-3.5, -4, -4], reference]);
      return inputs.value(preferenceLoss(pairs, { loss: "aot_unpaired", beta: 0.7 }));
    };
    expect(at([-1, -2, -6], [-2, -2.5, -5])).toBeCloseTo(at([-6, -1, -2], [-5, -2, -2.5]), 7);
  });

  test("equal entries are sorted once each, and NaN cannot be sorted away", () => {
    const equal = pairsOf(
      [-3, -3, -1],
      [-2, -2, -2],
      [
        [-3, -3, -3],
        [-2, -2, -2],
      ],
    );
    const expected = (2 * LN_2 + Math.log1p(Math.exp(-0.2))) / 3;
    expect(equal.inputs.value(preferenceLoss(equal.pairs, { loss: "aot" }))).toBeCloseTo(expected, 7);
    const broken = pairsOf(
      [Number.NaN, -3],
      [-2, -2],
      [
        [-3, -3],
        [-2, -2],
      ],
    );
    expect(broken.inputs.value(preferenceLoss(broken.pairs, { loss: "aot" }))).toBeNaN();
  });

  test("every option changes loss and gradient where it is read", () => {
    const { inputs, pairs } = pairsOf(
      [-3, -9],
      [-4, -2],
      [
        [-3.5, -8],
        [-4, -3],
      ],
      [
        [2, 4],
        [3, 1],
      ],
    );
    const figures = (options: PreferenceLossOptions) => {
      const loss = preferenceLoss(pairs, options);
      return [inputs.value(loss), ...inputs.gradient(loss, pairs.chosen.logProb)];
    };
    const changes: [PreferenceLossOptions, PreferenceLossOptions][] = [
      [{}, { beta: 0.2 }],
      [{}, { labelSmoothing: 0.1 }],
      [{}, { score: "forward_kl" }],
      [{}, { average: true }],
      [{}, { targetMargin: 1 }],
      [{ loss: "discopop" }, { loss: "discopop", discopopTau: 1 }],
      [{ loss: "aot" }, { loss: "aot", labelSmoothing: 0.1 }],
    ];
    for (const [before, after] of changes) {
      const [a, b] = [figures(before), figures(after)];
      for (let i = 0; i < a.length; i++) expect(Math.abs(a[i] - b[i]), JSON.stringify(after)).toBeGreaterThan(1e-9);
    }
  });
});
