/** Findings as rows of text, for the terminal and as Markdown, and the runs as CSV. */
import { formatCsv } from "../../files/csv.ts";
import { figure, grouped, interval, markdownTable } from "../tableText.ts";
import type { EnvironmentFindings, VariantFindings } from "./findings.ts";
import type { ComparisonPlan } from "./plan.ts";
import type { RunResult } from "./runResult.ts";

export interface TextTable {
  /** What the table is of: a line above it. */
  title: string;
  header: string[];
  rows: string[][];
}

/** A table of the variants, and where there is more than one, tables of their differences to the first. */
export function tablesOf(findings: EnvironmentFindings, evaluationEpisodes: number): TextTable[] {
  const { environment, steps, threshold, variants, differences } = findings;
  const all: TextTable = {
    title: `${environment}, ${grouped(steps)} steps: mean over seeds [95 % t interval]`,
    header: [
      "variant",
      "seeds",
      `evaluation, ${evaluationEpisodes} episodes`,
      "last 100 training episodes",
      ...(threshold === undefined ? [] : [`steps to ${figure(threshold)} in training`]),
      "s a run",
    ],
    rows: variants.map((row) => [
      row.variant,
      String(row.seeds.length),
      interval(row.evaluation),
      interval(row.trainingReturn),
      ...(threshold === undefined ? [] : [reached(row)]),
      figure(row.wallSeconds),
    ]),
  };
  if (differences.length === 0) return [all];
  const [{ reference }] = differences;
  const against = (what: string, figure: "evaluation" | "trainingReturn"): TextTable => ({
    title: `${what}, seed by seed, against ${reference}`,
    header: ["difference", "seeds", "mean [95 % t interval]", ""],
    rows: differences.map(({ variant, [figure]: { difference, verdict } }) => [
      `${variant} − ${reference}`,
      String(difference.count),
      interval(difference),
      verdict,
    ]),
  });
  return [all, against("Evaluation", "evaluation"), against("Last 100 training episodes", "trainingReturn")];
}

/** How the tables are to be read. */
export function notesOn(findings: readonly EnvironmentFindings[]): string[] {
  const differences = findings.reduce((sum, one) => sum + 2 * one.differences.length, 0);
  return [
    "Evaluation: the most probable actions. Training: sampled actions.",
    ...(differences > 2 ? [`Each interval is by itself: of 20 such differences, chance alone shows one.`] : []),
  ];
}

export function markdownOf(plan: ComparisonPlan, findings: readonly EnvironmentFindings[], picture: string): string {
  const lines = [`# ${plan.variants.map(({ name }) => name).join(", ")}`, "", `![learning curves](${picture})`];
  for (const { title, header, rows } of findings.flatMap((one) => tablesOf(one, plan.evaluationEpisodes))) {
    lines.push("", title, "", ...markdownTable(header, rows));
  }
  return `${[...lines, "", ...notesOn(findings).map((note) => `${note}  `)].join("\n").trimEnd()}\n`;
}

const COLUMNS = [
  "variant",
  "environment",
  "seed",
  "steps",
  "evaluation",
  "evaluationSd",
  "evaluationMin",
  "evaluationEpisodes",
  "trainingReturn",
  "reachedAt",
  "wallSeconds",
  "folder",
] as const satisfies readonly (keyof RunResult)[];

/** A line a run. */
export function runsCsv(results: readonly RunResult[]): string {
  return formatCsv(
    COLUMNS,
    results.map((run) => COLUMNS.map((column) => run[column])),
  );
}

/** Over the seeds that got there, with how many that are when not all did. */
function reached({ stepsToThreshold, seeds }: VariantFindings): string {
  if (stepsToThreshold === undefined || stepsToThreshold.count === 0) return "never";
  const { count } = stepsToThreshold;
  return count === seeds.length
    ? interval(stepsToThreshold)
    : `${interval(stepsToThreshold)}, ${count} of ${seeds.length}`;
}
