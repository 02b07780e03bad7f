/** The few sizes that programs are compiled for: shapes are static, and every size costs memory. */

/** first, 2 · first, 4 · first … below `most`, and `most`. */
export function doublingTo(first: number, most: number): number[] {
  const sizes: number[] = [];
  for (let size = first; size < most; size *= 2) sizes.push(size);
  return [...sizes, most];
}

/** The smallest of ascending sizes that holds so many; the last where none does. */
export function sizeFor(sizes: readonly number[], count: number): number {
  for (let i = 0; i < sizes.length; i++) if (sizes[i] >= count) return sizes[i];
  return sizes[sizes.length - 1];
}

/**
 * Rows at a time that take one token each: a matrix product takes four rows in the time of one, so there is 1 and then
 * multiples of 4.
 */
export function rowSizes(rows: number): number[] {
  return rows === 1 ? [1] : [1, ...doublingTo(4, 4 * Math.ceil(rows / 4))];
}

/** Below this a product is narrow and sums in another order; numbers must not depend on what a prompt is padded to. */
const SHORTEST = 8;

/** Lengths that prompts are padded to. */
export function promptSizes(longest: number, contextLength: number): number[] {
  const sizes = doublingTo(SHORTEST, 2 ** Math.ceil(Math.log2(Math.max(longest, SHORTEST))));
  return [...new Set(sizes.map((size) => Math.min(size, contextLength)))];
}
