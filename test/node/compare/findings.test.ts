/** What the runs of a comparison say, on made-up results: pairs, missing seeds, words that claim no more than is there. */
import { describe, expect, test } from "vitest";
import { findingsOf, verdictOn } from "../../../src/node/compare/findings.ts";
import { comparisonSvg } from "../../../src/node/compare/picture.ts";
import type { ComparisonPlan } from "../../../src/node/compare/plan.ts";
import type { RunResult } from "../../../src/node/compare/runResult.ts";
import { markdownOf, notesOn, runsCsv, tablesOf } from "../../../src/node/compare/tables.ts";
import { pathsOf, wordsOf } from "../../charts/support.ts";

const plan: ComparisonPlan = {
  version: "0",
  variants: ["a", "b"].map((name) => ({ name, algorithm: "ppo", options: {}, unset: [] })),
  environments: [{ id: "CartPole-v1", steps: 1000, threshold: 400 }],
  seeds: [0, 1, 2],
  evaluationEpisodes: 20,
  kernels: "auto",
  imports: [],
};

function run(variant: string, seed: number, evaluation: number, more: Partial<RunResult> = {}): RunResult {
  return {
    variant,
    environment: "CartPole-v1",
    seed,
    steps: 1024,
    evaluation,
    evaluationSd: 1,
    evaluationMin: 0,
    evaluationEpisodes: 20,
    trainingReturn: evaluation - 100,
    wallSeconds: 2,
    folder: `${variant}-${seed}`,
    curve: { x: [100, 1024], y: [20, evaluation - 100] },
    ...more,
  };
}

/** Seeds differ by hundreds, the variants by 10 for each of them. */
const paired = [100, 300, 500].flatMap((level, seed) => [
  run("a", seed, level),
  run("b", seed, level + 10 + seed / 10, { reachedAt: 500 }),
]);

test("a difference that every seed shows is seen, however far the seeds are apart", () => {
  const [{ variants, differences }] = findingsOf(plan, paired);
  expect(variants[0].evaluation.value).toBe(300);
  expect(variants[0].evaluation.high).toBeGreaterThan(700);
  // 10, 10.1 and 10.2: s = 0.1, t of two degrees 4.302653.
  const half = (4.30265273 * 0.1) / Math.sqrt(3);
  const [{ variant, reference, evaluation, trainingReturn }] = differences;
  expect({ variant, reference }).toEqual({ variant: "b", reference: "a" });
  expect(evaluation.difference.value).toBeCloseTo(10.1, 9);
  expect(evaluation.difference.low).toBeCloseTo(10.1 - half, 6);
  expect(evaluation).toMatchObject({ excludesZero: true, verdict: "higher with 3 seeds" });
  expect(trainingReturn.difference.value).toBeCloseTo(10.1, 9);
});

test("only seeds that both have finished are set against each other", () => {
  const some = paired.filter(({ variant, seed }) => variant === "a" || seed > 0);
  const [{ variants, differences }] = findingsOf(plan, some);
  expect(variants.map(({ seeds }) => seeds)).toEqual([
    [0, 1, 2],
    [1, 2],
  ]);
  expect(differences[0].evaluation.difference).toMatchObject({ count: 2 });
  expect(differences[0].evaluation.difference.value).toBeCloseTo(10.15, 9);
  const [none] = findingsOf(plan, [run("a", 0, 1), run("b", 1, 2)]);
  expect(none.differences[0].evaluation).toMatchObject({
    excludesZero: false,
    verdict: "no seed that both have finished",
  });
});

test("a training return that is NaN is no number to take a mean of", () => {
  const [{ variants, differences }] = findingsOf(plan, [
    ...paired.slice(1),
    run("a", 0, 100, { trainingReturn: Number.NaN }),
  ]);
  expect(variants[0].trainingReturn).toMatchObject({ count: 2, value: 300 });
  expect(differences[0].trainingReturn.difference.count).toBe(2);
});

describe("verdictOn", () => {
  test.each([
    [{ value: 5, low: 1, high: 9, count: 8 }, "higher with 8 seeds"],
    [{ value: -5, low: -9, high: -1, count: 8 }, "lower with 8 seeds"],
    [{ value: 5, low: -1, high: 11, count: 5 }, "no difference shown with 5 seeds"],
    [{ value: 0, low: 0, high: 0, count: 2 }, "no difference shown with 2 seeds"],
    [{ value: 5, low: Number.NaN, high: Number.NaN, count: 1 }, "one seed shows nothing: chance is not known"],
  ])("%j", (difference, words) => {
    expect(verdictOn(difference)).toBe(words);
  });
});

test("tables: steps to the threshold of those that got there, out of how many", () => {
  const got = paired.map((one) => (one.seed === 2 ? { ...one, reachedAt: undefined } : one));
  const [first, evaluation, training] = tablesOf(findingsOf(plan, got)[0], 20);
  expect(first.title).toBe("CartPole-v1, 1,000 steps: mean over seeds [95 % t interval]");
  expect(first.rows[0].slice(0, 3)).toEqual(["a", "3", "300 [−196.8, 796.8]"]);
  expect(first.rows.map((row) => row[4])).toEqual(["never", "500 [500, 500], 2 of 3"]);
  expect(evaluation.rows).toEqual([["b − a", "3", "10.1 [9.85, 10.35]", "higher with 3 seeds"]]);
  expect(training.title).toBe("Last 100 training episodes, seed by seed, against a");
});

test("Markdown has every table, and a | in a name breaks none", () => {
  const named = { ...plan, variants: [plan.variants[0], { ...plan.variants[1], name: "b|c" }] };
  const page = markdownOf(named, findingsOf(named, paired), "p.svg");
  expect(page).toContain("\n| variant | seeds |");
  expect(page).toContain("\n| b\\|c − a | 0 | – | no seed that both have finished |\n");
  expect(notesOn(findingsOf(plan, paired))).toHaveLength(1);
});

test("CSV: a line a run, in full precision", () => {
  const [header, first] = runsCsv([run("a", 3, 1 / 3)]).split("\n");
  expect(header).toMatch(/^variant,environment,seed,steps,evaluation,/);
  expect(first).toBe("a,CartPole-v1,3,1024,0.3333333333333333,1,0,20,-99.66666666666667,,2,a-3");
});

test("the picture has a band where there are seeds, none with one, and ends where the runs were to end", () => {
  const several = comparisonSvg(plan, paired);
  const ends = ["line s0", "line s1"].map((name) => curveOf(several, name).at(-1)?.[0]);
  expect(ends[0]).toBe(ends[1]);
  expect(several).toContain('class="band');
  const words = wordsOf(several).map(({ text }) => text);
  expect(words).toContain("Mean over 3 seeds with its 95 % t interval");
  const one = comparisonSvg({ ...plan, seeds: [0] }, paired.slice(0, 2));
  expect(one).not.toContain('class="band');
  expect(wordsOf(one).map(({ text }) => text)).toContain("One seed, so no intervals");
});

test("two seeds' wide intervals do not squeeze the curves", () => {
  const svg = comparisonSvg(
    plan,
    paired.filter(({ seed }) => seed < 2),
  );
  const ticks = wordsOf(svg).map(({ text }) => Number(text.replace("−", "-")));
  const heights = curveOf(svg, "line s0").map(([, y]) => y);
  expect(Math.max(...heights) - Math.min(...heights)).toBeGreaterThan(60);
  expect(ticks).not.toContain(-1000);
});

test("curves that never move lie in the middle of their panel, with room on both sides", () => {
  const flat = ["a", "b"].map((name) => run(name, 0, 200, { curve: { x: [100, 600, 1024], y: [200, 200, 200] } }));
  const svg = comparisonSvg({ ...plan, seeds: [0] }, flat);
  expect(svg).not.toContain("NaN");
  const ticks = wordsOf(svg).flatMap(({ text }) => (/^(199|200|201)(\.\d+)?$/.test(text) ? [Number(text)] : []));
  expect(Math.min(...ticks)).toBeGreaterThan(199.9);
  expect(Math.max(...ticks)).toBeLessThan(200.1);
  expect(new Set(ticks).size).toBeGreaterThan(2);
});

/** The line with the most points: keys and whiskers are lines of the same style. */
function curveOf(svg: string, name: string): [x: number, y: number][] {
  return pathsOf(svg, name).reduce((longest, path) => (path.length > longest.length ? path : longest));
}

test("a run of no finished training episode has no training return, and the others' mean stays", () => {
  const results = [run("a", 0, 150), run("a", 1, 250), run("a", 2, 300, { trainingReturn: Number.NaN })];
  const [{ variants, differences }] = findingsOf(plan, [...results, run("b", 2, 300)]);
  expect(variants[0].trainingReturn).toMatchObject({ value: 100, count: 2 });
  expect(variants[0].evaluation).toMatchObject({ count: 3 });
  expect(differences[0].trainingReturn.difference.count).toBe(0);
  expect(differences[0].evaluation.difference).toMatchObject({ count: 1, value: 0 });
});
