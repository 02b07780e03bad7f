/**
 * `npm run results -- language`: what the algorithms with completions of their own reach on worlds of text, from nothing: the world's
 * model, SFT on a part of the prompts, then the algorithm with its preset. Writes docs/results/language.md and language.svg.
 */

import { writeFileSync } from "node:fs";
import { type LinePanel, pictureSvg } from "../../src/charts/index.ts";
import { inTurns } from "../../src/node/children/inTurns.ts";
import { runInChild } from "../../src/node/children/runInChild.ts";
import { seriesOverSeeds } from "../../src/node/compare/overSeeds.ts";
import type { LanguageJob, LanguageOutcome } from "./languageJob.ts";
import { provenance } from "./provenance.ts";
import { summarise } from "./statistics.ts";

interface LanguageRow extends Omit<LanguageJob, "seed"> {
  /** Which of both is held against the level. */
  decoding: "sampled" | "greedy";
  level?: number;
}

const SEEDS = 5;
const PROCESSES = 2;
const PROGRAM = { file: "scripts/run-ts.mjs", args: ["bench/results/languageChild.ts"] };

const walks = {
  world: "random-walks",
  prompts: 1000,
  demonstrations: 1000,
  measure: "reward",
  decoding: "sampled",
} as const;
const exact = { prompts: 5000, demonstrations: 500, measure: "exactMatch", decoding: "greedy" } as const;

const rows: readonly LanguageRow[] = [
  { ...walks, algorithm: "rlhf", level: 0.95 },
  { ...walks, algorithm: "rloo" },
  { ...walks, algorithm: "grpo", level: 0.95 },
  { ...exact, world: "sort", algorithm: "rloo" },
  { ...exact, world: "sort", algorithm: "grpo", level: 0.95 },
  { ...exact, world: "reverse", algorithm: "grpo", level: 0.95 },
];

const MEASURES: Readonly<Record<string, string>> = { reward: "optimality", exactMatch: "exact match" };

export async function languageResults(firstSeed: number): Promise<string> {
  const jobs = rows.flatMap(({ decoding: _, level: __, ...row }) =>
    Array.from({ length: SEEDS }, (_, i): LanguageJob => ({ ...row, seed: firstSeed + i })),
  );
  const all = new Array<LanguageOutcome>(jobs.length);
  await inTurns(jobs, PROCESSES, async (job, index) => {
    all[index] = await runInChild<LanguageJob, never, LanguageOutcome>(PROGRAM, job);
    const { after, seconds } = all[index];
    console.error(
      `${job.algorithm} ${job.world} seed ${job.seed}: sampled ${after.sampled.toFixed(3)}, greedy ${after.greedy.toFixed(3)} in ${seconds.toFixed(1)} s`,
    );
  });
  const outcomes = rows.map((row, i) => ({ row, seeds: all.slice(i * SEEDS, (i + 1) * SEEDS) }));
  writeFileSync("docs/results/language.svg", picture(outcomes));
  const text = report(outcomes, firstSeed);
  writeFileSync("docs/results/language.md", text);
  return text;
}

type Outcomes = readonly { row: LanguageRow; seeds: readonly LanguageOutcome[] }[];

function interval(values: readonly number[]): string {
  const { value, low, high } = summarise(values);
  return `${value.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
}

function report(outcomes: Outcomes, firstSeed: number): string {
  const header = [
    "run",
    "measure",
    "completions",
    "seeds",
    "after SFT",
    "at the end, sampled",
    "most probable tokens",
    "worst seed",
    "level",
  ];
  const lines = outcomes.map(({ row, seeds }) => {
    const ends = seeds.map(({ after }) => after[row.decoding]);
    const { value, worst } = summarise(ends);
    const met = row.level === undefined ? "" : `${row.level} ${value >= row.level ? "met" : "**not met**"}`;
    const cells = [
      `${row.algorithm} ${row.world}`,
      MEASURES[row.measure],
      seeds[0].steps.toLocaleString("en"),
      `${seeds.length}`,
      interval(seeds.map(({ before }) => before[row.decoding])),
      interval(seeds.map(({ after }) => after.sampled)),
      interval(seeds.map(({ after }) => after.greedy)),
      worst.toFixed(3),
      row.level === undefined ? "" : `${met}, ${row.decoding === "sampled" ? "sampled" : "most probable"}`,
    ];
    return `| ${cells.join(" | ")} |`;
  });
  return [
    "# Language models on worlds of text",
    "",
    "Presets of `ascent train`, unchanged: the world's model from nothing, SFT, then the algorithm. Random walks: SFT on 1,000 walks of an optimality of 0.35; sort and reverse: SFT on 500 of 5,000 prompts, then the algorithm on all of them. Each measure is a formula of the world, over 500 prompts of another seed; the column after SFT is decoded as the level's. Interval: bootstrap over seeds.",
    "",
    "![rewards along the runs](language.svg)",
    "",
    `| ${header.join(" | ")} |`,
    `|${header.map(() => "---").join("|")}|`,
    ...lines,
    "",
    provenance("npm run results -- language", firstSeed),
    "",
  ].join("\n");
}

function picture(outcomes: Outcomes): string {
  const worlds = [...new Set(rows.map(({ world }) => world))];
  const algorithms = [...new Set(rows.map(({ algorithm }) => algorithm))];
  const panels = worlds.map((world): LinePanel => {
    const own = outcomes.filter(({ row }) => row.world === world);
    return {
      kind: "lines",
      title: world,
      x: { label: "completions" },
      y: { label: "reward" },
      series: own.map(({ row, seeds }) => {
        const curves = seeds.map(({ curve }) => ({ x: curve.steps, y: curve.reward }));
        const end = Math.max(...seeds.map(({ steps }) => steps));
        const style = algorithms.indexOf(row.algorithm);
        return { ...seriesOverSeeds(curves, end, summarise), name: row.algorithm, style };
      }),
    };
  });
  return pictureSvg({
    title: "Learning from completions on worlds of text",
    subtitle: `Reward of the sampled completions of an iteration, after SFT. Mean over ${SEEDS} seeds with its 95 % interval`,
    panels,
    columns: panels.length,
    names: "above",
  });
}
