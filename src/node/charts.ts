/**
 * Learning curves as pictures: an SVG through echarts, drawn without any browser. echarts is loaded when first needed and
 * never before, as that takes a quarter of a second. The chart for the terminal is textChart.ts.
 */
import type { CustomSeriesOption, EChartsOption, LineSeriesOption } from "echarts";
import { AscentError } from "../errors.ts";
import { compactNumber } from "./compactNumber.ts";

export interface CurveSeries {
  name: string;
  /** Growing positions, in environment steps for example. */
  x: readonly number[];
  /** One value a position; NaN leaves a gap. */
  y: readonly number[];
  /** Bounds of the band around the curve; both or neither. */
  low?: readonly number[];
  high?: readonly number[];
}

export interface LearningCurve {
  title: string;
  xLabel: string;
  yLabel: string;
  series: readonly CurveSeries[];
  /** A level to mark, such as the reward at which the task counts as solved. */
  threshold?: number;
}

/** Series in order; neighbours differ in lightness as well as in hue. */
export const COLOURS = ["#2563eb", "#d97706", "#059669", "#c026a3", "#0891b2", "#dc2626", "#6d28d9", "#65760b"];
export const INK = "#111827";
export const MUTED = "#6b7280";
export const FAINT = "#e5e7eb";
export const FONT = "Inter, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";
/** More points than this along one curve cannot be told apart; bands are thinned to it. */
const MAX_BAND_POINTS = 800;

/**
 * A picture of the curves as SVG text.
 * @param size in pixels.
 * @throws AscentError "shape" when a series' arrays differ in length.
 */
export async function learningCurveSvg(curve: LearningCurve, size = { width: 900, height: 500 }): Promise<string> {
  checkSeries(curve.series);
  const [echarts, { SVGRenderer }] = await Promise.all([
    import("echarts/core"),
    import("echarts/renderers"),
    import("echarts/lib/chart/line.js"),
    import("echarts/lib/chart/custom.js"),
    import("echarts/lib/component/gridSimple.js"),
    import("echarts/lib/component/title.js"),
    import("echarts/lib/component/legendPlain.js"),
    import("echarts/lib/component/markLine.js"),
  ]);
  echarts.use([SVGRenderer]);
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, ...size });
  try {
    chart.setOption(chartOption(curve));
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}

function chartOption(curve: LearningCurve): EChartsOption {
  const withLegend = curve.series.length > 1;
  const axisLabel = { color: MUTED, fontSize: 12, formatter: compactNumber };
  return {
    animation: false,
    backgroundColor: "#ffffff",
    color: COLOURS,
    textStyle: { fontFamily: FONT },
    title: {
      text: curve.title,
      subtext: curve.yLabel,
      left: 24,
      top: 18,
      itemGap: 6,
      textStyle: { color: INK, fontSize: 18, fontWeight: 600 },
      subtextStyle: { color: MUTED, fontSize: 13 },
    },
    legend: withLegend
      ? {
          data: curve.series.map((series) => series.name),
          right: 28,
          top: 22,
          icon: "roundRect",
          itemWidth: 16,
          itemHeight: 4,
          itemGap: 18,
          textStyle: { color: INK, fontSize: 13 },
        }
      : undefined,
    grid: { left: 72, right: 40, top: 84, bottom: 62 },
    xAxis: {
      type: "value",
      name: curve.xLabel,
      nameLocation: "middle",
      nameGap: 34,
      nameTextStyle: { color: MUTED, fontSize: 13 },
      // A curve that begins near 0 gets an axis that begins there, not an odd first label.
      min: ({ min, max }: { min: number; max: number }) => (min >= 0 && min < 0.1 * max ? 0 : min),
      max: "dataMax",
      splitLine: { show: false },
      axisLine: { show: true, onZero: false, lineStyle: { color: "#9ca3af" } },
      axisTick: { show: true, lineStyle: { color: "#9ca3af" } },
      // A round-numbered axis ends between two ticks; a label there would run into its neighbour.
      axisLabel: { ...axisLabel, showMaxLabel: false, hideOverlap: true },
    },
    yAxis: {
      type: "value",
      scale: true,
      ...thresholdRange(curve),
      splitLine: { lineStyle: { color: FAINT } },
      axisLabel,
    },
    series: curve.series.flatMap((series, index) => {
      const colour = COLOURS[index % COLOURS.length];
      const line = lineSeries(series, colour, index === 0 ? curve.threshold : undefined);
      return series.low === undefined ? [line] : [bandSeries(series, colour), line];
    }),
  };
}

/** The y range must take in the threshold, which echarts does not count as data. */
function thresholdRange({ threshold }: LearningCurve): object {
  if (threshold === undefined) return {};
  return {
    min: ({ min }: { min: number }) => (threshold < min ? threshold : undefined),
    max: ({ max }: { max: number }) => (threshold > max ? threshold : undefined),
  };
}

function lineSeries({ name, x, y }: CurveSeries, colour: string, threshold: number | undefined): LineSeriesOption {
  return {
    type: "line",
    name,
    data: x.map((position, i) => [position, y[i]]),
    showSymbol: x.length === 1,
    sampling: "lttb",
    lineStyle: { width: 2.25, color: colour, cap: "round", join: "round" },
    itemStyle: { color: colour },
    z: 3,
    markLine:
      threshold === undefined
        ? undefined
        : {
            silent: true,
            symbol: "none",
            animation: false,
            lineStyle: { color: MUTED, width: 1.25, type: [5, 4] },
            label: { formatter: compactNumber(threshold), position: "end", color: MUTED, fontSize: 12 },
            data: [{ yAxis: threshold }],
          },
  };
}

/** One polygon from all the bounds; stacking two areas would break where values turn negative. */
function bandSeries({ name, x, low = [], high = [] }: CurveSeries, colour: string): CustomSeriesOption {
  const stride = Math.ceil(x.length / MAX_BAND_POINTS);
  const kept = x.map((_, i) => i).filter((i) => i % stride === 0 || i === x.length - 1);
  const bounds = kept.filter((i) => Number.isFinite(low[i]) && Number.isFinite(high[i]));
  return {
    type: "custom",
    name,
    silent: true,
    clip: true,
    z: 2,
    itemStyle: { color: colour },
    encode: { x: 0, y: [1, 2] },
    data: bounds.map((i) => [x[i], low[i], high[i]]),
    renderItem: (params, api) => {
      if (params.dataIndexInside !== 0) return null;
      const upper = bounds.map((i) => api.coord([x[i], high[i]]));
      const lower = bounds.map((i) => api.coord([x[i], low[i]])).reverse();
      return { type: "polygon", shape: { points: [...upper, ...lower] }, style: { fill: colour, opacity: 0.16 } };
    },
  };
}

/** @throws AscentError "shape" when a series' arrays differ in length. */
export function checkSeries(series: readonly CurveSeries[]): void {
  for (const { name, x, y, low, high } of series) {
    const lengths = [x, y, low ?? (high === undefined ? x : []), high ?? (low === undefined ? x : [])].map(
      (array) => array.length,
    );
    if (lengths.every((length) => length === x.length)) continue;
    throw new AscentError("shape", {
      what: `The arrays of series "${name}" differ in length`,
      got: `x ${lengths[0]}, y ${lengths[1]}, low ${lengths[2]}, high ${lengths[3]}`,
      expected: "equal lengths, with both low and high or neither",
      fix: "Give one y, and one low and high, for each x.",
    });
  }
}
