/** Texts of the command line as numbers. */
import { InvalidArgumentError } from "commander";
import { expect, test } from "vitest";
import { addSetting, nonNegative, wholeNumber } from "../../src/cli/arguments.ts";

test.each([
  ["0", 0],
  ["1e-6", 1e-6],
  [" 2.5 ", 2.5],
  ["Infinity", Number.POSITIVE_INFINITY],
])("%j is a number of 0 or more", (text, value) => {
  expect(nonNegative(text)).toBe(value);
});

test.each(["", "  ", "-1", "x", "NaN"])("%j is none", (text) => {
  expect(() => nonNegative(text)).toThrow(InvalidArgumentError);
});

test.each([
  ["1", 1],
  ["1e5", 100_000],
  ["100_000", 100_000],
])("%j is a whole number of 1 or more", (text, value) => {
  expect(wholeNumber(1)(text)).toBe(value);
});

test.each(["", " ", "0", "1.5", "_", "1_", "-3", "1e400"])("%j is no whole number of 1 or more", (text) => {
  expect(() => wholeNumber(1)(text)).toThrow(InvalidArgumentError);
});

test("a setting is cut at its first =", () => {
  expect(addSetting("name = a=b", { gamma: 1 })).toEqual({ gamma: 1, name: "a=b" });
});
