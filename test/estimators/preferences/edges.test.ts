/** What lies at the edges: outputs that held something, arrays of another length, groups of two, empty batches, ends of ranges. */

import { describe, expect, test } from "vitest";
import {
  bestOfN,
  combineRewards,
  equalRewardShare,
  groupAdvantages,
  leaveOneOutAdvantages,
  lengthDesensitisedWeights,
  mismatchedRows,
  nextKlCoefficient,
  type Output,
  tokenRewards,
  whiten,
} from "../../../src/estimators/index.ts";
import { expectClose } from "../../mdp/support.ts";

const rewards = [1, 2, Number.NaN, 4, 4, 0];
const tokens = {
  ...{ logProb: [-1, -2, -3, -4, -5, -6], referenceLogProb: [-1.5, -1, -3, -4, -4, -7] },
  ...{ lengths: [2, 3], scores: [10, 20], klCoefficient: 0.1 },
};
const masks = { mask: [1, 1, 1, 1, 1, 0], other: [1, 0, 1, 1] };

const calls: [string, number, (out: Output) => unknown][] = [
  ["groupAdvantages", 6, (out) => groupAdvantages(rewards, 3, out)],
  ["leaveOneOutAdvantages", 6, (out) => leaveOneOutAdvantages(rewards, 3, out)],
  ["combineRewards", 3, (out) => combineRewards([1, 2, 3, Number.NaN, 5, 6], [0.5, 2], out)],
  ["whiten", 6, (out) => whiten([1, 2, 3, 4, 5, 6], out, { mask: [1, 1, 0, 1, 0, 1] })],
  ["whiten: nothing counts", 2, (out) => whiten([1, 2], out, { mask: [0, 0] })],
  ["tokenRewards", 6, (out) => tokenRewards(tokens, out)],
  ["lengthDesensitisedWeights", 6, (out) => lengthDesensitisedWeights(masks.mask, masks.other, 2, 0.5, out)],
];

describe.each(calls)("%s", (_, length, write) => {
  test("does not depend on what the output held, and refuses one of another length", () => {
    const [clean, dirty] = [new Float64Array(length), new Float64Array(length).fill(7)];
    write(clean);
    write(dirty);
    expect(dirty).toEqual(clean);
    expect(() => write(new Float64Array(length - 1))).toThrow(expect.objectContaining({ code: "shape" }));
    expect(() => write(new Float64Array(length + 1))).toThrow(expect.objectContaining({ code: "shape" }));
  });
});

test("a group of two: 1e-4 beside a deviation that is as small; the others' mean is the other's reward", () => {
  const out = new Float64Array(2);
  const apart = 1e-4 * Math.SQRT2;
  groupAdvantages([0, apart], 2, out);
  expectClose(out, [-apart / 4e-4, apart / 4e-4], 1e-12);
  leaveOneOutAdvantages([3, 7], 2, out);
  expect([...out]).toEqual([-4, 4]);
  leaveOneOutAdvantages([3, Number.NaN], 2, out);
  expect([...out]).toEqual([0, 0]);
});

test("batches of nothing", () => {
  const none = new Float64Array(0);
  groupAdvantages([], 2, none);
  leaveOneOutAdvantages([], 2, none, { normalise: true });
  expect(equalRewardShare([], 2)).toBe(0);
  expect([...tokenRewards({ ...tokens, logProb: [], referenceLogProb: [], lengths: [], scores: [] }, none)]).toEqual(
    [],
  );
});

test("the share of groups that teach nothing, counted in groups", () => {
  expect(equalRewardShare([1, 1, 1, 2, 3, 3, 3, 3], 2)).toBe(3 / 4);
  expect(equalRewardShare([1, Number.NaN, 1, 2], 2)).toBe(1 / 2);
});

test("each row is paired with the one before it, the first with the last", () => {
  expect([...mismatchedRows(4)]).toEqual([3, 0, 1, 2]);
  expect([...mismatchedRows(2)]).toEqual([1, 0]);
  expect(() => mismatchedRows(1)).toThrow(/at least two/);
});

test("whitening: 1e-8 beside a variance that is as small, one number with ddof 1, masks of another length", () => {
  const out = new Float64Array(2);
  whiten([0, 2e-4], out);
  expectClose(out, [-1 / Math.SQRT2, 1 / Math.SQRT2], 1e-12);
  whiten([1, 3], out, { correction: 1 });
  expectClose(out, [-Math.SQRT1_2, Math.SQRT1_2], 1e-8);
  const one = Float64Array.of(9);
  whiten([5], one, { correction: 1 });
  expect(one[0]).toBe(0);
  whiten([5], one, { shiftMean: false });
  expect(one[0]).toBe(5);
  const bad = () => whiten([1, 2], out, { mask: [1] });
  expect(bad).toThrow(expect.objectContaining({ code: "shape" }));
});

describe("rewards of tokens", () => {
  test.each([
    ["logProb", { logProb: [-1] }],
    ["referenceLogProb", { referenceLogProb: [-1] }],
    ["lengths", { lengths: [2] }],
    ["lengths[1]", { lengths: [2, 4] }],
    ["lengths[0]", { lengths: [-1, 3] }],
    ["lengths[0]", { lengths: [1.5, 3] }],
    ["ended", { ended: [1] }],
    ["ended", { missingEndPenalty: 1 }],
  ])("%s that do not fit", (what, bad) => {
    const message = expect.stringContaining(what);
    const error = expect.objectContaining({ code: "shape", message });
    expect(() => tokenRewards({ ...tokens, ...bad }, new Float64Array(6))).toThrow(error);
  });

  test("a completion of no tokens has no reward, one of all has its score on the last", () => {
    const out = new Float64Array(6);
    const sums = tokenRewards({ ...tokens, lengths: [0, 3] }, out);
    expectClose(out, [0, 0, 0, 0, 0.1, 20 - 0.1], 1e-12);
    expectClose(sums, [0, -1 + 1], 1e-12);
  });
});

test.each([
  [0, 2],
  [-2, 2],
  [1.5, 2],
  [4, 2],
])("LD-DPO: %d rows do not divide the masks", (rows) => {
  const out = new Float64Array(6);
  const call = () => lengthDesensitisedWeights(masks.mask, masks.other, rows, 0.5, out);
  expect(call).toThrow(expect.objectContaining({ code: "shape" }));
});

test("LD-DPO: as many as the other completion has count whole, the rest a share", () => {
  const out = new Float64Array(6);
  lengthDesensitisedWeights(masks.mask, masks.other, 2, 0.25, out);
  expect([...out]).toEqual([1, 0.25, 0.25, 1, 1, 0]);
});

test("the error of the KL controller counts up to a fifth, both ways", () => {
  const control = { target: 2, steps: 100, horizon: 1000 };
  expect(nextKlCoefficient(0.5, { ...control, kl: 2.2 })).toBeCloseTo(0.5 * (1 + 0.1 / 10), 14);
  expect(nextKlCoefficient(0.5, { ...control, kl: 100 })).toBeCloseTo(0.5 * (1 + 0.2 / 10), 14);
  expect(nextKlCoefficient(0.5, { ...control, kl: 0 })).toBeCloseTo(0.5 * (1 - 0.2 / 10), 14);
});

test("best of n: ties share by the base, small probabilities keep their digits", () => {
  expectClose(bestOfN([0.25, 0.5, 0.25], [1, 2, 2], 2), [1 / 16, (15 / 16) * (2 / 3), 15 / 16 / 3], 1e-14);
  const tiny = bestOfN([1e-9, 1 - 1e-9], [1, 2], 2);
  expect(tiny[0] / 1e-18).toBeCloseTo(1, 12);
  const rare = bestOfN([1 - 1e-12, 1e-12], [1, 2], 3);
  expect(rare[1] / 3e-12).toBeCloseTo(1, 4);
  expect(() => bestOfN([0.5, 0.5], [1], 2)).toThrow(expect.objectContaining({ code: "shape" }));
  expect(() => bestOfN([0.5, 0.500002], [1, 2], 2)).toThrow(/no distribution/);
  expect(bestOfN([0.5, 0.5000009], [1, 2], 1)[0]).toBe(0.5);
});
