/**
 * Learning curves as pictures: what a run's folder holds, drawn by src/charts, which is loaded when first needed. The chart
 * for the terminal is textChart.ts.
 */
import {
  above,
  aNumber,
  anything,
  checkArgument,
  checkArguments,
  checkOptions,
  having,
  listOf,
  type OptionChecks,
  optional,
  text,
} from "../arguments/checks.ts";
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

const curveChecks: OptionChecks<LearningCurve> = {
  title: text,
  subtitle: optional(text),
  xLabel: text,
  yLabel: text,
  series: listOf(anything, "a list of series"),
  threshold: optional(aNumber),
  thresholdLabel: optional(text),
  marks: optional(listOf(anything, "a list of marks")),
};
const sizeCheck = having("an object with width and height", "width", "height");
const sizeChecks = { width: above(0), height: above(0) };

/** @throws AscentError "option" for a curve or a size of another kind. */
export function checkCurve(caller: string, curve: LearningCurve, size: { width: number; height: number }): void {
  checkOptions(caller, curveChecks, curve);
  checkArgument(`${caller}: size`, sizeCheck, size);
  checkArguments(caller, sizeChecks, { ...size });
}

/**
 * A picture of the curves as SVG text.
 * @param size in pixels.
 * @throws AscentError "shape" when a series' arrays differ in length.
 */
export async function learningCurveSvg(curve: LearningCurve, size = { width: 900, height: 500 }): Promise<string> {
  checkCurve("learningCurveSvg", curve, size);
  const { compactNumber, lineChartSvg } = await import("../charts/index.ts");
  const { xLabel, yLabel, threshold, thresholdLabel, ...rest } = curve;
  const levels =
    threshold === undefined ? [] : [{ value: threshold, label: thresholdLabel ?? compactNumber(threshold) }];
  return lineChartSvg({ ...rest, ...size, x: { label: xLabel }, y: { label: yLabel }, levels });
}
