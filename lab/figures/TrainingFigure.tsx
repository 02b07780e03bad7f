/**
 * A figure of two trainings side by side, over seeds: a chart for each figure of the runs, with bands, and the paired difference of the
 * first of them in words. The runs are the library's own, in workers.
 */
import { type Signal, useSignalEffect } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { Button } from "../controls/Button.tsx";
import { announce } from "../page/announce.tsx";
import { type Band, bandOf } from "../runs/bands.ts";
import { pairedDifference, type RunGroup } from "../runs/runGroup.ts";
import { type Side, type TrainedSide, useTraining } from "../runs/useTraining.ts";
import { Curves, type CurvesLevel } from "./Curves.tsx";
import type { TableData } from "./DataTable.tsx";
import { Figure, type FigureProps } from "./Figure.tsx";
import { digitsOf } from "./numberWords.ts";

export interface TrainedMetric {
  /** Its name in docs/metrics.md. */
  metric: string;
  /** Of the axis, and in sentences. */
  name: string;
  /** What is shown of a value; default: the value. */
  of?: (value: number) => number;
  /** A logarithmic axis; then mean and interval are those of the logarithms, as fits what is never below 0. */
  logY?: boolean;
  yRange?: readonly [number, number];
  levels?: () => readonly CurvesLevel[];
}

export interface TrainingFigureProps extends Pick<FigureProps, "id" | "title" | "source" | "file"> {
  playing: Signal<boolean>;
  seeds: readonly number[];
  /** Two of them, A and B. Signals in it are followed. */
  sides: () => readonly Side[];
  metrics: readonly TrainedMetric[];
  /** A chart of the paired difference of the first figure too, A minus B. */
  drawsDifference?: boolean;
  controls: ComponentChildren;
  /** The chapter's name, for the bench. */
  chapter: string;
  /** A sentence behind the numbers. */
  note?: string;
}

/** Three charts beside each other where there is room. */
const THREE = { gridTemplateColumns: "repeat(auto-fit, minmax(min(100%, 17rem), 1fr))" };

export function TrainingFigure(props: TrainingFigureProps) {
  const { id, title, source, file, playing, seeds, sides, metrics, drawsDifference, controls, chapter, note } = props;
  const training = useTraining(playing, seeds, sides);
  const announced = useRef(0);
  useSignalEffect(() => {
    const { done, all } = progressOf(training.sides.value);
    if (done === all && all > announced.current) announce(`All ${all} runs of the figure ${title} are finished.`);
    announced.current = done === all ? all : 0;
  });
  return (
    <Figure
      id={id}
      title={title}
      source={source}
      file={file}
      playing={playing}
      bench={() => {
        const [a, b] = sides();
        return { a: a.settings, ...(b && { b: b.settings }), seeds, hide: [], chapter };
      }}
      controls={
        <>
          {controls}
          <Button onClick={training.restart} label={`Train again: ${title}`}>
            Train again
          </Button>
        </>
      }
      summary={() => summaryOf(training.sides.value, metrics, seeds, note)}
      table={() => tableOf(training.sides.value, metrics)}
    >
      <div class="figure-pair" style={metrics.length + (drawsDifference ? 1 : 0) === 3 ? THREE : undefined}>
        {metrics.map((metric) => (
          <Curves
            key={metric.metric}
            x="steps"
            y={metric.name}
            logY={metric.logY}
            yRange={metric.yRange}
            levels={metric.levels}
            series={() =>
              training.sides.value
                .map((side, i) => ({ ...lineOf(side, metric), colour: i }))
                // Figures that a side does not have are no line there.
                .filter(({ x }) => x.length > 0)
            }
          />
        ))}
        {drawsDifference && (
          <Curves
            x="steps"
            y={`${metrics[0].name}, A − B`}
            levels={() => [{ at: 0, text: "no difference" }]}
            series={() => differenceOf(training.sides.value, metrics[0])}
          />
        )}
      </div>
    </Figure>
  );
}

/** Seed by seed, so that what a seed does to both sides is gone. */
function differenceOf(sides: readonly TrainedSide[], { metric }: TrainedMetric) {
  if (sides.length !== 2) return [];
  for (const { group } of sides) void group.version.value;
  const { steps, mean, low, high } = pairedDifference(sides[0].group, sides[1].group, metric);
  if (steps.length === 0) return [];
  return [{ name: "A − B, paired", colour: 2, x: steps, y: mean, low, high }];
}

function lineOf({ name, group }: TrainedSide, { metric, logY, of = (x) => x }: TrainedMetric) {
  void group.version.value;
  const { steps, mean, low, high, n } = logY ? logBand(group, metric) : group.band(metric);
  // An interval from two runs is wider than any chart: bands begin with three.
  const bound = (values: readonly number[]) => values.map((value, i) => (n[i] < 3 ? Number.NaN : of(value)));
  return { name, x: steps, y: mean.map(of), low: bound(low), high: bound(high), n };
}

/** The geometric mean, with the interval of the mean of logarithms. */
function logBand({ runs }: RunGroup, metric: string): Band {
  const curves = runs.map(({ history }) => ({
    steps: history.column("steps") ?? [],
    values: Array.from(history.column(metric) ?? [], Math.log),
  }));
  const { steps, mean, low, high, n } = bandOf(curves.filter((curve) => curve.values.length > 0));
  return { steps, mean: mean.map(Math.exp), low: low.map(Math.exp), high: high.map(Math.exp), n };
}

function progressOf(sides: readonly TrainedSide[]): { done: number; all: number } {
  const states = sides.flatMap(({ group }) => group.runs.map((run) => run.state.value));
  return { done: states.filter((state) => state === "finished").length, all: states.length };
}

function summaryOf(
  sides: readonly TrainedSide[],
  metrics: readonly TrainedMetric[],
  seeds: readonly number[],
  note = "",
): string {
  if (sides.length === 0) return `${seeds.length} seeds of each side are trained here, in workers, once this plays.`;
  const failed = sides.flatMap(({ group }) => group.runs.map((run) => run.error.value)).find((error) => error);
  if (failed !== undefined) return failed;
  const { done, all } = progressOf(sides);
  const said = sides.map((side) => {
    const words = metrics.flatMap((metric) => {
      const { x, y, low, high, n } = lineOf(side, metric);
      // Where all seeds are: the last step of the slowest.
      const at = n.lastIndexOf(Math.max(...n));
      if (at < 0) return [];
      const interval = Number.isFinite(low[at]) ? ` [${digitsOf(low[at])}, ${digitsOf(high[at])}]` : "";
      const where = metric === metrics[0] ? ` at step ${Math.round(x[at]).toLocaleString("en-GB")}, n = ${n[at]}` : "";
      return [`${metric.name} ${digitsOf(y[at])}${interval}${where}`];
    });
    return `${side.name}: ${words.length > 0 ? words.join(", ") : "starting"}`;
  });
  const first = sides.length === 2 ? pairedDifference(sides[0].group, sides[1].group, metrics[0].metric) : undefined;
  const at = first ? first.n.lastIndexOf(Math.max(...first.n)) : -1;
  const difference =
    first && at >= 0 && Number.isFinite(first.low[at])
      ? ` Difference in ${metrics[0].name} over the same seeds: ${digitsOf(first.mean[at])} [${digitsOf(first.low[at])}, ${digitsOf(first.high[at])}].`
      : "";
  return `${said.join(". ")}.${difference} Means over seeds ${seeds.join(", ")} with 95 % intervals; ${done} of ${all} runs are finished.${note && ` ${note}`}`;
}

function tableOf(sides: readonly TrainedSide[], metrics: readonly TrainedMetric[]): TableData {
  const columns = ["side", "steps", "n", ...metrics.flatMap(({ name }) => [name, `${name}, low`, `${name}, high`])];
  const rows = sides.flatMap((side) => {
    const bands = metrics.map((metric) => lineOf(side, metric));
    const longest = bands.reduce((a, b) => (b.x.length > a.x.length ? b : a));
    return Array.from(longest.x, (step, i) => [
      ...[side.name, Math.round(step), longest.n[i]],
      ...bands.flatMap(({ x, y, low, high }): (string | number)[] => {
        const at = x[i] === step ? i : x.indexOf(step);
        return at < 0 ? ["", "", ""] : [y[at], low[at], high[at]];
      }),
    ]);
  });
  return { columns, rows };
}
