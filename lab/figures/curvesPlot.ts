/** uPlot as the lab uses it: data of several lines, each with x of its own, bands, marks and levels. Loaded lazily by Curves.tsx. */
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Theme } from "../page/theme.ts";
import { axisNumbers, logNumber, logPlaces } from "./axisNumbers.ts";
import type { CurvesLevel, CurvesMark, SeriesData } from "./curvesData.ts";
import { seriesStyle } from "./seriesStyle.ts";

export interface PlotOptions {
  x: string;
  y: string;
  height: number;
  logX: boolean;
  logY: boolean;
  yRange?: readonly [number, number];
}

export interface CurvesPlot {
  draw(series: readonly SeriesData[], marks: readonly CurvesMark[], levels: readonly CurvesLevel[], theme: Theme): void;
  resize(): void;
  end(): void;
}

/** Values of one line, at the places of all lines. */
type Column = (number | null | undefined)[];

export function curvesPlot(place: HTMLElement, options: PlotOptions): CurvesPlot {
  let plot: uPlot | undefined;
  let key = "";
  let marks: readonly CurvesMark[] = [];
  let levels: readonly CurvesLevel[] = [];
  const width = () => Math.max(120, place.clientWidth);
  return {
    draw(series, newMarks, newLevels, theme) {
      marks = newMarks;
      levels = newLevels;
      // A plot is made anew only when its lines or colours are others.
      const newKey = JSON.stringify([series.map((s) => [s.name, s.colour, s.low !== undefined]), theme.name]);
      const data = columnsOf(series);
      if (plot && newKey === key) {
        plot.setData(data);
        return;
      }
      key = newKey;
      plot?.destroy();
      plot = new uPlot(
        plotOptions(options, series, theme, width(), () => ({ marks, levels })),
        data,
        place,
      );
    },
    resize() {
      plot?.setSize({ width: width(), height: options.height });
    },
    end() {
      plot?.destroy();
    },
  };
}

/** x of all lines in order, then y (and low and high) of each at those places; null where a line has none. */
function columnsOf(series: readonly SeriesData[]): uPlot.AlignedData {
  const shared = series.length > 0 && series.every(({ x }) => sameNumbers(x, series[0].x));
  const xs = shared ? Array.from(series[0].x) : merged(series.map(({ x }) => x));
  const placeOf = shared ? undefined : new Map(xs.map((x, i) => [x, i]));
  const column = (x: ArrayLike<number>, values: ArrayLike<number>): Column => {
    const finite = (value: number) => (Number.isFinite(value) ? value : null);
    if (!placeOf) return Array.from(values, finite);
    // Undefined is "nothing measured here": the line goes on across it.
    const out: Column = new Array(xs.length).fill(undefined);
    for (let i = 0; i < x.length; i++) out[placeOf.get(x[i])!] = finite(values[i]);
    return out;
  };
  const columns = series.flatMap(({ x, y, low, high }) => {
    const line = column(x, y);
    return low && high ? [line, column(x, low), column(x, high)] : [line];
  });
  return [xs, ...columns];
}

function sameNumbers(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function merged(lists: readonly ArrayLike<number>[]): number[] {
  const all = new Set<number>();
  for (const list of lists) for (let i = 0; i < list.length; i++) all.add(list[i]);
  return [...all].sort((a, b) => a - b);
}

function plotOptions(
  { x, y, height, logX, logY, yRange }: PlotOptions,
  series: readonly SeriesData[],
  theme: Theme,
  width: number,
  notes: () => { marks: readonly CurvesMark[]; levels: readonly CurvesLevel[] },
): uPlot.Options {
  const lines: uPlot.Series[] = [{}];
  const bands: uPlot.Band[] = [];
  for (const { name, colour, low, high } of series) {
    const { colour: stroke, dash } = seriesStyle(colour, theme);
    lines.push({ label: name, stroke, width: 2, dash: [...dash], points: { show: false }, spanGaps: true });
    if (!low || !high) continue;
    const edge: uPlot.Series = { stroke: "transparent", width: 0, points: { show: false }, spanGaps: true };
    lines.push({ ...edge }, { ...edge });
    bands.push({ series: [lines.length - 1, lines.length - 2], fill: withAlpha(stroke, 0.18) });
  }
  const axis = (label: string, isLog: boolean): uPlot.Axis => ({
    label,
    ...(isLog && { splits: (_plot, _axis, low, high) => logPlaces(low, high) }),
    // Logarithmic ones are not thinned out: there are few.
    ...(isLog && { filter: (_plot, splits) => splits }),
    values: (_plot, splits) => (isLog ? splits.map(logNumber) : axisNumbers(splits)),
    labelFont: `12px ${theme.font}`,
    font: `12px ${theme.font}`,
    stroke: theme.muted,
    grid: { stroke: theme.grid, width: 1 },
    ticks: { stroke: theme.axis, width: 1, size: 4 },
    labelSize: 18,
  });
  return {
    width,
    height,
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false, distr: logX ? 3 : 1 },
      y: { distr: logY ? 3 : 1, range: yRange ? [yRange[0], yRange[1]] : rangeWith(logY, () => notes().levels) },
    },
    series: lines,
    bands,
    axes: [
      { ...axis(x, logX), size: 32, space: 70 },
      { ...axis(y, logY), size: 52 },
    ],
    hooks: { draw: [(plot) => drawNotes(plot, notes(), theme)] },
  };
}

/** As uPlot's own, but that levels are always in the picture. */
function rangeWith(isLog: boolean, levels: () => readonly CurvesLevel[]): uPlot.Scale.Range {
  return (_plot, low, high) => {
    if (low === null || high === null) return [low, high];
    const at = levels().map((level) => level.at);
    const [least, most] = [Math.min(low, ...at), Math.max(high, ...at)];
    return isLog ? uPlot.rangeLog(least, most, 10, false) : uPlot.rangeNum(least, most, 0.1, true);
  };
}

function withAlpha(colour: string, alpha: number): string {
  return `${colour}${Math.round(alpha * 255)
    .toString(16)
    .padStart(2, "0")}`;
}

/** Marks as dotted lines with their words at the top, levels as dashed ones with theirs at the right. */
function drawNotes(
  plot: uPlot,
  { marks, levels }: { marks: readonly CurvesMark[]; levels: readonly CurvesLevel[] },
  theme: Theme,
): void {
  const { ctx: context } = plot;
  const { left, top, width, height } = plot.bbox;
  const scale = devicePixelRatio;
  context.save();
  context.beginPath();
  context.rect(left, top, width, height);
  context.clip();
  context.strokeStyle = theme.muted;
  context.fillStyle = theme.muted;
  context.lineWidth = scale;
  context.font = `${11 * scale}px ${theme.font}`;
  for (const { at, text } of marks) {
    const x = plot.valToPos(at, "x", true);
    context.setLineDash([2 * scale, 3 * scale]);
    line(context, x, top, x, top + height);
    context.textAlign = x > left + width / 2 ? "right" : "left";
    context.textBaseline = "top";
    words(context, text, x + (x > left + width / 2 ? -4 : 4) * scale, top + 2 * scale, theme);
  }
  for (const { at, text } of levels) {
    const y = plot.valToPos(at, "y", true);
    context.setLineDash([5 * scale, 4 * scale]);
    line(context, left, y, left + width, y);
    context.textAlign = "right";
    context.textBaseline = y < top + 16 * scale ? "top" : "bottom";
    words(context, text, left + width - 2 * scale, y + (y < top + 16 * scale ? 2 : -2) * scale, theme);
  }
  context.restore();
}

/** With a rim of the ground's colour: they stand over lines and bands. */
function words(context: CanvasRenderingContext2D, text: string, x: number, y: number, theme: Theme): void {
  context.save();
  context.setLineDash([]);
  context.lineJoin = "round";
  context.lineWidth = 4 * devicePixelRatio;
  context.strokeStyle = theme.ground;
  context.strokeText(text, x, y);
  context.restore();
  context.fillText(text, x, y);
}

function line(context: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
}
