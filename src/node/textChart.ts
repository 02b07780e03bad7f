/**
 * Learning curves as text, for the terminal, through simple-ascii-chart, which is loaded when first needed. It shows the
 * course of the curves; the exact figures are in progress.csv.
 */
import { checkSeries } from "../charts/checkPicture.ts";
import { compactNumber } from "../charts/compactNumber.ts";
import { type CurveSeries, checkCurve, type LearningCurve } from "./charts.ts";

type Point = [x: number, y: number];

/** Draws the threshold. */
const LEVEL = "┄";

export interface TextChartSize {
  /** Columns, labels included. */
  width: number;
  /** Lines, title and axis included; one more where title and label need a line each. */
  height: number;
}

/**
 * The curves as text: one chart a series, one above the other on the same scales, since without colours lines in one
 * chart could not be told apart. Points are averaged where several fall into one column.
 * @param size of each chart.
 * @throws AscentError "shape" when a series' arrays differ in length.
 */
export async function learningCurveText(
  curve: LearningCurve,
  size: TextChartSize = { width: 70, height: 15 },
): Promise<string> {
  checkCurve("learningCurveText", curve, size);
  checkSeries(curve.series);
  const { title, xLabel, yLabel, series, threshold } = curve;
  const lines = series.map(finitePoints);
  const all = lines.flat();
  if (all.length === 0) return `${title}\n(no figures yet)`;
  const { plot } = await import("simple-ascii-chart");
  const levels = all.map((point) => point[1]);
  if (threshold !== undefined) levels.push(threshold);
  const yTicks = ticks(levels, Math.max(2, Math.floor((size.height - 4) / 2)));
  const xTicks = ticks(
    all.map((point) => point[0]),
    Math.max(2, Math.floor(size.width / 14)),
  );
  const labelWidth = Math.max(...yTicks.map((tick) => compactNumber(tick).length));
  const width = Math.max(16, size.width - labelWidth - 3);
  const height = Math.max(4, size.height - 4);
  const charts = lines.map((line, index) => {
    const name = series.length > 1 ? ` – ${series[index].name}` : "";
    if (line.length === 0) return `${title}${name}\n(no figures yet)`;
    const settings = {
      width,
      height,
      yRange: [yTicks[0], yTicks[yTicks.length - 1]] as Point,
      customYAxisTicks: yTicks,
      customXAxisTicks: xTicks,
      formatter: (value: number) => compactNumber(value),
    };
    const points = averageInto(line, width);
    let text = plot(points, settings);
    if (threshold !== undefined) {
      const symbols = { thresholds: { x: LEVEL, y: LEVEL } };
      text = behind(text, plot(points, { ...settings, thresholds: [{ y: threshold }], symbols }));
    }
    const body = text
      .split("\n")
      .map((row) => row.trimEnd())
      .filter((row) => row !== "");
    const heading = `${title}${name}: ${yLabel}`;
    const headings = heading.length <= size.width ? [heading] : [`${title}${name}`, yLabel];
    return [...headings, ...body, xLabel.padStart(size.width - 1)].join("\n");
  });
  return charts.join("\n\n");
}

/** The threshold shows only where the curve does not: the chart library would draw it over the curve. */
function behind(chart: string, withThreshold: string): string {
  const rows = chart.split("\n").map((row) => [...row]);
  return withThreshold
    .split("\n")
    .map((row, at) =>
      [...row].map((mark, k) => (mark === LEVEL ? (rows[at][k] ?? " ").replace(" ", LEVEL) : mark)).join(""),
    )
    .join("\n");
}

function finitePoints({ x, y }: CurveSeries): Point[] {
  return Array.from(x).flatMap((position, i): Point[] => (Number.isFinite(y[i]) ? [[position, y[i]]] : []));
}

/** Round numbers, at most about `count` + 1 of them, from one below all values to one above. */
function ticks(values: readonly number[], count: number): number[] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const span = high > low ? high - low : Math.max(1, Math.abs(high));
  const power = 10 ** Math.floor(Math.log10(span / count));
  const step = power * ([1, 2, 5].find((factor) => factor * power * count >= span) ?? 10);
  const first = Math.floor(low / step);
  const last = Math.max(first + 1, Math.ceil(high / step));
  return Array.from({ length: last - first + 1 }, (_, k) => Number(((first + k) * step).toPrecision(12)));
}

/** Averages points into at most `count` equal stretches, so that a text column stands for all of its points. */
function averageInto(points: readonly Point[], count: number): Point[] {
  if (points.length <= count) return [...points];
  return Array.from({ length: count }, (_, k): Point => {
    const part = points.slice(Math.floor((k * points.length) / count), Math.floor(((k + 1) * points.length) / count));
    return [part[part.length - 1][0], part.reduce((sum, point) => sum + point[1], 0) / part.length];
  });
}
