/** Mean and 95 % interval of a few numbers, by the bootstrap (percentile, 10,000 resamples, fixed seed). */

import type { Estimate } from "../../src/numerics/jackknife.ts";
import { RandomStream } from "../../src/random/index.ts";

export interface Summary extends Estimate {
  worst: number;
}

/** @param values one for each seed. */
export function summarise(values: readonly number[]): Summary {
  const mean = (list: readonly number[]) => list.reduce((a, b) => a + b, 0) / list.length;
  const random = new RandomStream(20260101, 1024);
  const means = Float64Array.from({ length: 10_000 }, () =>
    mean(values.map(() => values[random.integer(values.length)])),
  ).sort();
  return { value: mean(values), low: means[250], high: means[9749], worst: Math.min(...values) };
}
