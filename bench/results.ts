/**
 * `npm run results -- SUITE`: trains every row of a suite over its seeds, two processes at a time, and writes
 * docs/results/SUITE.md and SUITE.svg: mean and 95 % interval over seeds, never the best one.
 */

import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { learningCurveSvg } from "../src/node/charts.ts";
import type { Job, Outcome } from "./results/job.ts";
import { summarise } from "./results/statistics.ts";
import { type Row, suites } from "./results/suites.ts";

const PROCESSES = 2;

const name = process.argv[2] ?? "ppo";
const suite = suites[name];
if (suite === undefined) {
  console.error(`There is no suite "${name}". There are: ${Object.keys(suites).join(", ")}.`);
  process.exit(2);
}

const tasks = suite.rows.flatMap((row) => Array.from({ length: row.seeds }, (_, seed) => ({ row, seed })));
const outcomes = new Map<Row, Outcome[]>(suite.rows.map((row) => [row, []]));
await Promise.all(Array.from({ length: PROCESSES }, work));
mkdirSync("docs/results", { recursive: true });
writeFileSync(`docs/results/${name}.svg`, await picture());
writeFileSync(`docs/results/${name}.md`, report());
console.log(report());

async function work(): Promise<void> {
  for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) {
    const { row, seed } = task;
    const outcome = await runInProcess({
      algorithm: row.algorithm,
      environment: row.environment,
      steps: row.steps,
      seed,
      options: row.options ?? {},
      evaluateEvery: row.threshold === undefined ? 0 : Math.ceil(row.steps / 50),
      threshold: row.threshold,
    });
    outcomes.get(row)![seed] = outcome;
    console.error(`${row.name} seed ${seed}: ${outcome.evaluation.toFixed(1)} in ${outcome.seconds.toFixed(1)} s`);
  }
}

function runInProcess(job: Job): Promise<Outcome> {
  const args = ["scripts/run-ts.mjs", "bench/results/job.ts", JSON.stringify(job)];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { maxBuffer: 1 << 26 }, (error, stdout) => {
      if (error) reject(error);
      else resolve(JSON.parse(stdout) as Outcome);
    });
  });
}

function report(): string {
  const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
  const changed = execFileSync("git", ["status", "--porcelain", "src"], { encoding: "utf8" }).trim() !== "";
  const cpu = cpus()[0];
  const header = [
    "run",
    "steps",
    "seeds",
    "mean return [95 % interval]",
    "worst seed",
    "level",
    "first reached at (mean over seeds)",
    "published",
  ];
  const lines = suite.rows.map((row) => {
    const results = outcomes.get(row)!;
    const { mean, low, high, worst } = summarise(results.map((outcome) => outcome.evaluation));
    const cells = [
      row.name,
      row.steps.toLocaleString("en"),
      `${row.seeds}`,
      `${mean.toFixed(1)} [${low.toFixed(1)}, ${high.toFixed(1)}]`,
      worst.toFixed(1),
      `${row.level} ${mean >= row.level ? "met" : "**not met**"}`,
      reached(row, results),
      row.published ?? "",
    ];
    return `| ${cells.join(" | ")} |`;
  });
  return [
    `# ${suite.title}`,
    "",
    `${suite.intro} Return: mean of 100 deterministic episodes from start states of another seed; interval: bootstrap over seeds.`,
    "",
    `![learning curves](${name}.svg)`,
    "",
    `| ${header.join(" | ")} |`,
    `|${header.map(() => "---").join("|")}|`,
    ...lines,
    "",
    `Made by \`npm run results -- ${name}\` at commit ${commit}${changed ? " with changes" : ""}, seeds 0 to n − 1, Node ${process.versions.node}, ${cpu.model.trim()}, ${new Date().toISOString().slice(0, 10)}.`,
    "",
  ].join("\n");
}

function reached({ threshold, seeds }: Row, results: readonly Outcome[]): string {
  if (threshold === undefined) return "";
  const at = results.map((outcome) => outcome.reachedAt).filter((steps) => steps !== undefined);
  if (at.length === 0) return `${threshold}: never`;
  const mean = at.reduce((a, b) => a + b, 0) / at.length;
  const share = at.length < seeds ? ` in ${at.length} of ${seeds}` : "";
  return `${threshold}: ${Math.round(mean).toLocaleString("en")}${share}`;
}

/** Mean training return of each row over its seeds, scaled to [0, 1] between its worst and best so that tasks share an axis. */
async function picture(): Promise<string> {
  const oneTask = new Set(suite.rows.map((row) => row.environment)).size === 1;
  const series = suite.rows.map((row) => {
    const curves = outcomes.get(row)!.map((outcome) => outcome.curve);
    const length = Math.min(...curves.map((curve) => curve.steps.length));
    const at = (i: number) => summarise(curves.map((curve) => curve.episodeReturn[i]));
    const points = Array.from({ length }, (_, i) => at(i));
    const all = points.flatMap(({ low, high }) => [low, high]);
    const [bottom, top] = oneTask ? [0, 1] : [Math.min(...all), Math.max(...all)];
    const scale = (value: number) => (value - bottom) / (top - bottom);
    return {
      name: row.name,
      x: curves[0].steps.slice(0, length).map((steps) => (oneTask ? steps : steps / row.steps)),
      y: points.map(({ mean }) => scale(mean)),
      low: points.map(({ low }) => scale(low)),
      high: points.map(({ high }) => scale(high)),
    };
  });
  return learningCurveSvg({
    title: suite.title,
    xLabel: oneTask ? "environment steps" : "share of the run",
    yLabel: oneTask ? "return of the last 100 training episodes" : "training return, worst to best",
    series,
  });
}
