/**
 * The picture of a variance study as SVG text. Above: bias beside tr Cov of each estimator, with 95 % intervals, for one is
 * bought with the other. Below, against the number of trajectories: tr Cov and, where the gradient is known, the whole error
 * that both make together.
 */
import { type IntervalRow, type LinePanel, type Panel, pictureSvg } from "../charts/index.ts";
import type { Estimate } from "../numerics/jackknife.ts";
import type { EstimatorFindings, VarianceFindings } from "../variance/study.ts";

/** @param width in pixels. */
export function varianceSvg(findings: VarianceFindings, width = 900): string {
  const { source, batches, policy, exact } = findings;
  const known = exact ? "" : "; the bias is not known here";
  return pictureSvg({
    title: `How good are the gradient estimators? ${source}`,
    subtitle: `95 % intervals from ${batches} independent batches${known}; ${policy}`,
    panels: exact
      ? [biasPanel(findings), variancePanel(findings, false), bySizePanel(findings), errorPanel(findings)]
      : [variancePanel(findings, true), bySizePanel(findings)],
    columns: 2,
    names: "beside",
    width,
  });
}

function biasPanel({ estimators }: VarianceFindings): Panel {
  const rows = rowsOf(estimators, ({ bias }) => bias);
  return { kind: "intervals", title: "Bias", x: { label: "‖E ĝ − ∇J‖ / ‖∇J‖" }, rows };
}

function variancePanel({ estimators, trajectories }: VarianceFindings, named: boolean): Panel {
  return {
    kind: "intervals",
    title: "Variance",
    x: { label: `tr Cov of an estimate from ${trajectories} trajectories`, scale: "log" },
    rows: rowsOf(estimators, ({ traceOfCovariance }) => traceOfCovariance),
    named,
  };
}

function rowsOf(
  estimators: readonly EstimatorFindings[],
  figure: (row: EstimatorFindings) => Estimate | undefined,
): IntervalRow[] {
  return estimators.map((row, style) => ({ name: row.estimator, style, value: Number.NaN, ...figure(row) }));
}

function bySizePanel({ estimators }: VarianceFindings): Panel {
  return byTrajectories(estimators, "Variance by the number of trajectories", "tr Cov", (_, variance) => variance);
}

/** E‖ĝ − ∇J‖² = ‖E ĝ − ∇J‖² + tr Cov: what variance alone does not show. */
function errorPanel({ estimators, gradientNorm = Number.NaN }: VarianceFindings): Panel {
  const square = gradientNorm * gradientNorm;
  const label = "mean square error / ‖∇J‖² = bias² + tr Cov / ‖∇J‖²";
  return byTrajectories(estimators, "The error of both together", label, ({ bias }, variance) => {
    const both = (bound: keyof Estimate) => (bias?.[bound] ?? Number.NaN) ** 2 + variance[bound] / square;
    return { value: both("value"), low: both("low"), high: both("high") };
  });
}

function byTrajectories(
  estimators: readonly EstimatorFindings[],
  title: string,
  label: string,
  figure: (row: EstimatorFindings, variance: Estimate) => Estimate,
): LinePanel {
  const sizes = estimators[0]?.byTrajectories.map((at) => at.trajectories) ?? [];
  return {
    kind: "lines",
    title,
    x: { label: "trajectories of an estimate", scale: "log", ticks: sizes },
    y: { label, scale: "log" },
    series: estimators.map((row, style) => {
      const points = row.byTrajectories.map((at) => figure(row, at.traceOfCovariance));
      return {
        name: row.estimator,
        style,
        x: sizes,
        y: points.map(({ value }) => value),
        low: points.map(({ low }) => low),
        high: points.map(({ high }) => high),
        drawn: "both",
      };
    }),
  };
}
