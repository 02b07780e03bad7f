import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  completionTokens,
  makeSequenceBatch,
  splitBatch,
  writePreferences,
  writeRows,
} from "../../../src/language/data/batches.ts";
import { type PromptCompletion, scoredTokens, unpairPreferences } from "../../../src/language/data/rows.ts";

const ids = (maxLength: number) => fc.array(fc.integer({ min: 1, max: 90 }), { maxLength });
const row = fc.record({ prompt: ids(5), completion: ids(6) }) satisfies fc.Arbitrary<PromptCompletion>;

describe("writeRows", () => {
  test("prompt and completion side by side, padding on the right", () => {
    const batch = writeRows(
      [
        { prompt: [5, 6], completion: [7, 2] },
        { prompt: [], completion: [8, 9, 2] },
      ],
      0,
      makeSequenceBatch(3, 5),
    );
    expect([...batch.tokens]).toEqual([5, 6, 7, 2, 0, 8, 9, 2, 0, 0, 0, 0, 0, 0, 0]);
    expect([...batch.completionMask]).toEqual([0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0]);
  });

  test("an end of sequence that is the pad token too is learnt, padding is not", () => {
    const batch = writeRows([{ prompt: [5], completion: [6, 2] }], 2, makeSequenceBatch(1, 6));
    expect([...batch.tokens]).toEqual([5, 6, 2, 2, 2, 2]);
    expect([...batch.completionMask]).toEqual([0, 1, 1, 0, 0, 0]);
  });

  test("a batch that is written again keeps nothing of before", () => {
    const batch = writeRows([{ prompt: [5, 6], completion: [7, 2] }], 0, makeSequenceBatch(2, 4));
    writeRows([{ prompt: [3], completion: [4] }], 1, batch);
    expect([...batch.tokens]).toEqual([3, 4, 1, 1, 1, 1, 1, 1]);
    expect([...batch.completionMask]).toEqual([0, 1, 0, 0, 0, 0, 0, 0]);
  });

  test("masks count the tokens that predictions score, tokens come back, in every batch", () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 6 }), fc.integer({ min: 0, max: 3 }), (rows, more) => {
        const batch = writeRows(rows, 0, makeSequenceBatch(rows.length + 1, 11 + more));
        const wanted = rows.reduce((sum, one) => sum + scoredTokens(one.prompt.length, one.completion.length), 0);
        expect(completionTokens(batch)).toBe(wanted);
        rows.forEach(({ prompt, completion }, index) => {
          const from = index * batch.length;
          const whole = [...prompt, ...completion];
          expect([...batch.tokens.subarray(from, from + whole.length)]).toEqual(whole);
          expect(batch.tokens.subarray(from + whole.length, from + batch.length).every((id) => id === 0)).toBe(true);
        });
      }),
      { seed: 2 },
    );
  });

  test("rows that do not fit are named", () => {
    const batch = makeSequenceBatch(1, 3);
    const long = { prompt: [1, 1], completion: [1, 1] };
    expect(() => writeRows([long], 0, batch)).toThrow(
      "Row 0 does not fit into the batch: got 2 tokens of prompt and 2 of completion, expected at most 3 together",
    );
    expect(() => writeRows([{ prompt: [], completion: [1] }, long], 0, batch)).toThrow(
      "got 2 rows, expected at most 1",
    );
  });
});

describe("preferences", () => {
  const rows = [
    { prompt: [5], chosen: [6, 2], rejected: [7, 8, 2] },
    { prompt: [9, 9], chosen: [2], rejected: [4, 2] },
  ];

  test("chosen in the first half, rejected in the second, in the same order", () => {
    const batch = writePreferences(rows, 0, makeSequenceBatch(4, 4));
    expect([...batch.tokens]).toEqual([5, 6, 2, 0, 9, 9, 2, 0, 5, 7, 8, 2, 9, 9, 4, 2]);
    expect([...batch.completionMask]).toEqual([0, 1, 1, 0, 0, 0, 1, 0, 0, 1, 1, 1, 0, 0, 1, 1]);
  });

  test("need an even number of rows", () => {
    expect(() => writePreferences(rows, 0, makeSequenceBatch(5, 4))).toThrow("got 5 rows");
  });

  test("as unpaired rows", () => {
    expect(unpairPreferences(rows)).toEqual([
      { prompt: [5], completion: [6, 2], label: true },
      { prompt: [5], completion: [7, 8, 2], label: false },
      { prompt: [9, 9], completion: [2], label: true },
      { prompt: [9, 9], completion: [4, 2], label: false },
    ]);
  });
});

describe("a batch in parts", () => {
  // A loss of each token with a gradient of its own: w = Σ over tokens of token · mask / tokens of the batch.
  const meanOf = (tokens: Int32Array, mask: Float32Array, count: number) => {
    let sum = 0;
    tokens.forEach((token, i) => {
      sum += token * mask[i];
    });
    return sum / count;
  };

  test("gives what the whole gives, at every size of the parts, where means of means do not", () => {
    let differs = 0;
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 12 }), fc.constantFrom(1, 2, 3, 4, 6, 12), (rows, size) => {
        const batch = writeRows(rows, 0, makeSequenceBatch(12, 11));
        const count = completionTokens(batch);
        fc.pre(count > 0);
        const parts = splitBatch(batch, size, rows.length);
        expect(parts.length).toBe(12 / size);
        const whole = meanOf(batch.tokens, batch.completionMask, count);
        const sum = parts.reduce((all, part) => all + meanOf(part.tokens, part.completionMask, part.batchTokens), 0);
        expect(sum).toBeCloseTo(whole, 10);
        expect(parts.reduce((all, part) => all + part.filledRows, 0)).toBe(rows.length);
        expect(parts.every((part) => part.batchRows === rows.length && part.rows === size)).toBe(true);
        const means = parts.map((part) =>
          meanOf(part.tokens, part.completionMask, Math.max(completionTokens(part), 1)),
        );
        if (Math.abs(means.reduce((a, b) => a + b, 0) / parts.length - whole) > 1e-6) differs++;
      }),
      { seed: 3 },
    );
    expect(differs).toBeGreaterThan(10);
  });

  test("parts that are not of one size are refused", () => {
    expect(() => splitBatch(makeSequenceBatch(6, 2), 4)).toThrow("got 6 rows into parts of 4");
  });
});
