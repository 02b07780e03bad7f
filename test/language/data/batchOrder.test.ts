import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { batchOrder, type OrderedBatch } from "../../../src/language/data/batchOrder.ts";
import { bucketLengths, bucketOf } from "../../../src/language/data/buckets.ts";

const someLengths = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 40 });

const paddingOf = (lengths: readonly number[], buckets: readonly number[]) =>
  lengths.reduce((sum, length) => sum + buckets[bucketOf(length, buckets)] - length, 0);

/** All ways to choose at most `count` of some numbers. */
function* choices(from: readonly number[], count: number): Generator<number[]> {
  yield [];
  if (count === 0) return;
  for (let i = 0; i < from.length; i++)
    for (const rest of choices(from.slice(i + 1), count - 1)) yield [from[i], ...rest];
}

describe("bucketLengths", () => {
  test("few lengths of which the longest row fits the last", () => {
    expect(bucketLengths([3, 3, 4, 17, 18, 60], { buckets: 3, multipleOf: 4 })).toEqual([4, 20, 60]);
    expect(bucketLengths([5], { buckets: 3 })).toEqual([8]);
    expect(bucketLengths([])).toEqual([]);
  });

  test("a context that is no multiple is a bucket of its own", () => {
    expect(bucketLengths([8, 30], { buckets: 2, multipleOf: 8, longest: 30 })).toEqual([8, 30]);
    expect(() => bucketLengths([8, 31], { longest: 30 })).toThrow("Row 1 is longer");
  });

  test("no choice of as many lengths wastes less", () => {
    const few = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(few, fc.integer({ min: 1, max: 3 }), (lengths, buckets) => {
        const found = bucketLengths(lengths, { buckets, multipleOf: 1 });
        expect(found.length).toBeLessThanOrEqual(buckets);
        const longest = Math.max(...lengths);
        const others = [...new Set(lengths)].filter((length) => length !== longest).sort((a, b) => a - b);
        const least = Math.min(
          ...[...choices(others, buckets - 1)].map((some) => paddingOf(lengths, [...some, longest])),
        );
        expect(paddingOf(lengths, found)).toBe(least);
      }),
      { seed: 4, numRuns: 60 },
    );
  });
});

const epochOf = (order: { batchesPerEpoch: number; next(): OrderedBatch }) =>
  Array.from({ length: order.batchesPerEpoch }, () => order.next());

describe("batchOrder", () => {
  test("every row once an epoch, in batches of which one at most is not full, and none too short for its rows", () => {
    fc.assert(
      fc.property(
        someLengths,
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 4 }),
        (lengths, rows, buckets) => {
          const order = batchOrder(lengths, { rows, seed: 1, buckets });
          for (const epoch of [0, 1]) {
            const batches = epochOf(order);
            expect(batches.every((batch) => batch.epoch === epoch)).toBe(true);
            const seen = batches.flatMap((batch) => [...batch.rows]).sort((a, b) => a - b);
            expect(seen).toEqual([...lengths.keys()]);
            expect(batches.filter((batch) => batch.rows.length < rows).length).toBeLessThanOrEqual(1);
            for (const batch of batches) {
              expect(order.lengths).toContain(batch.length);
              expect(batch.rows.every((row) => lengths[row] <= batch.length)).toBe(true);
            }
          }
          expect(order.position()).toEqual({ epoch: 2, batch: 0 });
        },
      ),
      { seed: 5 },
    );
  });

  test("the same seed, the same order; another seed or epoch, another", () => {
    const lengths = Array.from({ length: 50 }, (_, i) => 1 + (i % 17));
    const first = batchOrder(lengths, { rows: 4, seed: 7 });
    const epochs = [epochOf(first), epochOf(first)];
    const again = batchOrder(lengths, { rows: 4, seed: 7 });
    expect([epochOf(again), epochOf(again)]).toEqual(epochs);
    expect(epochOf(batchOrder(lengths, { rows: 4, seed: 8 }))).not.toEqual(epochs[0]);
    expect(epochs[1].map((batch) => batch.rows)).not.toEqual(epochs[0].map((batch) => batch.rows));
  });

  test("batches of all lengths are mixed: short rows do not come first in every epoch", () => {
    const lengths = Array.from({ length: 60 }, (_, i) => 1 + i);
    const order = batchOrder(lengths, { rows: 5, seed: 3 });
    const ascending = [0, 1, 2].map(() => {
      const batches = epochOf(order);
      return batches.every((batch, i) => i === 0 || batch.length >= batches[i - 1].length);
    });
    expect(ascending).toEqual([false, false, false]);
  });

  test("goes on from a position as if it had not stopped", () => {
    const lengths = Array.from({ length: 23 }, (_, i) => 1 + ((i * 5) % 19));
    const whole = batchOrder(lengths, { rows: 3, seed: 2 });
    const all = [...epochOf(whole), ...epochOf(whole), ...epochOf(whole)];
    for (let at = 0; at < all.length; at++) {
      const before = batchOrder(lengths, { rows: 3, seed: 2 });
      for (let i = 0; i < at; i++) before.next();
      const after = batchOrder(lengths, { rows: 3, seed: 2 });
      after.moveTo(JSON.parse(JSON.stringify(before.position())) as { epoch: number; batch: number });
      expect(after.next()).toEqual(all[at]);
    }
  });

  test("without shuffling rows keep their order within a bucket", () => {
    const order = batchOrder([3, 20, 4, 21, 5], { rows: 2, seed: 0, shuffle: false, buckets: 2 });
    expect(epochOf(order).map(({ rows, length }) => [[...rows], length])).toEqual([
      [[0, 2], 8],
      [[4, 1], 24],
      [[3], 24],
    ]);
  });

  test("places that are not there, and no rows, are refused", () => {
    const order = batchOrder([1, 2, 3], { rows: 2, seed: 0 });
    expect(() => order.moveTo({ epoch: 0, batch: 2 })).toThrow("got epoch 0, batch 2");
    expect(() => order.moveTo({ epoch: 0.5, batch: 0 })).toThrow("epoch 0.5");
    expect(() => batchOrder([], { rows: 2, seed: 0 })).toThrow("There is nothing to learn from");
  });
});
