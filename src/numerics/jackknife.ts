/**
 * Confidence intervals by leaving out one sample after the other (the jackknife; Efron & Stein 1981): deterministic, and for any
 * statistic that can be had without sample i.
 */

import { aNumber, callback, checkArguments, wholeNumber } from "../arguments/checks.ts";
import { studentQuantile } from "./studentQuantile.ts";
/** A number and its 95 % confidence interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** value ± t · se with se² = (M − 1)/M Σ_i (θ_(i) − θ_(·))², θ_(i) the statistic without sample i. */
export function jackknife(value: number, count: number, without: (i: number) => number): Estimate {
  checkArguments("jackknife", { value: aNumber, count: wholeNumber(2), without: callback }, { value, count, without });
  let mean = 0;
  for (let i = 0; i < count; i++) mean += without(i) / count;
  let squares = 0;
  for (let i = 0; i < count; i++) squares += (without(i) - mean) * (without(i) - mean);
  const half = studentQuantile(count - 1) * Math.sqrt((squares * (count - 1)) / count);
  return { value, low: value - half, high: value + half };
}
