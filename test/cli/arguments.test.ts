/** Texts of the command line as numbers. */
import { InvalidArgumentError } from "commander";
import { expect, test } from "vitest";
import { addChange, addSetting, nonNegative, wholeNumber } from "../../src/cli/arguments.ts";

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

test("a change is a step and its settings; the same step again adds to it", () => {
  const first = addChange("2e4:learningRate=linear:1e-3:1e-4,clipRange=0.1");
  expect(first).toEqual([{ atStep: 20000, options: { learningRate: "linear:1e-3:1e-4", clipRange: 0.1 } }]);
  const second = addChange("20_000:targetKl=null", first);
  expect(second).toEqual([{ atStep: 20000, options: { ...first[0].options, targetKl: null } }]);
  const steps = '{"kind":"steps","from":1e-3,"milestones":[[0.5,1e-4]]}';
  expect(addChange(`30000:learningRate=${steps},gamma=0.9`, second)[1]).toEqual({
    atStep: 30000,
    options: { learningRate: JSON.parse(steps), gamma: 0.9 },
  });
  for (const text of ["learningRate=3", "-1:a=1", "x:a=1", "3:", "3:a", ":a=1"]) {
    expect(() => addChange(text), text).toThrow(/It must be/);
  }
});
