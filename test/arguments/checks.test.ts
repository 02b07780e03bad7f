/** Tables of checks: what passes, and what the errors say. */

import { describe, expect, test } from "vitest";
import * as checks from "../../src/arguments/checks.ts";
import { AscentError } from "../../src/errors.ts";

const { checkArgument, checkArguments, checkOptions } = checks;

function problemOf(body: () => void) {
  try {
    body();
  } catch (error) {
    expect(error).toBeInstanceOf(AscentError);
    const { code, problem } = error as AscentError;
    return { code, ...problem };
  }
  return undefined;
}

describe("what passes", () => {
  class Game {}
  const strange = ["1", 1n, Number.NaN, true, null, [], {}, () => 1, Game, Promise.resolve()];
  test.each<[string, checks.Check, unknown[], unknown[]]>([
    ["wholeNumber", checks.wholeNumber(1, 9), [1, 9], [0, 10, 1.5, Infinity, ...strange]],
    ["seed", checks.seed, [0, 2 ** 53 - 1], [-1, 2 ** 53, 0.5, ...strange]],
    ["share", checks.share, [0, 0.5, 1], [-0.1, 1.1, ...strange]],
    ["finiteNumber", checks.finiteNumber, [0, -3.5], [Infinity, ...strange]],
    ["above", checks.above(0), [1, Infinity], [0, -1, ...strange]],
    ["trueOrFalse", checks.trueOrFalse, [true, false], [0, 1, "true"]],
    ["callback", checks.callback, [() => 1, async () => 1], [Game, {}, "f"]],
    ["numbers", checks.numbers, [[1], new Int8Array(1)], ["12", 1, new BigInt64Array(1), { length: 1 }]],
    ["floats", checks.floats, [new Float32Array(1), new Float64Array(1)], [[1], new Int32Array(1)]],
    ["signal", checks.signal, [new AbortController().signal], [new AbortController(), true]],
    ["oneOf", checks.oneOf(["a", "b"]), ["a"], ["c", 1]],
    ["listOf", checks.listOf(checks.text, "texts"), [["a"], []], [["a", 1], "a"]],
  ])("%s", (_, check, good, bad) => {
    for (const value of good) expect([value, check.fits(value)]).toEqual([value, true]);
    for (const value of bad) expect([value, check.fits(value)]).toEqual([value, false]);
  });

  test("optional ones may be left out, others may not", () => {
    expect(problemOf(() => checkArgument("f: x", checks.optional(checks.text), undefined))).toBeUndefined();
    expect(problemOf(() => checkArgument("f: x", checks.text, undefined))).toMatchObject({ got: "nothing" });
    expect(problemOf(() => checkArgument("f: x", checks.optional(checks.text), null))).toMatchObject({ got: "null" });
  });
});

describe("errors", () => {
  test("say what was got, what was expected and what to write", () => {
    const table = { count: checks.wholeNumber(1), build: checks.optional(checks.oneOf(["simd", "fma"])) };
    expect(problemOf(() => checkArguments("make", table, { count: "2", build: "simd" }))).toEqual({
      code: "option",
      what: "make: count",
      got: '"2"',
      expected: "a whole number ≥ 1",
      fix: "Give a whole number ≥ 1.",
    });
    expect(problemOf(() => checkArguments("make", table, { count: 2, build: "smid" }))?.fix).toMatch(
      /^Did you mean "simd"\? Give one of simd, fma\.$/,
    );
  });

  test("name the nearest key, and where a key belongs", () => {
    const table = { steps: checks.optional(checks.wholeNumber(1)), seed: checks.optional(checks.seed) };
    const inside = { options: ["learningRate"] };
    const fixOf = (given: unknown) => problemOf(() => checkOptions("train", table, given, inside))?.fix;
    expect(fixOf({ stpes: 5 })).toContain('Did you mean "steps"?');
    expect(fixOf({ maxSteps: 5 })).toContain('Did you mean "steps"?');
    expect(fixOf({ learningRate: 5 })).toBe("Write it inside options: { learningRate: … }.");
    expect(fixOf({ learning_rate: 5 })).toContain('Did you mean "learningRate"?');
    expect(fixOf({ colour: 5 })).toBe("Correct its name, or leave it out.");
    expect(fixOf({ stpes: undefined, steps: undefined, seed: 3 })).toBeUndefined();
    expect(problemOf(() => checkOptions("train", table, { stpes: "5" }))?.got).toBe('stpes: "5"');
  });

  test.each([null, 5, "x", [1], Promise.resolve({})])("%s is no object of options", (given) => {
    expect(problemOf(() => checkOptions("train", { steps: checks.anything }, given))).toMatchObject({
      expected: "an object with any of steps",
    });
  });
});
