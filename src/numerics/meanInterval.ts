/**
 * The mean of a few numbers, such as one a seed, with its 95 % t interval; and the same of paired differences, from which all is
 * gone that a seed does to both alike. Student (1908): exact for normal values, and the custom for any others.
 */
import { checkArgument, checkArguments, numbers } from "../arguments/checks.ts";
import type { Estimate } from "./jackknife.ts";
import { studentQuantile } from "./studentQuantile.ts";

/** A mean and its interval; the bounds are NaN for a single value, which says nothing of chance. */
export interface MeanInterval extends Estimate {
  /** How many values it is the mean of. */
  readonly count: number;
}

/** mean ± t s/√n with t of n − 1 degrees of freedom and s the sample deviation (divided by n − 1). NaN for no values. */
export function meanInterval(values: ArrayLike<number>): MeanInterval {
  checkArgument("meanInterval: values", numbers, values);
  const count = values.length;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[i];
  const value = sum / count;
  let squares = 0;
  for (let i = 0; i < count; i++) squares += (values[i] - value) * (values[i] - value);
  const half = studentQuantile(count - 1) * Math.sqrt(squares / (count - 1) / count);
  return { value, low: value - half, high: value + half, count };
}

/**
 * The interval of the mean of a_i − b_i.
 *
 * @param a, b one value for each pair, such as a seed; as many in both.
 */
export function pairedDifference(a: ArrayLike<number>, b: ArrayLike<number>): MeanInterval {
  checkArguments("pairedDifference", { a: numbers, b: numbers }, { a, b });
  return meanInterval(Array.from({ length: Math.min(a.length, b.length) }, (_, i) => a[i] - b[i]));
}

/** Whether all of an interval lies on one side of 0. */
export function excludesZero({ low, high }: Pick<Estimate, "low" | "high">): boolean {
  return low > 0 || high < 0;
}
