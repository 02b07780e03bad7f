/**
 * The picture of a variance study as SVG text: tr Cov of each estimator with its 95 % interval, and against the number of
 * trajectories, on logarithmic axes. Drawn through echarts without a browser, as charts.ts does.
 */
import type { CustomSeriesOption, EChartsOption, LineSeriesOption } from "echarts";
import type { Estimate } from "../numerics/jackknife.ts";
import type { EstimatorFindings, VarianceFindings } from "../variance/study.ts";
import { COLOURS, FAINT, FONT, INK, MUTED } from "./charts.ts";
import { compactNumber } from "./compactNumber.ts";

/** @param size in pixels. */
export async function varianceSvg(findings: VarianceFindings, size = { width: 1100, height: 520 }): Promise<string> {
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
    chart.setOption(chartOption(findings, size.width));
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}

function chartOption(findings: VarianceFindings, width: number): EChartsOption {
  const { estimators, trajectories, batches } = findings;
  // A variance of 0 has no place on a logarithmic axis.
  const shown = estimators.filter(({ traceOfCovariance }) => traceOfCovariance.low > 0);
  const halves = [
    { left: 72, width: width / 2 - 92, top: 96, bottom: 116 },
    { left: width / 2 + 56, width: width / 2 - 92, top: 96, bottom: 116 },
  ];
  const axisLabel = { color: MUTED, fontSize: 12, formatter: compactNumber };
  const logAxis = { type: "log" as const, axisLabel, splitLine: { lineStyle: { color: FAINT } } };
  const [low, high] = powers(
    shown.flatMap((row) => [...row.byTrajectories.map((b) => b.traceOfCovariance), row.traceOfCovariance]),
  );
  const yAxis = { ...logAxis, min: low, max: high };
  return {
    animation: false,
    backgroundColor: "#ffffff",
    color: [...COLOURS],
    textStyle: { fontFamily: FONT },
    title: {
      text: `Variance of gradient estimators: ${findings.source}`,
      subtext: `tr Cov of the estimate, 95 % intervals from ${batches} batches; left: of ${trajectories} trajectories, right: against their number`,
      left: 24,
      top: 18,
      itemGap: 6,
      textStyle: { color: INK, fontSize: 18, fontWeight: 600 },
      subtextStyle: { color: MUTED, fontSize: 13 },
    },
    legend: {
      data: shown.map(({ estimator }) => estimator),
      left: "center",
      bottom: 12,
      icon: "roundRect",
      itemWidth: 14,
      itemHeight: 4,
      itemGap: 12,
      textStyle: { color: INK, fontSize: 12 },
    },
    grid: halves,
    xAxis: [
      {
        type: "category",
        data: shown.map(({ estimator }) => estimator),
        axisLabel: { color: INK, fontSize: 12, rotate: 28, interval: 0 },
        axisTick: { show: false },
      },
      {
        ...logAxis,
        gridIndex: 1,
        logBase: 2,
        min: "dataMin",
        max: "dataMax",
        name: "trajectories",
        nameLocation: "middle",
        nameGap: 30,
        nameTextStyle: { color: MUTED, fontSize: 13 },
        splitLine: { show: false },
      },
    ],
    yAxis: [yAxis, { ...yAxis, gridIndex: 1 }],
    series: shown.flatMap((row, index) => [
      intervalSeries([{ x: index, estimate: row.traceOfCovariance }], index, 0),
      lineSeries(row, index),
      intervalSeries(
        row.byTrajectories.map((at) => ({ x: at.trajectories, estimate: at.traceOfCovariance })),
        index,
        1,
      ),
    ]),
  };
}

/** The powers of ten around all intervals. */
function powers(bounds: readonly { low: number; high: number }[]): [number, number] {
  const low = Math.min(...bounds.map((b) => b.low));
  const high = Math.max(...bounds.map((b) => b.high));
  return [10 ** Math.floor(Math.log10(low)), 10 ** Math.ceil(Math.log10(high))];
}

/** Points of one estimator with their intervals, in the grid of that number. */
function intervalSeries(
  points: readonly { x: number; estimate: Estimate }[],
  index: number,
  grid: 0 | 1,
): CustomSeriesOption {
  const stroke = COLOURS[index % COLOURS.length];
  const [half, radius] = grid === 0 ? [7, 5] : [4, 3];
  return {
    type: "custom",
    silent: true,
    xAxisIndex: grid,
    yAxisIndex: grid,
    encode: { x: 0, y: [1, 2, 3] },
    data: points.map(({ x, estimate: { value, low, high } }) => [x, value, low, high]),
    renderItem: ({ dataIndex }, api) => {
      const { x: position, estimate } = points[dataIndex];
      const [x, y] = api.coord([position, estimate.value]);
      const [bottom, top] = [estimate.low, estimate.high].map((bound) => api.coord([position, bound])[1]);
      const line = (x1: number, y1: number, x2: number, y2: number) => ({
        type: "line" as const,
        shape: { x1, y1, x2, y2 },
        style: { stroke, lineWidth: grid === 0 ? 2 : 1.25 },
      });
      const dot = { type: "circle" as const, shape: { cx: x, cy: y, r: radius }, style: { fill: stroke } };
      const ends = [line(x - half, bottom, x + half, bottom), line(x - half, top, x + half, top)];
      return { type: "group", children: [line(x, bottom, x, top), ...ends, dot] };
    },
  };
}

function lineSeries({ estimator, byTrajectories }: EstimatorFindings, index: number): LineSeriesOption {
  const color = COLOURS[index % COLOURS.length];
  return {
    type: "line",
    name: estimator,
    xAxisIndex: 1,
    yAxisIndex: 1,
    data: byTrajectories.map(({ trajectories, traceOfCovariance }) => [trajectories, traceOfCovariance.value]),
    symbol: "none",
    lineStyle: { width: 2, color },
    itemStyle: { color },
  };
}
