/**
 * Learning curves as pictures: what a run's folder holds, drawn by src/charts, which is loaded when first needed. The chart
 * for the terminal is textChart.ts.
 */
import type { Mark, Series } from "../charts/model.ts";

export type CurveSeries = Series;

export interface LearningCurve {
  title: string;
  /** What was measured, in a line below the title. */
  subtitle?: string;
  xLabel: string;
  yLabel: string;
  series: readonly CurveSeries[];
  /** A level to mark, such as the reward at which the task counts as solved. */
  threshold?: number;
  /** What the level is called beside the plot; default: its number. */
  thresholdLabel?: string;
  /** Points beside the curves, such as an evaluation at the end. */
  marks?: readonly Mark[];
}

/**
 * A picture of the curves as SVG text.
 * @param size in pixels.
 * @throws AscentError "shape" when a series' arrays differ in length.
 */
export async function learningCurveSvg(curve: LearningCurve, size = { width: 900, height: 500 }): Promise<string> {
  const { compactNumber, lineChartSvg } = await import("../charts/index.ts");
  const { xLabel, yLabel, threshold, thresholdLabel, ...rest } = curve;
  const levels =
    threshold === undefined ? [] : [{ value: threshold, label: thresholdLabel ?? compactNumber(threshold) }];
  return lineChartSvg({ ...rest, ...size, x: { label: xLabel }, y: { label: yLabel }, levels });
}
