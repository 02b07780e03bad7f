/**
 * Confidence intervals by leaving out one sample after the other (the jackknife; Efron & Stein 1981): deterministic, and for any
 * statistic that can be had without sample i.
 */

/** A number and its 95 % confidence interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** value ± t · se with se² = (M − 1)/M Σ_i (θ_(i) − θ_(·))², θ_(i) the statistic without sample i. */
export function jackknife(value: number, count: number, without: (i: number) => number): Estimate {
  let mean = 0;
  for (let i = 0; i < count; i++) mean += without(i) / count;
  let squares = 0;
  for (let i = 0; i < count; i++) squares += (without(i) - mean) * (without(i) - mean);
  const half = studentQuantile(count - 1) * Math.sqrt((squares * (count - 1)) / count);
  return { value, low: value - half, high: value + half };
}

/** The 97.5 % point of Student's t with ν ≥ 3 degrees of freedom, to 1 % (Abramowitz & Stegun 26.7.5). */
export function studentQuantile(freedom: number): number {
  const z = 1.959963984540054;
  const z2 = z * z;
  const first = (z * (z2 + 1)) / 4;
  const second = (z * ((5 * z2 + 16) * z2 + 3)) / 96;
  const third = (z * (((3 * z2 + 19) * z2 + 17) * z2 - 15)) / 384;
  return z + first / freedom + second / (freedom * freedom) + third / (freedom * freedom * freedom);
}
