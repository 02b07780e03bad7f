import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { algorithms, languageAlgorithms, listEnvironments } from "ascent-rl";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { algorithmOf, presetOf, startingValue } from "../../lab/catalogue/catalogue.ts";
import { expectedInstead } from "../../lab/catalogue/checkValue.ts";
import { describeCatalogue } from "../../lab/catalogue/describe.ts";
import { textOfValue, valueOfText } from "../../lab/catalogue/valueText.ts";

const catalogue = describeCatalogue({ release: "1.2.3", metrics: readFileSync("docs/metrics.md", "utf8") });
const option = (algorithm: string, name: string) =>
  algorithmOf(catalogue, algorithm)!.options.find((one) => one.name === name)!;

describe("the catalogue", () => {
  test("is JSON, and small enough for a page", () => {
    const text = JSON.stringify(catalogue);
    expect(JSON.parse(text)).toEqual(catalogue);
    expect(gzipSync(text).length).toBeLessThan(20_000);
  });

  test("has every algorithm that learns by acting or from texts, each with all its settings but the seed", () => {
    const known = { ...algorithms, ...languageAlgorithms };
    const { bc: _, ...expected } = known as Record<string, (typeof algorithms)["ppo"]>;
    expect(catalogue.algorithms.map(({ name }) => name)).toEqual(Object.keys(expected));
    for (const { name, options } of catalogue.algorithms) {
      const names = Object.keys(expected[name].options.shape).filter((one) => one !== "seed");
      expect(options.map((one) => one.name).sort()).toEqual(names.sort());
      for (const one of options) expect(one.description, `${name} ${one.name}`).not.toBe("");
    }
  });

  test("has every environment, and which algorithm fits which", () => {
    const ids = catalogue.environments.filter(({ kind }) => kind === "environment").map(({ id }) => id);
    const atOnce = listEnvironments().filter(({ prepare }) => prepare === undefined);
    expect(ids).toEqual(atOnce.map(({ id }) => id));
    expect(algorithmOf(catalogue, "trpo")!.environments).toEqual(ids);
    expect(algorithmOf(catalogue, "sft")!.environments).toContain("names");
    expect(algorithmOf(catalogue, "dpo")!.environments).not.toContain("random-walks");
    const cartPole = catalogue.environments.find(({ id }) => id === "CartPole-v1")!;
    expect(cartPole).toMatchObject({ maxEpisodeSteps: 500, rewardThreshold: 475, kind: "environment" });
  });

  test("reads kinds, bounds, choices and defaults off the schemas", () => {
    expect(option("ppo", "gamma")).toMatchObject({ kind: "number", min: 0, max: 1, default: 0.99 });
    expect(option("ppo", "nEnvs")).toMatchObject({ kind: "integer", min: 1, default: 8, isCommon: true });
    expect(option("ppo", "nEnvs")).not.toHaveProperty("max");
    expect(option("ppo", "learningRate")).toMatchObject({ kind: "schedule", default: 3e-4, isChangeable: true });
    expect(option("ppo", "maxGradNorm")).toMatchObject({ kind: "limit", default: 0.5 });
    expect(option("ppo", "activation")).toMatchObject({ kind: "choice", group: "Policy network" });
    expect(option("ppo", "hidden")).toMatchObject({ kind: "list", default: [64, 64], min: 1 });
    expect(option("ppo", "targetKl")).not.toHaveProperty("default");
    expect(option("trpo", "lineSearchShrinkingFactor")).toMatchObject({ above: 0, below: 1 });
    expect(option("ppo", "cnn").kind).toBe("other");
    expect(option("ppo", "gamma").isChangeable).toBe(true);
    expect(option("ppo", "hidden").isChangeable).toBe(false);
    expect(option("dpo", "learningRate").isChangeable).toBe(false);
  });

  test("presets count before defaults, and both pass the page's own check", () => {
    const ppo = algorithmOf(catalogue, "ppo")!;
    expect(presetOf(ppo, "CartPole-v1").steps).toBe(100_000);
    expect(presetOf(ppo, "nowhere")).toEqual({ steps: 100_000, options: {} });
    expect(startingValue(ppo, "CartPole-v1", option("ppo", "gamma"))).toBe(0.98);
    expect(startingValue(ppo, "Corridor-v0", option("ppo", "gamma"))).toBe(0.99);
    for (const { name, options, presets } of catalogue.algorithms) {
      for (const one of options) {
        if (one.default !== undefined) expect(expectedInstead(one, one.default), `${name} ${one.name}`).toBeUndefined();
        for (const preset of Object.values(presets)) {
          const value = preset.options[one.name];
          if (value !== undefined) expect(expectedInstead(one, value), `${name} ${one.name}`).toBeUndefined();
        }
      }
    }
  });

  test("defines the figures of runs, in plain text", () => {
    const definitions = new Map(catalogue.metrics.map(({ name, definition }) => [name, definition]));
    for (const name of ["episodeReturn", "approxKl", "clipFraction", "kl", "logLikelihood", "rewards/margins"]) {
      expect(definitions.get(name)?.length, name).toBeGreaterThan(20);
    }
    expect(definitions.get("clipFraction")).toContain("|r − 1| > clipRange");
    expect([...definitions.values()].join()).not.toMatch(/[`\\]|\]\(/);
  });
});

describe("values", () => {
  test.each([
    ["ppo", "gamma", 1.5],
    ["ppo", "gamma", "0.5"],
    ["ppo", "nEnvs", 0],
    ["ppo", "nEnvs", 2.5],
    ["ppo", "activation", "tahn"],
    ["ppo", "learningRate", -1],
    ["ppo", "learningRate", { kind: "linear" }],
    ["ppo", "maxGradNorm", 0],
    ["ppo", "hidden", [64, 0]],
    ["ppo", "shared", 1],
    ["trpo", "lineSearchShrinkingFactor", 1],
  ])("%s: %s = %j is refused here as by the library", (algorithm, name, value) => {
    expect(expectedInstead(option(algorithm, name), value)).toBe(option(algorithm, name).expected);
    expect(algorithms[algorithm].options.safeParse({ [name]: value }).success).toBe(false);
  });

  test("null is unset, and fits", () => {
    expect(expectedInstead(option("ppo", "targetKl"), null)).toBeUndefined();
  });

  test.each([
    ["learningRate", "linear:1e-3:1e-4", { kind: "linear", from: 1e-3, to: 1e-4 }],
    ["learningRate", "cosine:1e-3", { kind: "cosine", from: 1e-3 }],
    ["learningRate", "3e-4", 3e-4],
    ["hidden", "64,64", [64, 64]],
    ["hidden", "64", [64]],
    ["hidden", "[32]", [32]],
    ["maxGradNorm", "none", "none"],
    ["nSteps", "1_000", 1000],
    ["targetKl", "null", null],
    ["shared", "true", true],
    ["cnn", "nature", "nature"],
  ])("%s=%s is read as it is on the command line", (name, text, value) => {
    expect(valueOfText(option("ppo", name), text)).toEqual(value);
  });

  test.each([
    ["learningRate", "linear"],
    ["learningRate", "fast"],
    ["gamma", ""],
    ["gamma", "0,9"],
    ["shared", "yes"],
    ["hidden", "64;64"],
  ])("%s=%s is no value", (name, text) => {
    expect(valueOfText(option("ppo", name), text)).toBeUndefined();
  });

  test("what is written is read again as it was", () => {
    const rate = fc.double({ min: 0, max: 10, noNaN: true });
    const cases = fc.oneof(
      fc.tuple(fc.constant("gamma"), fc.double({ min: 0, max: 1, noNaN: true })),
      fc.tuple(fc.constant("hidden"), fc.array(fc.integer({ min: 1, max: 512 }), { maxLength: 4 })),
      fc.tuple(
        fc.constant("learningRate"),
        fc.record({ kind: fc.constantFrom("linear", "cosine"), from: rate, to: rate }),
      ),
      fc.tuple(
        fc.constant("learningRate"),
        fc.record({ kind: fc.constant("steps"), from: rate, milestones: fc.array(fc.tuple(rate, rate)) }),
      ),
      fc.tuple(
        fc.constant("maxGradNorm"),
        fc.oneof(fc.constant("none"), fc.double({ min: 1e-6, max: 9, noNaN: true })),
      ),
    );
    fc.assert(
      fc.property(cases, ([name, value]) => {
        expect(valueOfText(option("ppo", name), textOfValue(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { seed: 1 },
    );
  });
});
