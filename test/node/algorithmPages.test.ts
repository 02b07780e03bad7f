/** The pages of docs/algorithms: there is one for each algorithm, and what they name exists. */

import * as fs from "node:fs";
import { describe, expect, test } from "vitest";
import type { AlgorithmFacts } from "../../src/algorithms/algorithm.ts";
import { algorithms } from "../../src/algorithms/algorithmRegistry.ts";
import type { AlgorithmName } from "../../src/algorithms/byName.ts";
import { languageAlgorithms } from "../../src/algorithms/language/languageRegistry.ts";
import { createLearner } from "../../src/training/train.ts";

const root = new URL("../../", import.meta.url);
const read = (path: string) => fs.readFileSync(new URL(path, root), "utf8");
const all: Readonly<Record<string, AlgorithmFacts>> = { ...algorithms, ...languageAlgorithms };
const names = Object.keys(all);
/** A line may define several; NAME stands for any. */
const lines = [...read("docs/metrics.md").matchAll(/^\| (`[^|]+) \|/gm)].map(([, cell]) => cell);
const metrics = new Set(lines.flatMap((cell) => [...cell.matchAll(/`([\w/]+)`/g)].map(([, name]) => name)));

/** The lines of a page under a heading. */
function section(page: string, title: string): string {
  const parts = page.split(/^## /m);
  return parts.find((part) => part.startsWith(title)) ?? "";
}

/** Plain words in backticks. */
const words = (text: string) => [...text.matchAll(/`([\w/]+)(?:=[^`]*)?`/g)].map(([, word]) => word);

test("the index links every page", () => {
  const index = read("docs/algorithms/README.md");
  for (const name of names) expect(index).toContain(`[${name}](${name}.md)`);
});

describe.each(["README", ...names])("%s.md", (name) => {
  const page = read(`docs/algorithms/${name}.md`);

  test("links lead to files, and functions named are in them", () => {
    const links = [...page.matchAll(/\[`?([^\]`]+)`?\]\(([^)#]+)\)/g)];
    expect(links.length).toBeGreaterThan(Object.hasOwn(languageAlgorithms, name) ? 2 : 4);
    for (const [, text, path] of links) {
      const url = new URL(path, new URL("docs/algorithms/", root));
      expect(fs.existsSync(url), path).toBe(true);
      if (path.endsWith(".ts")) {
        expect(fs.readFileSync(url, "utf8"), `${text} in ${path}`).toMatch(
          new RegExp(`\\b(function\\*?|class) ${text}\\b`),
        );
      }
    }
  });

  // Pages of what learns from completions of its own have tables of their own.
  const isFree = name === "README" || languageAlgorithms[name]?.learnsFrom === "prompt-only";
  test.skipIf(isFree)("options that matter are options, figures to watch are defined", () => {
    const options = Object.keys(all[name].options.shape);
    const known = [...options, ...names];
    const columns = section(page, "Options that matter")
      .split("\n")
      .map((line) => (line.startsWith("|") ? line.split("|")[1] : line));
    for (const word of columns.flatMap(words)) expect(known, word).toContain(word);
    const watched = words(section(page, "What to watch"));
    expect(watched.length).toBeGreaterThan(2);
    for (const word of watched) expect([...metrics, ...options], word).toContain(word);
    for (const title of ["Equations", "When to use it", "Sources"]) expect(section(page, title), title).not.toBe("");
  });
});

test.each([
  ["ppo", { objective: "penalty" }],
  ["ppo", { objective: "none", clipRangeVf: 0.2, targetKl: 0.01 }],
  ["a2c", { stateDependentStd: true }],
  ["reinforce", { baseline: "none" }],
  ["npg", {}],
])("every figure of %s with %o is defined", async (name, more) => {
  for (const environment of ["CartPole-v1", "Pendulum-v1"]) {
    const fits = environment === "Pendulum-v1" || !("stateDependentStd" in more);
    const options = { nEnvs: 2, nSteps: 32, hidden: [8], ...(fits && more) };
    const { learner } = await createLearner(name as AlgorithmName, { environment, options });
    for (const figure of Object.keys(learner.iterate())) expect(metrics, figure).toContain(figure);
  }
});
