/** Plans, results and tables of comparisons: what is read back from a folder, in which order runs are done, how figures are written. */
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findingsOf } from "../../../src/node/compare/findings.ts";
import { seriesOverSeeds } from "../../../src/node/compare/overSeeds.ts";
import {
  type ComparisonPlan,
  comparisonPaths,
  folderName,
  readPlan,
  runsOf,
  writePlan,
} from "../../../src/node/compare/plan.ts";
import { type RunResult, readRunResult, stepsMade } from "../../../src/node/compare/runResult.ts";
import { markdownOf, notesOn, tablesOf } from "../../../src/node/compare/tables.ts";

const plan: ComparisonPlan = {
  version: "0",
  variants: ["a", "b", "c"].map((name) => ({ name, algorithm: "ppo", options: { gamma: 0.9 }, unset: [] })),
  environments: [
    { id: "E-v0", steps: 1000, threshold: 40 },
    { id: "F-v0", steps: 500 },
  ],
  seeds: [3, 5],
  evaluationEpisodes: 20,
  kernels: "auto",
  imports: [],
};

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), "ascent-plan-"));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

test("runs are done environment by environment, seed by seed, all variants of a seed in turn", () => {
  const runs = runsOf(plan, "out");
  expect(runs.map(({ variant, environment, seed }) => `${variant.name} ${environment.id} ${seed}`)).toEqual(
    ["E-v0", "F-v0"].flatMap((id) => [3, 5].flatMap((seed) => ["a", "b", "c"].map((name) => `${name} ${id} ${seed}`))),
  );
  expect(runs[4].folder).toBe(join("out", "b", "E-v0-5"));
});

test.each([
  ["ppo", "ppo"],
  ["λ = 0.95", "λ-=-0.95"],
  ["a/b\\c", "a-b-c"],
  ["..", "variant"],
  [".hidden-", "hidden"],
  ["x+y_z", "x+y-z"],
])("the variant %j lies in %j", (name, expected) => {
  expect(folderName(name)).toBe(expected);
});

test("a plan is read back as it was written; what is none is refused", () => {
  writePlan(folder, plan);
  expect(readPlan(folder)).toEqual(plan);
  expect(() => readPlan(join(folder, "none"))).toThrow(/got no such folder/);
  fs.mkdirSync(join(folder, "empty"));
  expect(() => readPlan(join(folder, "empty"))).toThrow(/got a folder without plan.json/);
  for (const bad of [
    { ...plan, seeds: [-1] },
    { ...plan, evaluationEpisodes: 0 },
    { ...plan, kernels: "best" },
  ]) {
    fs.writeFileSync(comparisonPaths(folder).plan, JSON.stringify(bad));
    expect(() => readPlan(folder)).toThrow(/is not the plan of a comparison/);
  }
});

describe("a run's result", () => {
  const [planned] = runsOf(plan, "");
  const write = (progress: string, summary?: unknown) => {
    fs.writeFileSync(join(folder, "progress.csv"), progress);
    if (summary !== undefined) fs.writeFileSync(join(folder, "summary.json"), JSON.stringify(summary));
    return { ...planned, folder };
  };
  const evaluation = { episodes: 20, mean: 50, sd: 4, min: 41, max: 60 };

  test("is what its summary and its figures say; the threshold counts from the first time it is reached", () => {
    const run = write("step,episodeReturn\n100,\n200,40\n300,39\n400,45\n500,\n", {
      ...{ steps: 512, wallSeconds: 3.5, evaluation },
    });
    expect(readRunResult(run)).toEqual({
      ...{ variant: "a", environment: "E-v0", seed: 3, steps: 512, evaluation: 50, evaluationSd: 4, evaluationMin: 41 },
      ...{ evaluationEpisodes: 20, trainingReturn: 45, reachedAt: 200, wallSeconds: 3.5, folder },
      curve: { x: [100, 200, 300, 400, 500], y: [Number.NaN, 40, 39, 45, Number.NaN] },
    });
    expect(stepsMade(run)).toBe(500);
  });

  test("without a threshold, or below it, nothing is reached; without a figure there is no training return", () => {
    const summary = { steps: 512, wallSeconds: 3.5, evaluation };
    const low = write("step,episodeReturn\n100,39.9\n", summary);
    expect(readRunResult(low)).not.toHaveProperty("reachedAt");
    expect(readRunResult({ ...low, environment: plan.environments[1] })).not.toHaveProperty("reachedAt");
    expect(readRunResult(write("step,episodeReturn\n100,\n", summary))?.trainingReturn).toBeNaN();
  });

  test("there is none before the run is finished, and a damaged summary is named", () => {
    const open = write("step,loss\n");
    expect(readRunResult(open)).toBeUndefined();
    expect(stepsMade(open)).toBe(0);
    expect(stepsMade({ ...planned, folder: join(folder, "none") })).toBe(0);
    expect(() => readRunResult(write("step\n", { steps: 1 }))).toThrow(/summary\.json is not the summary of a run/);
  });
});

const result = (variant: string, seed: number, evaluation: number, more: Partial<RunResult> = {}): RunResult => ({
  ...{ variant, environment: "E-v0", seed, steps: 1024, evaluation, evaluationSd: 1, evaluationMin: 0 },
  ...{ evaluationEpisodes: 20, trainingReturn: evaluation, wallSeconds: 2, folder: "", curve: { x: [], y: [] } },
  ...more,
});

test("findings are each environment's own, against the first variant, over the seeds of both", () => {
  const results = [
    ...[result("a", 3, 10), result("a", 5, 20), result("b", 3, 11, { wallSeconds: 4 }), result("b", 5, 23)],
    ...[result("c", 5, 17), result("a", 3, 100, { environment: "F-v0" })],
  ];
  const [first, second] = findingsOf(plan, results);
  expect([first.environment, first.steps, first.threshold]).toEqual(["E-v0", 1000, 40]);
  expect([second.environment, second.steps, "threshold" in second]).toEqual(["F-v0", 500, false]);
  expect(first.variants.map(({ variant, evaluation }) => [variant, evaluation.value])).toEqual([
    ["a", 15],
    ["b", 17],
    ["c", 17],
  ]);
  expect(first.variants[1].wallSeconds).toBe(3);
  expect(first.variants[0].stepsToThreshold?.count).toBe(0);
  expect(
    first.differences.map(({ variant, reference, evaluation }) => [variant, reference, evaluation.difference.value]),
  ).toEqual([
    ["b", "a", 2],
    ["c", "a", -3],
  ]);
  expect(second.variants.map(({ seeds }) => seeds)).toEqual([[3], [], []]);
  expect(second.variants[0]).not.toHaveProperty("stepsToThreshold");
});

describe("tables", () => {
  const figures = (evaluation: number, more: Partial<RunResult> = {}) =>
    tablesOf(
      findingsOf({ ...plan, variants: plan.variants.slice(0, 1) }, [result("a", 3, evaluation, more)])[0],
      20,
    )[0];

  test.each([
    [1234.5, "1,235"],
    [-1_234_567, "−1,234,567"],
    [1000, "1,000"],
    [999.96, "1000"],
    [123.456, "123.5"],
    [99.999, "100"],
    [12.3456, "12.35"],
    [-1.005, "−1"],
    [0.123456, "0.123"],
    [-0.00098765, "−0.000988"],
    [0, "0"],
  ])("%d is written %s", (value, words) => {
    expect(figures(value).rows[0][2]).toBe(words);
  });

  test("one variant has one table, whose columns follow the threshold; more have their differences", () => {
    const { header, rows } = figures(10, { reachedAt: 300, wallSeconds: 12.345 });
    expect(header).toEqual([
      ...[
        "variant",
        "seeds",
        "evaluation, 20 episodes",
        "last 100 training episodes",
        "steps to 40 in training",
        "s a run",
      ],
    ]);
    expect(rows).toEqual([["a", "1", "10", "10", "300", "12.35"]]);
    const plain = { ...plan, environments: [plan.environments[1]] };
    const [all, ...others] = tablesOf(findingsOf(plain, [])[0], 5);
    expect(all.header).toHaveLength(5);
    expect(all.rows[0].slice(0, 4)).toEqual(["a", "0", "–", "–"]);
    expect(others.map(({ title, rows }) => [title, rows.length])).toEqual([
      ["Evaluation, seed by seed, against a", 2],
      ["Last 100 training episodes, seed by seed, against a", 2],
    ]);
  });

  test("that each interval stands by itself is said from three differences on", () => {
    const of = (variants: number, environments: number) =>
      notesOn(
        findingsOf(
          {
            ...plan,
            variants: plan.variants.slice(0, variants),
            environments: plan.environments.slice(0, environments),
          },
          [],
        ),
      ).length;
    expect([of(1, 2), of(2, 1), of(2, 2), of(3, 1)]).toEqual([1, 1, 2, 2]);
  });

  test("Markdown: the picture, then every table with a line below its head", () => {
    const page = markdownOf(plan, findingsOf(plan, [result("a", 3, 1)]), "p.svg").split("\n");
    expect(page.slice(0, 3)).toEqual(["# a, b, c", "", "![learning curves](p.svg)"]);
    expect(page[4]).toBe("E-v0, 1,000 steps: mean over seeds [95 % t interval]");
    expect(page[7]).toBe("|---|---|---|---|---|---|");
    expect(page[8]).toBe("| a | 1 | 1 | 1 | never | 2 |");
    expect(page.at(-1)).toBe("");
  });
});

test("curves over seeds: the mean at common steps, a band only where there is an interval", () => {
  const curves = [
    { x: [0, 100], y: [0, 100] },
    { x: [0, 100], y: [10, 110] },
  ];
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const banded = seriesOverSeeds(curves, 100, (values) => ({
    value: mean(values),
    low: mean(values) - 1,
    high: mean(values) + 2,
  }));
  expect(Array.from(banded.x)).toHaveLength(150);
  expect([banded.y[0], banded.y[149], banded.low?.[0], banded.high?.[149]]).toEqual([5, 105, 4, 107]);
  const bare = seriesOverSeeds(curves, 100, (values) => ({ value: mean(values), low: Number.NaN, high: Number.NaN }));
  expect(Object.keys(bare)).toEqual(["x", "y"]);
});
