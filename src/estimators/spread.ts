/** Mean and spread of a list, such that neither an offset nor equal numbers leave rounding behind. */

export interface Spread {
  readonly mean: number;
  /** Σ (x − mean)², 0 exactly where all numbers are equal. */
  readonly squares: number;
}

/**
 * Two passes over distances from the first number, which are exact where a sum of large numbers would round.
 *
 * @param at the number at an index from 0 to count − 1; called twice for each.
 */
export function spreadOf(count: number, at: (i: number) => number): Spread {
  const origin = at(0);
  let shift = 0;
  for (let i = 1; i < count; i++) shift += at(i) - origin;
  shift /= count;
  let squares = 0;
  for (let i = 0; i < count; i++) squares += (at(i) - origin - shift) * (at(i) - origin - shift);
  return { mean: origin + shift, squares };
}
