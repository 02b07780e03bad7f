/** A figure against the steps: the mean over seeds of each side with its band, and marks where settings were changed. */

import { textOfValue } from "../catalogue/valueText.ts";
import { Choice } from "../controls/Choice.tsx";
import { Curves, type CurvesMark, type SeriesData } from "../figures/Curves.tsx";
import { Figure } from "../figures/Figure.tsx";
import type { BenchRuns, SideName } from "./benchRuns.ts";
import type { BenchState } from "./benchState.ts";
import { figureNames } from "./figureNames.ts";
import { figureText } from "./figureText.ts";
import { describeSide, grouped } from "./variants.ts";

export function CurvesView({ bench }: { bench: BenchState }) {
  const figure = bench.figure;
  const names = [...new Set([figure, ...figureNames(bench)])];
  return (
    <Figure
      id="bench-curves"
      title="While it learns"
      summary={() => summaryOf(bench, figure)}
      table={() => tableOf(bench.runs.value, figure)}
      source="mean over seeds, 95 % interval of Student's t"
      file="src/numerics/meanInterval.ts"
      controls={<Choice label="Figure" value={figure} options={names} onChange={(metric) => bench.edit({ metric })} />}
    >
      <Curves
        series={() => seriesOf(bench.runs.value, figure)}
        marks={() => marksOf(bench.runs.value)}
        x="steps"
        y={figure}
        label={`${figure} against steps, a line for each side`}
        height={280}
      />
    </Figure>
  );
}

const SIDES: readonly SideName[] = ["a", "b"];

function seriesOf(runs: BenchRuns | undefined, figure: string): SeriesData[] {
  if (runs === undefined) return [];
  void runs.pulse.value;
  return SIDES.flatMap((name, colour) => {
    const group = runs.groups.value[name];
    if (group === undefined) return [];
    const { steps, mean, low, high } = group.band(figure);
    const { length } = group.runs;
    const band = length > 1 ? { low, high } : {};
    return [{ name: `${name.toUpperCase()}, ${seedsText(length)}`, colour, x: steps, y: mean, ...band }];
  });
}

function marksOf(runs: BenchRuns | undefined): CurvesMark[] {
  if (runs === undefined) return [];
  const settings = runs.settings.value;
  return SIDES.flatMap((name) =>
    (settings[name]?.changes ?? []).flatMap(({ atStep, options }) =>
      Object.entries(options).map(([option, value]) => ({
        at: atStep,
        text: `${name.toUpperCase()} ${option} ${textOfValue(value)}`,
      })),
    ),
  );
}

function summaryOf(bench: BenchState, figure: string): string {
  const runs = bench.runs.value;
  if (runs === undefined) {
    const { a, b } = bench.settings.value;
    return `Ready: A is ${describeSide(a)}${b === undefined ? "" : `, B is ${describeSide(b)}`}.`;
  }
  void runs.pulse.value;
  const sides = SIDES.flatMap((name) => {
    const group = runs.groups.value[name];
    if (group === undefined) return [];
    const { steps, mean, low, high, n } = group.band(figure);
    const last = steps.length - 1;
    const letter = name.toUpperCase();
    if (last < 0) return [`${letter} has no ${figure} yet`];
    const interval = n[last] > 1 ? ` [${figureText(low[last])}, ${figureText(high[last])}]` : "";
    return [
      `${letter} ${figureText(mean[last])}${interval} at ${grouped(steps[last])} steps, ${reached(n[last], group.runs.length)}`,
    ];
  });
  return `${figure}: ${sides.join("; ")}.`;
}

function tableOf(runs: BenchRuns | undefined, figure: string) {
  const rows: (string | number)[][] = [];
  for (const name of SIDES) {
    const band = runs?.groups.value[name]?.band(figure);
    if (band === undefined) continue;
    for (let i = 0; i < band.steps.length; i++) {
      rows.push([name.toUpperCase(), band.steps[i], band.mean[i], band.low[i], band.high[i]]);
    }
  }
  return { columns: ["side", "steps", `mean ${figure}`, "interval from", "to"], rows };
}

function reached(some: number, all: number): string {
  return some === all ? seedsText(all) : `${some} of ${all} seeds so far`;
}

function seedsText(count: number): string {
  return count === 1 ? "1 seed" : `${count} seeds`;
}
