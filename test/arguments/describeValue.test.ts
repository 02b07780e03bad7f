/** Values in errors look like what they are. */

import { describe, expect, test } from "vitest";
import { describeValue } from "../../src/arguments/describeValue.ts";

class Game {}

describe("a value is described as what it is", () => {
  test.each<[unknown, string]>([
    ["1", '"1"'],
    [1, "1"],
    [1n, "1n"],
    [Number.NaN, "NaN"],
    [-0, "-0"],
    [true, "true"],
    [undefined, "nothing"],
    [null, "null"],
    [Symbol("x"), "Symbol(x)"],
    [[], "[]"],
    [[1, "a", [2]], '[1, "a", [2]]'],
    [{}, "{}"],
    [{ kind: "linear", to: 1n }, '{ kind: "linear", to: 1n }'],
    [new Float32Array(3), "a Float32Array of 3"],
    [new DataView(new ArrayBuffer(2)), "a DataView"],
    [new Array(1000).fill(0), "an array of 1000"],
    [Promise.resolve(1), "a Promise"],
    [Game, "class Game"],
    [new Game(), "a Game"],
    [() => 1, "a function"],
    [function named() {}, "a function named"],
    [new Map(), "a Map"],
    [new Error("x"), "an Error"],
    [Object.create(null), "{}"],
    ["x".repeat(100), `"${"x".repeat(60)}"…`],
  ])("%s", (value, text) => {
    expect(describeValue(value)).toBe(text);
  });

  test("shortly, and without going round in circles", () => {
    const circle: Record<string, unknown> = { name: "x".repeat(70) };
    circle["self"] = circle;
    const nested = { a: { b: { c: 1 } }, list: [[[1]]], made: new Game() };
    expect(describeValue(circle)).toBe("an object with name, self");
    expect(describeValue(nested)).toBe("{ a: an object, list: an array of 1, made: a Game }");
    const wide = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`key${i}`, i]));
    expect(describeValue(wide)).toBe("an object with key0, key1, key2, key3, key4, key5, …");
  });

  test("objects whole up to twelve short members, else by the names of six", () => {
    const members = (count: number, value: unknown) =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, value]));
    const long = "x".repeat(40);
    expect(describeValue(members(6, long))).toBe("an object with k0, k1, k2, k3, k4, k5");
    expect(describeValue(members(7, long))).toBe("an object with k0, k1, k2, k3, k4, k5, …");
    expect(describeValue(members(6, 1))).toBe("{ k0: 1, k1: 1, k2: 1, k3: 1, k4: 1, k5: 1 }");
    expect(describeValue(members(13, 1))).toBe("an object with k0, k1, k2, k3, k4, k5, …");
  });
});
