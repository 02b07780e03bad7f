/** Short numbers, the width of words, lines of them, and SVG as text. */
import { expect, test } from "vitest";
import { compactNumber } from "../../src/charts/index.ts";
import { element, escaped, pathThrough, tenths } from "../../src/charts/svg.ts";
import { textWidth, wrapped } from "../../src/charts/textSize.ts";

test.each([
  [0, "0"],
  [-0, "0"],
  [0.001, "0.001"],
  [0.00099951, "1e-3"],
  [0.000999, "9.99e-4"],
  [0.00123, "0.00123"],
  [-0.0005, "-5e-4"],
  [999.4, "999"],
  [999.6, "1k"],
  [1000, "1k"],
  [1234567, "1.23M"],
  [999_999, "1M"],
  [-2.5e9, "-2.5G"],
  [7e12, "7T"],
  [999e12, "999T"],
  [1e15, "1e+15"],
  [1.5e16, "1.5e+16"],
  [Number.NaN, "NaN"],
])("%d is %s", (value, words) => {
  expect(compactNumber(value)).toBe(words);
});

test("as many digits as are asked for", () => {
  expect([1, 2, 5].map((digits) => compactNumber(12_345.678, digits))).toEqual(["10k", "12k", "12.346k"]);
  expect([1, 2, 4].map((digits) => compactNumber(1.2345e-5, digits))).toEqual(["1e-5", "1.2e-5", "1.234e-5"]);
});

test("no more digits than a number has, and at least one", () => {
  expect(compactNumber(1 / 3, 15)).toBe("0.333333333333333");
  for (const digits of [0, 16, 101, 1.5])
    expect(() => compactNumber(1, digits)).toThrow(expect.objectContaining({ name: "AscentError" }));
});

test("widths of words: by character, by size, bolder wider", () => {
  expect(textWidth("", 10)).toBe(0);
  expect(textWidth("a", 10)).toBeCloseTo(6, 12);
  expect(textWidth("il", 10)).toBeCloseTo(5.6, 12);
  expect(textWidth("a b", 10)).toBeCloseTo(15.6, 12);
  expect(textWidth("mW", 10)).toBeCloseTo(18, 12);
  expect(textWidth("Ax", 10)).toBeCloseTo(12.2, 12);
  expect(textWidth("ab", 20, true)).toBeCloseTo(24 * 1.07, 12);
});

test("lines are as long as there is room, a word that is longer has its own, breaks stay", () => {
  // Each of these words is 24 pixels, a space 3.6.
  const size = 10;
  expect(wrapped("aaaa bbbb dddd", 51.7, size)).toEqual(["aaaa bbbb", "dddd"]);
  expect(wrapped("aaaa bbbb dddd", 51.5, size)).toEqual(["aaaa", "bbbb", "dddd"]);
  expect(wrapped("aaaa bbbb", 10, size)).toEqual(["aaaa", "bbbb"]);
  expect(wrapped("aaaa\nbbbb dddd", 500, size)).toEqual(["aaaa", "bbbb dddd"]);
  expect(wrapped("aaaa bbbb", 52, size, true)).toEqual(["aaaa", "bbbb"]);
});

test("SVG: numbers to a tenth, what is undefined left out, words escaped", () => {
  expect([0.25, -0.04, 1.249, -3.15].map(tenths)).toEqual([0.3, 0, 1.2, -3.1]);
  expect(Object.is(tenths(-0.01), 0)).toBe(true);
  expect(element("a", { x: 1.26, y: undefined, name: 'q"' })).toBe('<a x="1.3" name="q&quot;"/>');
  expect(element("a", {}, "b", "c")).toBe("<a>bc</a>");
  expect(escaped('<&>"')).toBe("&lt;&amp;&gt;&quot;");
  expect(
    pathThrough([
      [1, 2, 3, 4],
      [5, 6],
    ]),
  ).toBe("M1 2L3 4M5 6");
  expect(pathThrough([[1, 2, 3, 4]], true)).toBe("M1 2L3 4Z");
});
