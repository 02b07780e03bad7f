/** The package's entry points: each path has its source, and the main one gathers the folders under names of their own. */

import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as main from "../../src/index.ts";

const at = (path: string) => new URL(`../../${path}`, import.meta.url);
const { exports } = JSON.parse(readFileSync(at("package.json"), "utf8"));

test("every path of the package's exports has a source, and every teaching folder a path", () => {
  for (const [path, target] of Object.entries<{ types: string; default: string } | string>(exports)) {
    if (typeof target === "string" || target.default.endsWith(".wasm")) continue;
    const source = target.default.replace("./dist/", "src/").replace(/\.js$/, ".ts");
    expect(existsSync(at(source)), `${path}: ${source}`).toBe(true);
    expect(target.types).toBe(target.default.replace(/\.js$/, ".d.ts"));
  }
  for (const folder of ["mdp", "estimators", "objectives", "variance", "policies"]) {
    expect(exports).toHaveProperty([`./${folder}`]);
  }
});

test("the main entry has the folders as namespaces, so that no two names clash", () => {
  expect(main.mdp.chain).toBeTypeOf("function");
  expect(main.estimators.rewardToGo).toBeTypeOf("function");
  expect(main.estimators.reinforceWeights).toBeTypeOf("function");
  expect(main.estimators.offPolicyWeights).toBeTypeOf("function");
  expect(main.objectives.plainSurrogate).toBeTypeOf("function");
  expect(main.objectives.fisherVectorProduct).toBeTypeOf("function");
  expect(main.variance.varianceStudy).toBeTypeOf("function");
});
