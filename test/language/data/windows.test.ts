import fc from "fast-check";
import { expect, test } from "vitest";
import { scoredTokens } from "../../../src/language/data/rows.ts";
import { tokenWindows } from "../../../src/language/data/windows.ts";

test("stretches that share one token", () => {
  const rows = tokenWindows([1, 2, 3, 4, 5, 6], 3);
  expect([0, 1, 2].map((row) => rows.at(row)!.completion)).toEqual([
    [1, 2, 3],
    [3, 4, 5],
    [5, 6],
  ]);
  expect([rows.length, rows.at(-1)!.completion, rows.at(3), rows.at(0.5)]).toEqual([3, [5, 6], undefined, undefined]);
});

test("every token but the first is predicted once", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 60 }), fc.integer({ min: 2, max: 12 }), (count, length) => {
      const rows = tokenWindows(
        Int32Array.from({ length: count }, (_, i) => i),
        length,
      );
      const predicted: number[] = [];
      for (let row = 0; row < rows.length; row++) {
        const { prompt, completion } = rows.at(row)!;
        expect(scoredTokens(prompt.length, completion.length)).toBeGreaterThan(0);
        expect(completion.length).toBeLessThanOrEqual(length);
        predicted.push(...completion.slice(1));
      }
      expect(predicted).toEqual(Array.from({ length: count - 1 }, (_, i) => i + 1));
    }),
    { seed: 8 },
  );
});

test("a text of one token is refused", () => {
  expect(() => tokenWindows([1], 4)).toThrow("got one token");
});
