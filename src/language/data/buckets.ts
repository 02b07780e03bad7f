/**
 * A few static lengths for rows of many lengths: programs are compiled for a shape, so a batch is padded to one of these. Which
 * lengths waste least is found exactly, by dynamic programming over the lengths there are.
 */

import {
  checkArguments,
  checkOptions,
  numbers,
  type OptionChecks,
  optional,
  wholeNumber,
} from "../../arguments/checks.ts";
import { describeValue } from "../../arguments/describeValue.ts";
import { AscentError } from "../../errors.ts";

export interface BucketOptions {
  /** How many different lengths at most. Default 4. */
  buckets?: number;
  /** Lengths are multiples of this, but the longest. Default 8. */
  multipleOf?: number;
  /** No bucket is longer (a model's context). Default: none. */
  longest?: number;
}

const optionChecks: OptionChecks<BucketOptions> = {
  buckets: optional(wholeNumber(1, 64)),
  multipleOf: optional(wholeNumber(1)),
  longest: optional(wholeNumber(1)),
};

/**
 * The lengths of buckets, ascending, such that every row fits into one and the padding Σ (bucket − length) is the least that
 * so many buckets allow.
 *
 * @param lengths of the rows, each ≥ 1.
 * @returns at most `buckets` lengths; none for no rows.
 * @throws AscentError "shape" for a row longer than `longest`.
 */
export function bucketLengths(lengths: ArrayLike<number>, options: BucketOptions = {}): number[] {
  checkArguments("bucketLengths", { lengths: numbers }, { lengths });
  checkOptions("bucketLengths", optionChecks, options);
  const { buckets = 4, multipleOf = 8, longest = Infinity } = options;
  const counts = new Map<number, number>();
  for (let row = 0; row < lengths.length; row++) {
    const length = lengths[row];
    if (length > longest) throw tooLong(row, length, longest);
    const end = Math.min(Math.ceil(length / multipleOf) * multipleOf, longest);
    counts.set(end, (counts.get(end) ?? 0) + 1);
  }
  const ends = [...counts.keys()].sort((a, b) => a - b);
  return leastPadding(
    ends,
    ends.map((end) => counts.get(end)!),
    Math.min(buckets, ends.length),
  );
}

/**
 * The number of the shortest bucket that a row fits into.
 *
 * @throws AscentError "shape" where none is long enough.
 */
export function bucketOf(length: number, buckets: readonly number[]): number {
  const bucket = buckets.findIndex((end) => length <= end);
  if (bucket >= 0) return bucket;
  throw tooLong(undefined, length, buckets.at(-1) ?? 0);
}

/** best[j] of k buckets over the first j lengths = min over i of best[i] of k − 1 plus what lengths i … j − 1 take in one of length ends[j − 1]. */
function leastPadding(ends: readonly number[], counts: readonly number[], buckets: number): number[] {
  const rowsBefore = [0];
  for (const count of counts) rowsBefore.push(rowsBefore[rowsBefore.length - 1] + count);
  let best = ends.map((_, j) => rowsBefore[j + 1] * ends[j]);
  const cuts: number[][] = [];
  for (let k = 1; k < buckets; k++) {
    const next = best.slice();
    const cut = ends.map(() => 0);
    for (let j = 1; j < ends.length; j++) {
      for (let i = 1; i <= j; i++) {
        const cost = best[i - 1] + (rowsBefore[j + 1] - rowsBefore[i]) * ends[j];
        if (cost >= next[j]) continue;
        next[j] = cost;
        cut[j] = i;
      }
    }
    cuts.push(cut);
    best = next;
  }
  const chosen: number[] = [];
  for (let j = ends.length - 1, k = cuts.length; j >= 0; k--) {
    chosen.unshift(ends[j]);
    j = (k > 0 ? cuts[k - 1][j] : 0) - 1;
  }
  return chosen;
}

function tooLong(row: number | undefined, length: number, longest: number): AscentError {
  return new AscentError("shape", {
    what:
      row === undefined ? "A row is longer than every bucket" : `Row ${row} is longer than the longest bucket may be`,
    got: `${describeValue(length)} tokens`,
    expected: `at most ${longest}`,
    fix: "Truncate rows to maxLength when they are read.",
  });
}
