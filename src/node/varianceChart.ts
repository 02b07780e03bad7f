/**
 * The picture of a variance study as SVG text: bias beside tr Cov of each estimator, with 95 % intervals, and below them
 * tr Cov against the number of trajectories.
 */
import { type IntervalRow, type Panel, pictureSvg } from "../charts/index.ts";
import type { Estimate } from "../numerics/jackknife.ts";
import type { EstimatorFindings, VarianceFindings } from "../variance/study.ts";

/** @param width in pixels. */
export function varianceSvg(findings: VarianceFindings, width = 900): string {
  const { source, estimators, trajectories, batches, exact } = findings;
  const rows = (figure: (row: EstimatorFindings) => Estimate | undefined): IntervalRow[] =>
    estimators.map((row, style) => ({ name: row.estimator, style, value: Number.NaN, ...figure(row) }));
  const bias: Panel = {
    kind: "intervals",
    title: "Bias",
    x: { label: "‖E ĝ − ∇J‖ / ‖∇J‖" },
    rows: rows((row) => row.bias),
    levels: [{ value: 0, label: "" }],
  };
  const variance: Panel = {
    kind: "intervals",
    title: "Variance",
    x: { label: `tr Cov of an estimate from ${trajectories} trajectories`, scale: "log" },
    rows: rows((row) => row.traceOfCovariance),
    named: !exact,
  };
  const sizes = estimators[0]?.byTrajectories.map((at) => at.trajectories) ?? [];
  const bySize: Panel = {
    kind: "lines",
    title: "Variance by the number of trajectories",
    x: { label: "trajectories of an estimate", scale: "log", ticks: sizes },
    y: { label: "tr Cov", scale: "log" },
    series: estimators.map(({ estimator, byTrajectories }, style) => ({
      name: estimator,
      style,
      x: sizes,
      y: byTrajectories.map((at) => at.traceOfCovariance.value),
      low: byTrajectories.map((at) => at.traceOfCovariance.low),
      high: byTrajectories.map((at) => at.traceOfCovariance.high),
      drawn: "both",
    })),
  };
  return pictureSvg({
    title: `How good are the gradient estimators? ${source}`,
    subtitle: `95 % intervals from ${batches} independent batches; ${findings.policy}`,
    panels: exact ? [bias, variance, bySize] : [variance, bySize],
    columns: 2,
    names: "beside",
    width,
  });
}
