/** What a sweep has found, as rows of text, Markdown and CSV, and the best settings. */
import { formatCsv } from "../../files/csv.ts";
import { bestTrial, trialScore } from "../../sweeps/score.ts";
import { optionsOfTrial } from "../../sweeps/sweepFile.ts";
import type { Trial } from "../../sweeps/trial.ts";
import { interval, markdownTable } from "../tableText.ts";
import type { SweepPlan } from "./plan.ts";

/** Trials in tables that people read; all are in results.json and results.csv. */
const SHOWN = 10;

/** The best complete trials, best first. */
export function ranked(trials: readonly Trial[]): Trial[] {
  return trials
    .filter(({ state }) => state === "complete")
    .sort((a, b) => trialScore(b).value - trialScore(a).value || a.number - b.number);
}

export function sweepTable({ sweep }: SweepPlan, trials: readonly Trial[]): { header: string[]; rows: string[][] } {
  const names = Object.keys(sweep.space);
  return {
    header: ["trial", "seeds", "score [95 % t interval]", ...names],
    rows: ranked(trials)
      .slice(0, SHOWN)
      .map((trial) => [
        String(trial.number),
        String(trial.scores.length),
        interval(trialScore(trial)),
        ...names.map((name) => shown(trial.settings[name])),
      ]),
  };
}

/** What the score is, in words. */
export function scoreMeaning({ sweep }: SweepPlan): string {
  const { environments, score, evaluationEpisodes } = sweep;
  const what =
    score === "evaluation"
      ? `return of ${evaluationEpisodes} episodes of the most probable actions at the end of a run`
      : "return of the last 100 training episodes of a run (sampled actions)";
  const scaled = environments.some(({ low, high }) => low !== 0 || high !== 1);
  if (!scaled) return `Score: ${what}, mean over seeds.`;
  const scales = environments.map(({ id, low, high }) => `${id} ${low} to ${high}`).join(", ");
  return `Score: ${what}, as a share of the way from the low to the high one (${scales}), mean over environments and seeds.`;
}

/** What the search itself does to the best score: its interval knows nothing of that. */
export const CHOSEN_NOTE =
  "The best of many trials owes part of its score to luck: run it with other seeds before you trust it.";

/** Which trials there were, in one line. */
export function tally(trials: readonly Trial[]): string {
  const count = (state: Trial["state"]) => trials.filter((trial) => trial.state === state).length;
  const others = (["pruned", "failed", "running"] as const)
    .filter((state) => count(state) > 0)
    .map((state) => `, ${count(state)} ${state}`);
  return `${trials.length} trials: ${count("complete")} complete${others.join("")}`;
}

export function sweepMarkdown(plan: SweepPlan, trials: readonly Trial[]): string {
  const { sweep } = plan;
  const { header, rows } = sweepTable(plan, trials);
  const best = bestTrial(trials);
  const lines = [
    `# Sweep of ${sweep.algorithm} on ${sweep.environments.map(({ id }) => id).join(", ")}`,
    "",
    `${tally(trials)}; sampler ${sweep.sampler.kind}, pruner ${sweep.pruner.kind}, seeds ${sweep.seeds.join(", ")}.`,
    "",
    ...markdownTable(header, rows),
    "",
    `${scoreMeaning(plan)} ${CHOSEN_NOTE}`,
  ];
  if (best !== undefined) {
    lines.push(
      "",
      "The best settings, complete:",
      "",
      "```json",
      JSON.stringify(bestOptions(plan, best), null, 2),
      "```",
    );
  }
  return `${lines.join("\n")}\n`;
}

/** For `ascent train --config`. */
export function bestOptions({ sweep }: SweepPlan, best: Trial): Record<string, unknown> {
  return optionsOfTrial(sweep, best.settings);
}

/** A line a trial. */
export function sweepCsv({ sweep }: SweepPlan, trials: readonly Trial[]): string {
  const names = Object.keys(sweep.space);
  return formatCsv(
    ["trial", "state", "seeds", "score", "low", "high", ...names],
    trials.map((trial) => {
      const { value, low, high } = trialScore(trial);
      const settings = names.map((name) => shown(trial.settings[name]));
      return [trial.number, trial.state, trial.scores.length, value, low, high, ...settings];
    }),
  );
}

function shown(value: unknown): string {
  return typeof value === "string" ? value : Array.isArray(value) ? value.join() : JSON.stringify(value);
}
