import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { cureOf } from "../../lab/bench/cures.ts";
import { figureText } from "../../lab/bench/figureText.ts";
import { changedValue, withoutChange } from "../../lab/bench/liveChanges.ts";
import {
  backToPreset,
  changesText,
  differencesOf,
  effectiveValue,
  withAlgorithm,
  withEnvironment,
  withOption,
} from "../../lab/bench/variants.ts";
import { algorithmOf } from "../../lab/catalogue/catalogue.ts";
import { describeCatalogue } from "../../lab/catalogue/describe.ts";
import type { Variant } from "../../lab/link/benchSettings.ts";

const catalogue = describeCatalogue({ release: "1.2.3", metrics: readFileSync("docs/metrics.md", "utf8") });
const option = (name: string, algorithm = "ppo") =>
  algorithmOf(catalogue, algorithm)!.options.find((one) => one.name === name)!;
const side: Variant = { algorithm: "ppo", environment: "CartPole-v1", steps: 100_000, options: {} };

describe("a side", () => {
  test("a value comes from you, the preset, or the default, in this order", () => {
    expect(effectiveValue(catalogue, side, option("gamma"))).toEqual({ value: 0.98, origin: "preset" });
    expect(effectiveValue(catalogue, side, option("entCoef"))).toEqual({ value: 0, origin: "default" });
    const own = { ...side, options: { gamma: 0.5, maxGradNormVf: null } };
    expect(effectiveValue(catalogue, own, option("gamma"))).toEqual({ value: 0.5, origin: "you" });
    expect(effectiveValue(catalogue, own, option("maxGradNormVf"))).toEqual({ value: "none", origin: "you" });
  });

  test("keeps only what is otherwise than preset and default", () => {
    expect(withOption(catalogue, side, option("gamma"), 0.5).options).toEqual({ gamma: 0.5 });
    expect(withOption(catalogue, { ...side, options: { gamma: 0.5 } }, option("gamma"), 0.98).options).toEqual({});
    expect(withOption(catalogue, side, option("targetKl"), null).options).toEqual({});
    expect(withOption(catalogue, side, option("maxGradNormVf"), null).options).toEqual({ maxGradNormVf: null });
    expect(
      withOption(catalogue, side, option("learningRate"), { kind: "linear", from: 1e-3, to: 1e-4 }).options,
    ).toEqual({});
  });

  test("another algorithm keeps the settings it has, and takes its preset's length", () => {
    const own: Variant = {
      ...side,
      options: { gamma: 0.5, clipRange: 0.1 },
      changes: [{ atStep: 1, options: { clipRange: 0.3 } }],
    };
    expect(withAlgorithm(catalogue, own, "trpo")).toEqual({
      algorithm: "trpo",
      environment: "CartPole-v1",
      steps: algorithmOf(catalogue, "trpo")!.presets["CartPole-v1"].steps,
      options: { gamma: 0.5 },
    });
    expect(withAlgorithm(catalogue, side, "sft").environment).toBe(algorithmOf(catalogue, "sft")!.environments[0]);
    const mine: Variant = {
      ...side,
      environment: "own",
      source: "text",
      environmentOptions: { maxEpisodeSteps: 9 },
      steps: 77,
    };
    expect(withAlgorithm(catalogue, mine, "a2c")).toEqual({ ...mine, algorithm: "a2c" });
    expect(withAlgorithm(catalogue, mine, "sft")).not.toHaveProperty("source");
  });

  test("another environment takes its preset's length; back to the preset drops settings and changes", () => {
    expect(withEnvironment(catalogue, { ...side, source: "x" }, "Acrobot-v1")).toEqual({
      ...side,
      environment: "Acrobot-v1",
      steps: 500_000,
    });
    const own = { ...side, steps: 3, options: { gamma: 0.5 }, changes: [] };
    expect(backToPreset(catalogue, own)).toEqual(side);
  });

  test("differences name both values; what one has not is –", () => {
    expect(differencesOf(catalogue, side, side)).toEqual([]);
    const other: Variant = {
      ...side,
      steps: 5000,
      options: { gaeLambda: 1 },
      changes: [{ atStep: 2000, options: { entCoef: 0.01 } }],
    };
    expect(differencesOf(catalogue, side, other)).toEqual([
      { name: "steps", a: "100,000", b: "5,000" },
      { name: "changes while running", a: "", b: "at 2,000: entCoef = 0.01" },
      { name: "gaeLambda", a: "0.8", b: "1" },
    ]);
    const trpo = differencesOf(catalogue, side, withAlgorithm(catalogue, side, "trpo"));
    expect(trpo).toContainEqual({ name: "clipRange", a: "linear:0.2:0.05", b: "–" });
    expect(trpo[0]).toEqual({ name: "algorithm", a: "ppo", b: "trpo" });
  });
});

test("changes while running can be taken back, and say what holds", () => {
  const first = [{ atStep: 2000, options: { learningRate: 1e-4 } }];
  const two = [{ atStep: 2000, options: { learningRate: 1e-4, entCoef: 0 } }];
  expect(withoutChange(two, 2000, "entCoef")).toEqual(first);
  expect(withoutChange(first, 2000, "learningRate")).toEqual([]);
  expect(changedValue(two, 1999, "entCoef")).toBeUndefined();
  expect(changedValue(two, 2000, "entCoef")).toBe(0);
  expect(changesText({ ...side, changes: two })).toBe("at 2,000: learningRate = 0.0001, entCoef = 0");
});

test.each([
  ["ppo", "approxKl", "What usually helps: lower learningRate, lower nEpochs or set targetKl (0.02)."],
  ["reinforce", "kl", "What usually helps: lower learningRate."],
  ["trpo", "entropy", "What usually helps: lower learningRate."],
  ["a2c", "explainedVariance", "What usually helps: set normalizeRewards or raise vfCoef."],
  ["ppo", undefined, "What usually helps: lower learningRate, lower nEpochs or set targetKl (0.02)."],
])("what cures %s of a collapse that %s announced", (algorithm, figure, words) => {
  expect(cureOf(algorithmOf(catalogue, algorithm)!, figure)).toBe(words);
});

test.each([
  [undefined, "–"],
  [Number.NaN, "–"],
  [Number.NEGATIVE_INFINITY, "−∞"],
  [-12.3456, "−12.35"],
  [0, "0"],
  [100_000, "100,000"],
  [1.5e-5, "1.50e−5"],
])("%s is shown as %s", (value, text) => {
  expect(figureText(value)).toBe(text);
});
