import { describe, expect, test } from "vitest";
import { ensembleReward } from "../../../src/estimators/preferences/ensembleReward.ts";

const members = [1, 2, 3, 3, 2, -1];
const combined = (rule: "mean" | "worst" | "uncertainty", weight = 0) => {
  const out = new Float64Array(3);
  ensembleReward(members, 2, rule, weight, out);
  return Array.from(out);
};

describe("ensembleReward", () => {
  test("mean, worst case and uncertainty-weighted", () => {
    expect(combined("mean")).toEqual([2, 2, 1]);
    expect(combined("worst")).toEqual([1, 2, -1]);
    expect(combined("uncertainty", 0.5)).toEqual([1.5, 2, -1]);
  });

  test("members that agree are worth what they say, whatever the rule", () => {
    const out = new Float64Array(2);
    ensembleReward([4, 5, 4, 5, 4, 5], 3, "uncertainty", 10, out);
    expect(Array.from(out)).toEqual([4, 5]);
  });

  test("a member that is missing is refused", () => {
    expect(() => ensembleReward([1, 2, 3], 2, "mean", 0, new Float64Array(2))).toThrow("ensembleReward: rewards");
  });
});
