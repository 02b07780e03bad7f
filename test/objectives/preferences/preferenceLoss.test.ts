/** Closed forms of the preference losses, and what they refuse. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AscentError } from "../../../src/errors.ts";
import {
  bradleyTerryLoss,
  implicitRewards,
  ktoLoss,
  orpo,
  type PairLossName,
  type PreferenceLossOptions,
  preferenceLoss,
  simpo,
} from "../../../src/objectives/index.ts";
import { Inputs, marginOf, pairsOf } from "./support.ts";

const LN_2 = Math.LN2;

describe("closed forms", () => {
  test("DPO is ln 2 at initialisation, and its slopes ∓β/2", () => {
    const { inputs, pairs } = pairsOf(
      [-3, -9],
      [-4, -2],
      [
        [-3, -9],
        [-4, -2],
      ],
    );
    const loss = preferenceLoss(pairs, { beta: 0.1 });
    expect(inputs.value(loss)).toBeCloseTo(LN_2, 7);
    for (const slope of inputs.gradient(loss, pairs.chosen.logProb)) expect(slope).toBeCloseTo(-0.025, 7);
    for (const slope of inputs.gradient(loss, pairs.rejected.logProb)) expect(slope).toBeCloseTo(0.025, 7);
  });

  const worked: [number[], number[], [number[], number[]]] = [
    [-0.5, -10, -1],
    [-0.1, -30, -21],
    [
      [-0.5, -10.1, -0.1],
      [-0.1, -20.1, -0.1],
    ],
  ];
  test.each<[PairLossName, number[]]>([
    ["sigmoid", [LN_2, 0.313262, 0.126928]],
    ["hinge", [1, 0, 0]],
  ])("%s of three worked pairs", (loss, expected) => {
    expected.forEach((value, i) => {
      const one = (values: number[]) => [values[i]];
      const { inputs, pairs } = pairsOf(one(worked[0]), one(worked[1]), [one(worked[2][0]), one(worked[2][1])]);
      expect(inputs.value(preferenceLoss(pairs, { loss, beta: 0.1 }))).toBeCloseTo(value, 6);
    });
  });

  test.each<[string, PreferenceLossOptions, number, number]>([
    ["sigmoid", {}, 0.437488, -0.035434],
    ["hinge", { loss: "hinge" }, 0.4, -0.1],
    ["ipo", { loss: "ipo" }, 1, 2],
    ["cDPO", { labelSmoothing: 0.1 }, 0.497488, -0.025434],
    ["robust", { loss: "robust", labelSmoothing: 0.1 }, 0.362488, Number.NaN],
    ["exo_pair", { loss: "exo_pair" }, 1.798271, Number.NaN],
  ])("%s at a margin of 6, β = 0.1", (_, options, value, slope) => {
    const { inputs, pairs } = marginOf(6);
    const loss = preferenceLoss(pairs, { beta: 0.1, ...options });
    expect(inputs.value(loss)).toBeCloseTo(value, 6);
    if (!Number.isNaN(slope)) expect(inputs.gradient(loss, pairs.chosen.logProb)[0]).toBeCloseTo(slope, 6);
  });

  test("the mean of robust over flipped labels is the loss of the clean ones", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -8, max: 8, noNaN: true }),
        fc.double({ min: 0, max: 0.45, noNaN: true }),
        (margin, epsilon) => {
          const at = (m: number, options: PreferenceLossOptions) => {
            const { inputs, pairs } = marginOf(m);
            return inputs.value(preferenceLoss(pairs, { beta: 1, ...options }));
          };
          const robust = { loss: "robust", labelSmoothing: epsilon } as const;
          const noisy = (1 - epsilon) * at(margin, robust) + epsilon * at(-margin, robust);
          expect(noisy).toBeCloseTo(at(margin, {}), 5);
        },
      ),
      { numRuns: 50, seed: 1 },
    );
  });

  test("IPO's minimum is a margin of 1/(2τ) for each token", () => {
    const { inputs, pairs } = pairsOf([-2], [-4 - 3 * 2.5], [[-2], [-4]], [[1], [3]]);
    const loss = preferenceLoss(pairs, { loss: "ipo", beta: 0.2 });
    expect(inputs.value(loss)).toBeCloseTo(0, 7);
    expect(inputs.gradient(loss, pairs.chosen.logProb)[0]).toBeCloseTo(0, 7);
  });

  test("a mixture is its weighted sum, in value and gradient", () => {
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
    const parts = [
      ["sigmoid", 0.8],
      ["bco_pair", 0.2],
      ["sft", 1],
    ] as const;
    const mixed = preferenceLoss(pairs, { loss: parts.map(([loss, weight]) => ({ loss, weight })) });
    const single = parts.map(([loss]) => preferenceLoss(pairs, { loss }));
    const weigh = (values: number[]) => values.reduce((sum, value, k) => sum + parts[k][1] * value, 0);
    expect(inputs.value(mixed)).toBeCloseTo(weigh(single.map((loss) => inputs.value(loss))), 7);
    inputs.gradient(mixed, pairs.chosen.logProb).forEach((slope, i) => {
      expect(slope).toBeCloseTo(weigh(single.map((loss) => inputs.gradient(loss, pairs.chosen.logProb)[i])), 7);
    });
  });

  test("f-divergences agree with the reverse KL to first order around the reference", () => {
    for (const score of ["forward_kl", "js_divergence", { alpha: 2 }, { alpha: 0.5 }] as const) {
      const { inputs, pairs } = pairsOf([-3], [-4], [[-3], [-4]]);
      const loss = preferenceLoss(pairs, { score, beta: 0.4 });
      expect(inputs.value(loss)).toBeCloseTo(LN_2, 7);
      // f″(1) is 1 but for the Jensen–Shannon divergence, which is half as curved.
      expect(inputs.gradient(loss, pairs.chosen.logProb)[0]).toBeCloseTo(score === "js_divergence" ? -0.1 : -0.2, 7);
    }
  });

  test("KTO is λ/2 at initialisation, with desirable completions up and undesirable ones down", () => {
    const inputs = new Inputs();
    const [logProb, referenceLogProb] = [inputs.vector("policy", [-3, -5]), inputs.vector("reference", [-3, -5])];
    const desirable = inputs.vector("desirable", [1, 0]);
    const loss = ktoLoss({ logProb, referenceLogProb, desirable }, { desirableWeight: 1, undesirableWeight: 1.5 });
    expect(inputs.value(loss)).toBeCloseTo(0.625, 7);
    const [up, down] = inputs.gradient(loss, logProb);
    expect(up).toBeCloseTo(-0.0125, 7);
    expect(down).toBeCloseTo(0.01875, 7);
  });

  test("ORPO: the odds of mean log-probabilities", () => {
    const { inputs, pairs } = pairsOf([-2], [-9], undefined, [[4], [6]]);
    const odds = (p: number) => p / (1 - p);
    const ratio = odds(Math.exp(-0.5)) / odds(Math.exp(-1.5));
    const expected = 0.5 + 0.3 * Math.log(1 + 1 / ratio);
    expect(inputs.value(preferenceLoss(pairs, orpo(0.3)))).toBeCloseTo(expected, 7);
  });

  test("SimPO: γ is taken off the difference of rewards", () => {
    const { inputs, pairs } = pairsOf([-2], [-9], undefined, [[4], [6]]);
    expect(inputs.value(preferenceLoss(pairs, simpo(2, 0.5)))).toBeCloseTo(
      Math.log1p(Math.exp(-(2 * (1.5 - 0.5) - 0.5))),
      9,
    );
  });

  test("Bradley–Terry is ln 2 for equal rewards and knows differences only, but for centring", () => {
    const at = (shift: number, centring = 0) => {
      const inputs = new Inputs();
      const pairs = { chosen: inputs.vector("c", [1 + shift, shift]), rejected: inputs.vector("r", [shift, shift]) };
      return inputs.value(bradleyTerryLoss(pairs, centring));
    };
    const expected = (Math.log1p(Math.exp(-1)) + LN_2) / 2;
    for (const shift of [0, 5]) expect(at(shift)).toBeCloseTo(expected, 7);
    expect(at(5, 0.01)).toBeCloseTo(expected + (0.01 * (121 + 100)) / 2, 7);
  });
});

describe("errors", () => {
  const { pairs } = pairsOf([-3], [-4], [[-3], [-4]]);
  test.each<[string, PreferenceLossOptions, string]>([
    ["an unknown loss", { loss: "sigmod" as PairLossName }, 'Did you mean "sigmoid"'],
    ["β of 0", { beta: 0 }, "a finite number above 0"],
    ["smoothing where no loss reads it", { loss: "hinge", labelSmoothing: 0.1 }, "labelSmoothing has no meaning"],
    ["a divergence beside a loss without one", { loss: "apo_zero", score: "forward_kl" }, "score has no meaning"],
    ["robust at ½", { loss: "robust", labelSmoothing: 0.5 }, "below 0.5"],
    ["exo_pair at 0", { loss: "exo_pair", labelSmoothing: 0 }, "above 0"],
    ["lengths missing", { loss: "ipo" }, "needs the lengths"],
    ["an empty mixture", { loss: [] }, "a list of { loss, weight }"],
    ["an unknown option", { betta: 1 } as PreferenceLossOptions, 'has no option "betta"'],
  ])("%s", (_, options, words) => {
    expect(() => preferenceLoss(pairs, options)).toThrow(AscentError);
    expect(() => preferenceLoss(pairs, options)).toThrow(words);
  });

  test("a reference for one side only, and tensors that do not fit", () => {
    const lopsided = { chosen: pairs.chosen, rejected: { ...pairs.rejected, referenceLogProb: undefined } };
    expect(() => preferenceLoss(lopsided)).toThrow("both, or neither");
    const other = pairsOf([-3, -4], [-4, -5]).pairs;
    expect(() =>
      preferenceLoss({
        chosen: pairs.chosen,
        rejected: { ...other.rejected, referenceLogProb: other.rejected.logProb },
      }),
    ).toThrow(AscentError);
    expect(() => implicitRewards(lopsided)).toThrow(AscentError);
  });
});
