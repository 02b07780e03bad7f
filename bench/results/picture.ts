/**
 * The picture of a suite: for each task a panel with the training return of its runs, mean and 95 % interval over seeds, and at
 * the end of each the evaluation that the table reports. Training samples actions and the evaluation does not: they differ.
 */

import { type LinePanel, type Mark, pictureSvg, type Series } from "../../src/charts/index.ts";
import { seriesOverSeeds } from "../../src/node/compare/overSeeds.ts";
import type { Outcome } from "./job.ts";
import { summarise } from "./statistics.ts";
import type { Row, Suite } from "./suites.ts";

export function suitePicture(suite: Suite, outcomes: ReadonlyMap<Row, readonly Outcome[]>): string {
  const tasks = [...new Set(suite.rows.map((row) => row.environment))];
  const single = tasks.length === 1;
  const yLabel = suite.yLabel ?? "return of sampled actions, mean of the last 100 training episodes";
  const names = nameOf(suite.rows);
  const panels = tasks.map((task): LinePanel => {
    const rows = suite.rows.filter((row) => row.environment === task);
    const styles = [...new Set(suite.rows.map(names))];
    const styleOf = (row: Row) => styles.indexOf(names(row));
    return {
      kind: "lines",
      ...(!single && { title: task }),
      x: { label: suite.xLabel ?? "environment steps" },
      y: { label: single ? yLabel : "return" },
      series: rows.map((row) => ({ ...seriesOf(outcomes.get(row)!), name: names(row), style: styleOf(row) })),
      marks: rows.map((row) => ({ ...markOf(outcomes.get(row)!), style: styleOf(row) })),
    };
  });
  const seeds = [...new Set(suite.rows.map((row) => row.seeds))].sort((a, b) => a - b).join(" or ");
  const what = single ? "" : `Lines: ${yLabel}. `;
  return pictureSvg({
    title: suite.title,
    subtitle: `${what}Mean over ${seeds} seeds with its 95 % interval; large marker at the end of a run: 100 evaluation episodes of the most probable actions`,
    panels,
    columns: Math.min(3, panels.length),
    names: single ? "beside" : "above",
    ...(single && { height: 460 }),
  });
}

/** Where panels have the tasks as titles, a run is called by its algorithm. */
function nameOf(rows: readonly Row[]): (row: Row) => string {
  const named = rows.every(({ name, algorithm, environment }) =>
    [environment, `${algorithm} ${environment}`].includes(name),
  );
  return named && rows.length > 1 ? ({ algorithm }) => algorithm : ({ name }) => name;
}

/** Up to the run's nominal end, whatever its seeds did. */
function seriesOf(seeds: readonly Outcome[]): Omit<Series, "name"> {
  const curves = seeds.map(({ curve }) => ({ x: curve.steps, y: curve.episodeReturn }));
  return seriesOverSeeds(curves, endOf(seeds), summarise);
}

/** Where the longest run of the seeds ended: the others keep their last value until there. */
function endOf(seeds: readonly Outcome[]): number {
  return Math.max(...seeds.map(({ curve }) => curve.steps.at(-1) ?? 0));
}

function markOf(seeds: readonly Outcome[]): Mark {
  const { value, low, high } = summarise(seeds.map(({ evaluation }) => evaluation));
  return { label: "", x: endOf(seeds), y: value, low, high };
}
