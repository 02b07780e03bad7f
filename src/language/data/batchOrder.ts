/**
 * The order in which batches go through a set of rows, epoch by epoch: a function of the seed, the epoch and the rows' lengths
 * alone, so that the place in it is two numbers that a checkpoint holds. Rows of a batch share a bucket of length.
 */

import {
  checkArguments,
  checkOptions,
  numbers,
  type OptionChecks,
  optional,
  seed,
  trueOrFalse,
  wholeNumber,
} from "../../arguments/checks.ts";
import { describeValue } from "../../arguments/describeValue.ts";
import { AscentError } from "../../errors.ts";
import { RandomStream } from "../../random/stream.ts";
import { streams } from "../../random/streams.ts";
import { type BucketOptions, bucketLengths, bucketOf } from "./buckets.ts";

export interface BatchOrderOptions extends BucketOptions {
  /** Rows of a batch, or preferences. */
  rows: number;
  seed: number;
  /** Default true. False goes through the rows in their own order within each bucket, from the shortest bucket on. */
  shuffle?: boolean;
}

/** Where an order is: the batch that `next()` gives. */
export interface BatchPosition {
  epoch: number;
  batch: number;
}

export interface OrderedBatch {
  /** Numbers of the rows; fewer than `rows` only in the last batch of the rows of the longest bucket. */
  readonly rows: Int32Array;
  /** Tokens that each row is padded to. */
  readonly length: number;
  readonly epoch: number;
}

export interface BatchOrder {
  readonly batchesPerEpoch: number;
  /** The different lengths, ascending. */
  readonly lengths: readonly number[];
  next(): OrderedBatch;
  position(): BatchPosition;
  /** @throws AscentError "state" for a place that these batches do not have. */
  moveTo(position: BatchPosition): void;
}

const optionChecks: OptionChecks<BatchOrderOptions> = {
  rows: wholeNumber(1),
  seed,
  shuffle: optional(trueOrFalse),
  buckets: optional(wholeNumber(1, 64)),
  multipleOf: optional(wholeNumber(1)),
  longest: optional(wholeNumber(1)),
};

/**
 * Every row once an epoch. What is left over in a bucket after its full batches goes into the next longer one, so that at most
 * one batch of an epoch is not full.
 *
 * @param rowLengths tokens of each row, prompt and completion together (of a preference, of its longer side); at least one row.
 * @throws AscentError "shape" for no rows, or one longer than `longest`.
 */
export function batchOrder(rowLengths: ArrayLike<number>, options: BatchOrderOptions): BatchOrder {
  checkArguments("batchOrder", { rowLengths: numbers }, { rowLengths });
  checkOptions("batchOrder", optionChecks, options);
  const { rows, seed: runSeed, shuffle = true, buckets, multipleOf, longest } = options;
  if (rowLengths.length === 0) {
    throw new AscentError("shape", {
      what: "There is nothing to learn from",
      got: "no rows",
      expected: "at least one row",
      fix: "See in the report of the data what was left out, and why.",
    });
  }
  const lengths = bucketLengths(rowLengths, { buckets, multipleOf, longest });
  const members: number[][] = lengths.map(() => []);
  for (let row = 0; row < rowLengths.length; row++) members[bucketOf(rowLengths[row], lengths)].push(row);
  const batchesPerEpoch = Math.ceil(rowLengths.length / rows);

  let position: BatchPosition = { epoch: 0, batch: 0 };
  let planned: { epoch: number; batches: readonly Omit<OrderedBatch, "epoch">[] } | undefined;

  const planOf = (epoch: number) => {
    if (planned?.epoch === epoch) return planned.batches;
    const random = shuffle ? new RandomStream(runSeed, streams.textOrder, epoch) : undefined;
    const batches: Omit<OrderedBatch, "epoch">[] = [];
    let left: Int32Array = new Int32Array(0);
    members.forEach((bucket, index) => {
      const own = Int32Array.from(bucket);
      random?.shuffle(own);
      // Those left over from shorter rows first: they have waited.
      const all = new Int32Array(left.length + own.length);
      all.set(left);
      all.set(own, left.length);
      const full = index === members.length - 1 ? all.length : all.length - (all.length % rows);
      for (let from = 0; from < full; from += rows)
        batches.push({ rows: all.slice(from, Math.min(from + rows, full)), length: lengths[index] });
      left = all.slice(full);
    });
    const order = Int32Array.from(batches.keys());
    random?.shuffle(order);
    planned = { epoch, batches: Array.from(order, (index) => batches[index]) };
    return planned.batches;
  };

  return {
    batchesPerEpoch,
    lengths,
    next() {
      const { epoch, batch } = position;
      const given = planOf(epoch)[batch];
      position = batch + 1 < batchesPerEpoch ? { epoch, batch: batch + 1 } : { epoch: epoch + 1, batch: 0 };
      return { ...given, epoch };
    },
    position: () => ({ ...position }),
    moveTo({ epoch, batch }) {
      const isThere = Number.isSafeInteger(epoch) && epoch >= 0 && Number.isSafeInteger(batch) && batch >= 0;
      if (!isThere || batch >= batchesPerEpoch) {
        throw new AscentError("state", {
          what: "A place in the order of batches",
          got: `epoch ${describeValue(epoch)}, batch ${describeValue(batch)}`,
          expected: `an epoch from 0 and a batch from 0 to ${batchesPerEpoch - 1}`,
          fix: "Go on with the data and the batch size that the run began with.",
        });
      }
      position = { epoch, batch };
    },
  };
}
