/**
 * `npm run results -- SUITE`: trains every row of a suite over its seeds, two processes at a time, and writes
 * docs/results/SUITE.md and SUITE.svg: mean and 95 % interval over seeds, never the best one. Presets were chosen on seeds
 * below 100; the tables start at FIRST_SEED, so that no choice has seen what they report.
 *
 * Suites of hours keep each run (results/keptRuns.ts) and go on where they were: `--most N` runs now, `--only TEXT` of them,
 * `--table` writes the table from the runs that there are.
 */

import { mkdirSync, writeFileSync } from "node:fs";
import type { Job, Outcome } from "./results/job.ts";
import { keptRuns, sittingFrom } from "./results/keptRuns.ts";
import { suitePicture } from "./results/picture.ts";
import { runJobs } from "./results/pool.ts";
import { provenance } from "./results/provenance.ts";
import { summarise } from "./results/statistics.ts";
import { type Row, suites } from "./results/suites.ts";

const FIRST_SEED = 1000;

/** Tables that are not made of runs of one kind. */
const studies: Readonly<Record<string, () => Promise<string>>> = {
  mails: async () => (await import("./results/mails.ts")).mailsResults(FIRST_SEED),
  "dpo-and-ppo": async () => (await import("./results/dpoAndPpo.ts")).dpoAndPpoResults(FIRST_SEED),
  language: async () => (await import("./results/language.ts")).languageResults(FIRST_SEED),
  "mujoco-variants": async () =>
    (await import("./results/mujocoVariants.ts")).mujocoVariants(FIRST_SEED, sittingFrom(process.argv.slice(3))),
};

const name = process.argv[2] ?? "ppo";
if (Object.hasOwn(studies, name)) {
  mkdirSync("docs/results", { recursive: true });
  console.log(await studies[name]());
  process.exit();
}
const suite = suites[name];
if (suite === undefined) {
  console.error(
    `There is no suite "${name}". There are: ${[...Object.keys(suites), ...Object.keys(studies)].join(", ")}.`,
  );
  process.exit(2);
}

const jobs = suite.rows.flatMap((row) => Array.from({ length: row.seeds }, (_, i) => jobOf(row, FIRST_SEED + i)));
const all = suite.keep
  ? await keptRuns(`bench/results/kept/${name}`, jobs, sittingFrom(process.argv.slice(3)))
  : await runJobs(jobs, ({ algorithm, environment, seed }, { evaluation, seconds }) => {
      console.error(`${algorithm} ${environment} seed ${seed}: ${evaluation.toFixed(1)} in ${seconds.toFixed(1)} s`);
    });
const outcomes = new Map<Row, Outcome[]>(
  suite.rows.map((row) => [row, all.splice(0, row.seeds).filter((outcome) => outcome !== undefined)]),
);
mkdirSync("docs/results", { recursive: true });
const run = suite.rows.filter((row) => outcomes.get(row)!.length > 0);
if (run.length > 0) writeFileSync(`docs/results/${name}.svg`, suitePicture({ ...suite, rows: run }, outcomes));
writeFileSync(`docs/results/${name}.md`, report());
console.log(report());

function jobOf({ algorithm, environment, steps, options = {}, threshold, hideMasks, expert }: Row, seed: number): Job {
  const evaluateEvery = threshold === undefined ? 0 : Math.ceil(steps / 50);
  return { algorithm, environment, steps, seed, options, evaluateEvery, threshold, hideMasks, expert };
}

function report(): string {
  const header = [
    "run",
    "steps",
    "seeds",
    "mean return [95 % interval]",
    "worst seed",
    "level",
    "first reached at (mean over seeds [95 % interval])",
    "published",
    ...(suite.keep ? ["a run takes"] : []),
  ];
  const lines = suite.rows.map((row) => {
    const results = outcomes.get(row)!;
    if (results.length === 0)
      return `| ${[row.name, row.steps.toLocaleString("en"), `0 of ${row.seeds}`, "not run yet", "", row.level ?? "", "", row.published ?? "", ""].join(" | ")} |`;
    const { value: mean, low, high, worst } = summarise(results.map((outcome) => outcome.evaluation));
    const cells = [
      row.name,
      row.steps.toLocaleString("en"),
      results.length < row.seeds ? `${results.length} of ${row.seeds}` : `${row.seeds}`,
      `${mean.toFixed(1)} [${low.toFixed(1)}, ${high.toFixed(1)}]`,
      worst.toFixed(1),
      row.level === undefined ? "" : `${row.level} ${mean >= row.level ? "met" : "**not met**"}`,
      reached(row, results),
      row.published ?? "",
      ...(suite.keep ? [took(row, results)] : []),
    ];
    return `| ${cells.join(" | ")} |`;
  });
  return [
    `# ${suite.title}`,
    "",
    `${suite.intro} Return: mean of 100 deterministic episodes from start states of another seed; interval: bootstrap over seeds.`,
    "",
    ...(run.length > 0 ? [`![learning curves](${name}.svg)`, ""] : []),
    `| ${header.join(" | ")} |`,
    `|${header.map(() => "---").join("|")}|`,
    ...lines,
    "",
    provenance(`npm run results -- ${name}`, FIRST_SEED),
    "",
  ].join("\n");
}

function took({ steps }: Row, results: readonly Outcome[]): string {
  const seconds = results.reduce((sum, outcome) => sum + outcome.seconds, 0) / results.length;
  return `${(seconds / 60).toFixed(1)} min, ${Math.round(steps / seconds).toLocaleString("en")} steps/s`;
}

function reached({ threshold, seeds }: Row, results: readonly Outcome[]): string {
  if (threshold === undefined) return "";
  const at = results.map((outcome) => outcome.reachedAt).filter((steps) => steps !== undefined);
  if (at.length === 0) return `${threshold}: never`;
  const average = (list: readonly number[]) => list.reduce((a, b) => a + b, 0) / list.length;
  const gradientSteps = results.map((outcome) => outcome.gradientStepsAt).filter((count) => count !== undefined);
  const counted =
    gradientSteps.length > 0 ? ` (${Math.round(average(gradientSteps)).toLocaleString("en")} gradient steps)` : "";
  const share = at.length < seeds ? ` in ${at.length} of ${seeds}` : "";
  const { value, low, high } = summarise(at);
  const [middle, from, to] = [value, low, high].map((steps) => Math.round(steps).toLocaleString("en"));
  return `${threshold}: ${middle} [${from}, ${to}]${counted}${share}`;
}
