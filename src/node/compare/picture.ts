/**
 * The picture of a comparison, for each environment: how every variant learnt (mean over seeds with a 95 % band, sampled
 * actions), and beside it what the evaluations at the end came to (most probable actions). Training and evaluation differ.
 */
import { type IntervalPanel, type LinePanel, pictureSvg } from "../../charts/index.ts";
import { meanInterval } from "../../numerics/meanInterval.ts";
import { seriesOverSeeds } from "./overSeeds.ts";
import type { ComparisonPlan, PlannedEnvironment } from "./plan.ts";
import type { RunResult } from "./runResult.ts";

/** The runs of one variant in one environment. */
interface Group {
  name: string;
  style: number;
  runs: readonly RunResult[];
}

/** Each variant as far as it is finished; one without a finished run has no line. */
export function comparisonSvg(plan: ComparisonPlan, results: readonly RunResult[]): string {
  const single = plan.environments.length === 1;
  const all = plan.environments.map((environment) => ({ environment, groups: groupsOf(plan, environment, results) }));
  const counts = all.flatMap(({ groups }) => groups.map(({ runs }) => runs.length));
  return pictureSvg({
    title: `${plan.variants.map(({ name }) => name).join(", ")}${single ? ` on ${plan.environments[0].id}` : ""}`,
    subtitle: subtitleFor(Math.min(...counts), Math.max(...counts)),
    panels: all.flatMap(({ environment, groups }) => [
      curves(environment, groups),
      evaluations(environment, groups, plan.evaluationEpisodes),
    ]),
    columns: 2,
    names: "above",
  });
}

function subtitleFor(least: number, most: number): string {
  if (most === 1) return "One seed, so no intervals";
  return `Mean over ${least === most ? most : `${least} to ${most}`} seeds with its 95 % t interval`;
}

function groupsOf({ variants }: ComparisonPlan, { id }: PlannedEnvironment, results: readonly RunResult[]): Group[] {
  return variants.map(({ name }, style) => ({
    name,
    style,
    runs: results.filter((run) => run.environment === id && run.variant === name),
  }));
}

function curves({ id, steps, threshold }: PlannedEnvironment, groups: readonly Group[]): LinePanel {
  const seen = groups.flatMap(({ runs }) => runs.flatMap(({ curve }) => curve.y.filter(Number.isFinite)));
  return {
    kind: "lines",
    title: `${id}: training`,
    x: { label: "environment steps", range: [0, steps] },
    // Of what runs did: a band of two seeds is six times as wide as their distance, and would hide the curves.
    y: { label: "return of sampled actions, last 100 episodes", ...(seen.length > 1 && { range: around(seen) }) },
    series: groups.map(({ name, style, runs }) => {
      const learnt = runs.map(({ curve }) => curve);
      return { ...seriesOverSeeds(learnt, steps, meanInterval), name, style };
    }),
    ...(threshold !== undefined &&
      seen.some((value) => value >= threshold) && { levels: [{ value: threshold, label: String(threshold) }] }),
  };
}

function evaluations({ id }: PlannedEnvironment, groups: readonly Group[], episodes: number): IntervalPanel {
  return {
    kind: "intervals",
    title: `${id}: evaluation at the end`,
    x: { label: `return of the most probable actions, ${episodes} episodes a seed` },
    rows: groups.map(({ name, style, runs }) => {
      const { value, low, high, count } = meanInterval(runs.map(({ evaluation }) => evaluation));
      return { name, style, value, ...(count > 1 && { low, high }) };
    }),
  };
}

function around(values: readonly number[]): [low: number, high: number] {
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  const room = 0.04 * (high - low || 1);
  return [low - room, high + room];
}
