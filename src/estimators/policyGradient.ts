/**
 * From score vectors and weights to gradient estimates (docs/theory.md, 2, 3, 9), the definition written out: one score ∇log
 * π(a_t|s_t) for each step, scores [steps × parameters]. Training takes the one-backward-pass form instead
 * (objectives/policyGradient.ts), which gives the same numbers.
 */

import { checkArgument, floats, numbers } from "../arguments/checks.ts";
import { AscentError } from "../errors.ts";
import { type Output, requireEntries, requireOffsets, requireSameSteps, requireSteps } from "./episodes.ts";

/** ĝ = (1/N) Σ_i Σ_t ∇log π(a_it|s_it) · w_it, written to `out` [parameters]. @param weights [steps] */
export function policyGradient(
  scores: ArrayLike<number>,
  weights: ArrayLike<number>,
  offsets: Int32Array,
  out: Output,
): void {
  requireSteps("policyGradient: weights", offsets, weights);
  checkArgument("policyGradient: the output", floats, out);
  const width = widthOf("policyGradient", scores, weights.length, out.length);
  const count = offsets.length - 1;
  out.fill(0);
  for (let k = 0; k < weights.length; k++) {
    const weight = weights[k] / count;
    for (let j = 0; j < width; j++) out[j] += scores[k * width + j] * weight;
  }
}

/** ĝ_i = Σ_t ∇log π(a_it|s_it) · w_it for each trajectory, [N × parameters]; their mean is `policyGradient`. */
export function trajectoryGradients(
  scores: ArrayLike<number>,
  weights: ArrayLike<number>,
  offsets: Int32Array,
  out: Output,
): void {
  requireSteps("trajectoryGradients: weights", offsets, weights);
  checkArgument("trajectoryGradients: the output", floats, out);
  const count = offsets.length - 1;
  const width = widthOf("trajectoryGradients", scores, weights.length, out.length / count);
  out.fill(0);
  for (let i = 0; i < count; i++) {
    for (let k = offsets[i]; k < offsets[i + 1]; k++) {
      for (let j = 0; j < width; j++) out[i * width + j] += scores[k * width + j] * weights[k];
    }
  }
}

/** g_i = Σ_t ∇log π(a_it|s_it) = ∇log p_θ(τ_i) for each trajectory [N × parameters] (docs/theory.md, 2). */
export function trajectoryScoreSums(scores: ArrayLike<number>, offsets: Int32Array, out: Output): void {
  requireOffsets("trajectoryScoreSums", offsets);
  trajectoryGradients(scores, new Float64Array(offsets[offsets.length - 1]).fill(1), offsets, out);
}

/**
 * b_j = E[g_j² R] / E[g_j²], the baseline of least variance for parameter j (Peters & Schaal 2008; docs/theory.md, 9), as
 * batch means; 0 where g_j is always 0. Taken from the batch it is used on, it biases the estimate by O(1/N).
 *
 * @param scoreSums g [N × parameters], from `trajectoryScoreSums`
 * @param returns R [N]
 * @param out [parameters]
 * @param probabilities of the trajectories [N]: gives the exact b_j over an enumeration. Default: all alike.
 */
export function optimalBaseline(
  scoreSums: ArrayLike<number>,
  returns: ArrayLike<number>,
  out: Output,
  probabilities?: ArrayLike<number>,
): void {
  checkArgument("optimalBaseline: returns", numbers, returns);
  checkArgument("optimalBaseline: the output", floats, out);
  if (probabilities !== undefined) requireSameSteps("optimalBaseline: probabilities", probabilities, returns);
  const count = returns.length;
  const width = widthOf("optimalBaseline", scoreSums, count, out.length);
  for (let j = 0; j < width; j++) {
    let above = 0;
    let below = 0;
    for (let i = 0; i < count; i++) {
      const square = scoreSums[i * width + j] * scoreSums[i * width + j] * (probabilities?.[i] ?? 1);
      above += square * returns[i];
      below += square;
    }
    out[j] = below > 0 ? above / below : 0;
  }
}

/** ĝ_j = (1/N) Σ_i g_ij (R_i − b_j) [parameters]: the total-return estimator with a baseline for each parameter. */
export function policyGradientWithParameterBaseline(
  scoreSums: ArrayLike<number>,
  returns: ArrayLike<number>,
  baseline: ArrayLike<number>,
  out: Output,
): void {
  checkArgument("policyGradientWithParameterBaseline: returns", numbers, returns);
  checkArgument("policyGradientWithParameterBaseline: the output", floats, out);
  requireEntries("policyGradientWithParameterBaseline: baselines", baseline, out.length, "parameter");
  const count = returns.length;
  const width = widthOf("policyGradientWithParameterBaseline", scoreSums, count, out.length);
  out.fill(0);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < width; j++) out[j] += (scoreSums[i * width + j] * (returns[i] - baseline[j])) / count;
  }
}

function widthOf(what: string, rows: ArrayLike<number>, count: number, width: number): number {
  checkArgument(`${what}: scores`, numbers, rows);
  if (rows.length === count * width) return width;
  throw new AscentError("shape", {
    what: `${what}: the score vectors do not fit`,
    got: `${rows.length} numbers`,
    expected: `${count} rows of ${width} parameters`,
    fix: "Give one row of scores for each weight, and an output of one row.",
  });
}
