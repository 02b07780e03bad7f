/** What episodes brought, in four numbers. */

import { spreadOf } from "./spread.ts";

export interface ReturnSummary {
  mean: number;
  /** Divisor n − 1; 0 of one episode. */
  sd: number;
  min: number;
  max: number;
}

/** @param returns of at least one episode. */
export function summarise(returns: readonly number[]): ReturnSummary {
  const n = returns.length;
  const { mean, squares } = spreadOf(n, (i) => returns[i]);
  const sd = n > 1 ? Math.sqrt(squares / (n - 1)) : 0;
  // Not Math.min(...returns): a call takes so many arguments only.
  const min = returns.reduce((a, b) => Math.min(a, b));
  return { mean, sd, min, max: returns.reduce((a, b) => Math.max(a, b)) };
}
