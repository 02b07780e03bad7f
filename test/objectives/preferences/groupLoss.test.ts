/** Losses of groups: divisors by hand, and what has gone wrong in other implementations of them. */

import { describe, expect, test } from "vitest";
import {
  type GroupBatch,
  type GroupLossName,
  type GroupLossOptions,
  groupLoss,
} from "../../../src/objectives/index.ts";
import { Inputs } from "./support.ts";

interface Rows {
  logProb: number[][];
  old?: number[][];
  reference?: number[][];
  advantage: number[];
  mask: number[][];
  totalTokens?: number;
}

function run(rows: Rows, options: GroupLossOptions) {
  const inputs = new Inputs();
  const logProb = inputs.matrix("policy", rows.logProb);
  const batch: GroupBatch = {
    logProb,
    oldLogProb: rows.old && inputs.matrix("old", rows.old),
    referenceLogProb: rows.reference && inputs.matrix("reference", rows.reference),
    advantage: inputs.vector("advantage", rows.advantage),
    mask: inputs.matrix("mask", rows.mask),
    totalTokens: rows.totalTokens,
  };
  const loss = groupLoss(batch, options);
  return { value: inputs.value(loss), gradient: inputs.gradient(loss, logProb).map((x) => x + 0) };
}

/** Two completions, of three tokens and of one. */
const TWO: Rows = {
  logProb: [
    [-1, -2, -0.5],
    [-1.5, -3, -3],
  ],
  advantage: [2, -1],
  mask: [
    [1, 1, 1],
    [1, 0, 0],
  ],
};

describe("what the sum over tokens is divided by", () => {
  test.each<[GroupLossName, number, number[]]>([
    // Of the policy itself the ratio is 1: a token's loss is −A, its gradient −A over the divisor.
    ["grpo", -(2 - 1) / 2, [-1 / 3, -1 / 3, -1 / 3, 1 / 2, 0, 0]],
    ["dapo", -(6 - 1) / 4, [-1 / 2, -1 / 2, -1 / 2, 1 / 4, 0, 0]],
    ["bnpo", -(6 - 1) / 4, [-1 / 2, -1 / 2, -1 / 2, 1 / 4, 0, 0]],
    ["dr_grpo", -(6 - 1) / 16, [-1 / 8, -1 / 8, -1 / 8, 1 / 16, 0, 0]],
    ["luspo", -(6 - 1) / 2, [-1, -1, -1, 1 / 2, 0, 0]],
  ])("%s", (loss, value, gradient) => {
    const result = run(TWO, { loss, completionLength: 8 });
    expect(result.value).toBeCloseTo(value, 7);
    gradient.forEach((slope, i) => {
      expect(result.gradient[i]).toBeCloseTo(slope, 7);
    });
  });

  test("dr_grpo's divisor is the longest completion allowed, not the longest there is", () => {
    const padded = {
      ...TWO,
      logProb: TWO.logProb.map((row) => [...row, -1]),
      mask: TWO.mask.map((row) => [...row, 0]),
    };
    const options = { loss: "dr_grpo", completionLength: 8 } as const;
    expect(run(padded, options).value).toBeCloseTo(run(TWO, options).value, 12);
    expect(() => run(TWO, { loss: "dr_grpo" })).toThrow("completionLength");
  });

  test("parts of a batch add up to the whole for dapo, with the tokens of the whole; bnpo's own tokens do not", () => {
    const parts = [0, 1].map(
      (i): Rows => ({ logProb: [TWO.logProb[i]], advantage: [TWO.advantage[i]], mask: [TWO.mask[i]] }),
    );
    const sum = (loss: GroupLossName, totalTokens?: number) =>
      parts.flatMap((part) => run({ ...part, totalTokens }, { loss }).gradient);
    const whole = run(TWO, { loss: "dapo" }).gradient;
    sum("dapo", 4).forEach((slope, i) => {
      expect(slope).toBeCloseTo(whole[i], 7);
    });
    expect(sum("bnpo")[0]).not.toBeCloseTo(whole[0], 3);
  });

  test("a row that is masked out adds nothing to dapo, and to grpo a mean of 0 only", () => {
    const nan = [Number.NaN, Number.POSITIVE_INFINITY, Number.NaN];
    const more: Rows = {
      logProb: [...TWO.logProb, nan],
      old: [...TWO.logProb, nan],
      reference: [...TWO.logProb, nan],
      advantage: [...TWO.advantage, 5],
      mask: [...TWO.mask, [0, 0, 0]],
    };
    const options = { loss: "dapo", klCoefficient: 0.1 } as const;
    const [without, with_] = [run({ ...TWO, old: TWO.logProb, reference: TWO.logProb }, options), run(more, options)];
    expect(with_.value).toBe(without.value);
    expect(with_.gradient).toEqual([...without.gradient, 0, 0, 0]);
    expect(run(more, { loss: "grpo" }).value).toBeCloseTo((run(TWO, { loss: "grpo" }).value * 2) / 3, 7);
  });
});

describe("ratios", () => {
  test("equal policies have a ratio of exactly 1 at any length, of tokens and of sequences", () => {
    for (const ratio of ["token", "sequence"] as const) {
      const same = run({ ...TWO, old: TWO.logProb }, { ratio });
      expect(same).toEqual(run(TWO, { ratio: "token" }));
    }
  });

  test("a sequence's ratio is of the mean log-ratio, not of the sum", () => {
    const old = TWO.logProb.map((row) => row.map((x) => x - 0.1));
    const wide = { ratio: "sequence", clipRange: 0.9, loss: "grpo" } as const;
    expect(run({ ...TWO, old }, wide).value).toBeCloseTo((-(2 - 1) * Math.exp(0.1)) / 2, 7);
  });

  test("on-policy the loss of centred advantages is 0, its gradient is not", () => {
    const centred = { ...TWO, advantage: [1, -1] };
    const { value, gradient } = run(centred, { loss: "grpo" });
    expect(value).toBeCloseTo(0, 12);
    expect(Math.hypot(...gradient)).toBeGreaterThan(0.1);
  });

  test.each<[string, number, number, number, GroupLossOptions]>([
    ["a good token above 1 + ε_high stops paying", 1.5, 1, 0, { clipRangeHigh: 0.4 }],
    ["one between 1 + ε and 1 + ε_high does not", 1.3, 1, -1.3, { clipRangeHigh: 0.4 }],
    ["a bad token below 1 − ε stops costing", 0.7, -1, 0, {}],
    ["a bad token at a large ratio costs without end", 9, -1, 9, {}],
    ["unless there is a cap", 9, -1, 0, { ratioCap: 4 }],
  ])("%s", (_, ratio, advantage, slope, options) => {
    const one = { logProb: [[Math.log(ratio) - 1]], old: [[-1]], advantage: [advantage], mask: [[1]] };
    expect(run(one, options).gradient[0]).toBeCloseTo(slope, 6);
  });
});

describe("the KL term", () => {
  const one = (logProb: number, reference: number): Rows => ({
    logProb: [[logProb]],
    reference: [[reference]],
    advantage: [0],
    mask: [[1]],
  });

  test("has the value of k3 with and without correction, and another gradient", () => {
    const d = -1.2 - -0.7;
    const k3 = Math.exp(d) - 1 - d;
    const [plain, corrected] = [false, true].map((klCorrection) =>
      run(one(-0.7, -1.2), { klCoefficient: 0.5, klCorrection }),
    );
    expect(plain.value).toBeCloseTo(0.5 * k3, 7);
    expect(corrected.value).toBeCloseTo(0.5 * k3, 7);
    // ∇k3 = 1 − e^d; the ratio adds k3 to it, which leaves −d, the log-ratio of k1.
    expect(plain.gradient[0]).toBeCloseTo(0.5 * (1 - Math.exp(d)), 7);
    expect(corrected.gradient[0]).toBeCloseTo(0.5 * -d, 7);
  });

  test("is never negative, near 0 either, and needs a reference", () => {
    expect(run(one(-1, -1 + 1e-8), { klCoefficient: 1 }).value).toBeGreaterThanOrEqual(0);
    expect(() => run(TWO, { klCoefficient: 0.1 })).toThrow("needs the reference");
  });
});

test.each<[string, GroupLossOptions, string]>([
  ["an unknown loss", { loss: "gpro" as GroupLossName }, 'Did you mean "grpo"'],
  ["an unknown option", { epsilon: 0.2 } as GroupLossOptions, 'no option "epsilon"'],
  ["a negative range", { clipRange: -0.1 }, "≥ 0"],
])("%s is refused", (_, options, words) => {
  expect(() => run(TWO, options)).toThrow(words);
});

test("advantages for each token instead of each completion are refused, not broadcast", () => {
  expect(() => run({ ...TWO, advantage: [1] }, {})).toThrow("groupLoss: advantage");
});
