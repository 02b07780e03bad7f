/** The words of `ascent compare` as variants. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { variantsFrom } from "../../src/cli/compareVariants.ts";

const folder = mkdtempSync(join(tmpdir(), "ascent-variants-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("algorithms with settings behind them; --set goes for all that do not say otherwise", () => {
  expect(variantsFrom(["ppo", "a2c gamma=0.9 hidden=64,64"], { set: { gamma: 0.5, hidden: 8 } })).toEqual([
    { name: "ppo", algorithm: "ppo", options: { gamma: 0.5, hidden: [8] } },
    { name: "a2c gamma=0.9 hidden=64,64", algorithm: "a2c", options: { gamma: 0.9, hidden: [64, 64] } },
  ]);
});

test("--vary: all combinations, named by what varies, and by the algorithm where there are several", () => {
  const vary: [string, string[]][] = [
    ["gamma", ["0.9", "1"]],
    ["hidden", ["64,64", "32"]],
  ];
  const one = variantsFrom(["ppo nEpochs=2"], { vary });
  expect(one.map(({ name }) => name)).toEqual([
    "gamma=0.9 hidden=64,64",
    "gamma=0.9 hidden=32",
    "gamma=1 hidden=64,64",
    "gamma=1 hidden=32",
  ]);
  expect(one[1].options).toEqual({ nEpochs: 2, gamma: 0.9, hidden: [32] });
  const two = variantsFrom(["ppo", "a2c"], { vary: [["gamma", ["0.9", "1"]]] });
  expect(two.map(({ name }) => name)).toEqual(["ppo gamma=0.9", "ppo gamma=1", "a2c gamma=0.9", "a2c gamma=1"]);
});

test("--variant: a name, an algorithm of its own or the one in front, whose settings are theirs too", () => {
  const variant = ["GAE: weighting=gae baseline=value", "plain:", "fast: learningRate=linear:1e-2"];
  expect(variantsFrom(["reinforce nEnvs=4"], { variant })).toEqual([
    { name: "GAE", algorithm: "reinforce", options: { nEnvs: 4, weighting: "gae", baseline: "value" } },
    { name: "plain", algorithm: "reinforce", options: { nEnvs: 4 } },
    { name: "fast", algorithm: "reinforce", options: { nEnvs: 4, learningRate: "linear:1e-2" } },
  ]);
  // Settings of the one in front are not those of another algorithm.
  expect(variantsFrom(["reinforce weighting=gae"], { variant: ["other: a2c"] })[0].options).toEqual({});
  expect(variantsFrom([], { variant: ["a: ppo", "b: a2c gamma=1"] }).map(({ algorithm }) => algorithm)).toEqual([
    "ppo",
    "a2c",
  ]);
});

test("--variants: a JSON list", () => {
  const path = join(folder, "variants.json");
  writeFileSync(path, '[{ "name": "x", "algorithm": "ppo", "options": { "hidden": [4] } }, { "algorithm": "a2c" }]');
  expect(variantsFrom([], { variants: path })).toEqual([
    { name: "x", algorithm: "ppo", options: { hidden: [4] } },
    { algorithm: "a2c", options: {} },
  ]);
  for (const wrong of ["{}", "[]", "[1]", '"ppo"', '[{ "algorithm": "ppo", "options": "gamma" }]']) {
    writeFileSync(path, wrong);
    expect(() => variantsFrom([], { variants: path }), wrong).toThrow(/holds no variants/);
  }
  writeFileSync(path, '[{ "algorithm": 3 }]');
  expect(() => variantsFrom([], { variants: path })).toThrow(/algorithm/);
});

test("null goes back to the algorithm's own default", () => {
  const [{ options }] = variantsFrom(["ppo gamma=null"], {});
  expect(Object.entries(options ?? {})).toEqual([["gamma", undefined]]);
});
