/** What a saved state is refused for, and how it is said; exact JSON at its edges; arrays of every class. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { decodeCheckpoint, encodeCheckpoint } from "../../src/files/checkpoint.ts";
import { formatCsv, parseCsv, parseCsvRecords } from "../../src/files/csv.ts";
import { copyExact, parseExact, stringifyExact } from "../../src/files/exactJson.ts";
import {
  anyNumber,
  numbers,
  orderOf,
  partsOfSnapshot,
  requireArrays,
  requireFit,
  requireForm,
  requireSame,
} from "../../src/files/savedState.ts";

describe("forms", () => {
  test("a list of so many finite numbers, and any number", () => {
    expect(numbers(2).safeParse([1, 2]).success).toBe(true);
    for (const bad of [[1], [1, 2, 3], [1, Number.NaN], [1, "2"]])
      expect(numbers(2).safeParse(bad).success).toBe(false);
    expect([Number.NaN, Number.POSITIVE_INFINITY, 0].map((x) => anyNumber.safeParse(x).success)).toEqual([
      true,
      true,
      true,
    ]);
    expect(anyNumber.safeParse("1").success).toBe(false);
  });

  test.each([
    [[2, 0, 1], true],
    [[0, 1], false],
    [[0, 1, 1], false],
    [[0, 1, 3], false],
    [[-1, 0, 1], false],
    [[0, 1, 2, 3], false],
    [[0.5, 1, 2], false],
  ])("%j as an order of three", (list, fits) => {
    expect(orderOf(3, "rows").safeParse(list).success).toBe(fits);
  });

  test("what does not fit is named by its path", () => {
    const form = z.object({ a: z.object({ b: numbers(1) }) });
    expect(requireForm(form, { a: { b: [1] } })).toEqual({ a: { b: [1] } });
    expect(() => requireForm(form, { a: { b: [] } })).toThrow(/"a\.b" \(not 1 numbers\)/);
    expect(() => requireForm(form, {})).toThrow(/"a" \(expected object/);
  });

  test("numbers, arrays and names that are another's", () => {
    requireFit("weights", 3, 3);
    expect(() => requireFit("weights", 4, 3)).toThrow(/"weights": got 4 numbers, expected 3/);
    expect(() => requireFit("weights", undefined, 3)).toThrow(/got nothing, expected 3/);
    const target = { w: new Float32Array(2) };
    requireArrays({ w: Float32Array.of(1, 2), other: new Float32Array(9) }, target);
    expect(() => requireArrays({}, target)).toThrow(/"w": got nothing/);
    expect(() => requireArrays({ w: new Float32Array(3) }, target)).toThrow(/got 3 numbers, expected 2/);
    expect(() => requireArrays({ w: new Float64Array(2) }, target)).toThrow(/Float64Array.*a Float32Array/);
    expect(() => requireArrays({ w: Float32Array.of(1, Number.NaN) }, target)).toThrow(/got NaN at 1, expected finite/);
    requireSame("algorithm", "ppo", "ppo");
    expect(() => requireSame("environment", "A-v0", "B-v0")).toThrow(
      /another environment: got "A-v0", expected "B-v0"/,
    );
    expect(() => requireSame("algorithm", undefined, "ppo")).toThrow(/got none/);
  });

  test("a snapshot comes apart into arrays by name and a state that shares nothing", () => {
    const state = { list: [1, -0, Number.NaN] };
    const parts = partsOfSnapshot({ arrays: { a: { shape: [1], data: Float32Array.of(5) } }, state });
    expect(parts).toEqual({ arrays: { a: Float32Array.of(5) }, state });
    expect(parts.state["list"]).not.toBe(state.list);
    for (const bad of [undefined, {}, { arrays: {} }, { arrays: { a: { data: [1] } }, state: {} }])
      expect(() => partsOfSnapshot(bad)).toThrow(expect.objectContaining({ code: "file" }));
  });
});

describe("exact JSON", () => {
  test("one object twice is no circle, an object in itself is", () => {
    const shared = { a: [1] };
    expect(copyExact({ left: shared, right: shared })).toEqual({ left: { a: [1] }, right: { a: [1] } });
    expect(() => copyExact(new Map([[1, 2]]))).toThrow(expect.objectContaining({ code: "file" }));
    expect(() => copyExact({ numbers: Float32Array.of(1) })).toThrow(/at state\.numbers/);
    const circle: { list: unknown[] } = { list: [] };
    circle.list.push({ deep: circle });
    expect(() => stringifyExact(circle)).toThrow(/at state\.list\[0\]\.deep: got a value that contains itself/);
  });

  test("members that are undefined are left out, in lists they are refused", () => {
    expect(stringifyExact({ a: undefined, b: 1 })).toBe('{"b":1}');
    expect(() => stringifyExact({ list: [1, undefined] })).toThrow(/at state\.list\[1\]: got undefined/);
    expect(stringifyExact(Object.assign(Object.create(null), { a: true }))).toBe('{"a":true}');
  });

  test("the reserved member is refused; another word in it is left as it is read", () => {
    expect(() => stringifyExact({ a: { $number: "NaN" } })).toThrow(/reserved member "\$number"/);
    expect(parseExact('{"$number":"seven"}')).toEqual({ $number: "seven" });
    expect(parseExact('[{"$number":"-0"},{"$number":"-Infinity"}]')).toEqual([-0, Number.NEGATIVE_INFINITY]);
    expect(() => parseExact("{")).toThrow(expect.objectContaining({ code: "file" }));
  });
});

describe("checkpoints", () => {
  test("arrays of every class come back as they were, in the order of their names", () => {
    const arrays = {
      z: { shape: [2], data: Float32Array.of(1.5, -0) },
      y: { shape: [1], data: Float64Array.of(0.1) },
      x: { shape: [1], data: Int32Array.of(-5) },
      w: { shape: [1], data: Uint32Array.of(4e9) },
      v: { shape: [1], data: Uint8Array.of(200) },
      u: { shape: [1], data: Int8Array.of(-100) },
      t: { shape: [1], data: Int16Array.of(-30_000) },
      s: { shape: [1], data: Uint16Array.of(60_000) },
      r: { shape: [1], data: BigInt64Array.of(-5n) },
      q: { shape: [1, 1], data: BigUint64Array.of(7n) },
    };
    const back = decodeCheckpoint(encodeCheckpoint({ version: 0, arrays, state: null }), 0);
    expect(back).toEqual({ version: 0, arrays, state: null });
    expect(Object.keys(back.arrays)).toEqual(Object.keys(arrays).sort());
    const odd = { a: { shape: [1], data: new Uint8ClampedArray(1) as unknown as Uint8Array } };
    expect(() => encodeCheckpoint({ version: 0, arrays: odd, state: null })).toThrow(/Array "a".*Uint8ClampedArray/);
  });

  test.each([-1, 0.5, 2 ** 53])("a version of %d is none", (version) => {
    expect(() => encodeCheckpoint({ version, arrays: {}, state: null })).toThrow(/whole number of 0 or more/);
  });

  test("without a version to expect any is read", () => {
    const bytes = encodeCheckpoint({ version: 12, arrays: {}, state: { a: 1 } });
    expect(decodeCheckpoint(bytes).version).toBe(12);
    expect(() => decodeCheckpoint(bytes, 13)).toThrow(/got version 12, expected version 13/);
  });
});

describe("CSV", () => {
  test("a byte order mark is no part of the first name, and -0 stays", () => {
    expect(parseCsv("\ufeffa,b\n1,2\n")).toEqual({ header: ["a", "b"], rows: [["1", "2"]] });
    expect(formatCsv(["x"], [[-0], [null], [true], ["a\rb"], [1e-7]])).toBe('x\n-0\n\ntrue\n"a\rb"\n1e-7\n');
  });

  test("a carriage return alone is part of a cell; records know where they end", () => {
    expect(parseCsvRecords('a\rb,"c""d"\r\ne').map(({ fields, end, complete }) => [fields, end, complete])).toEqual([
      [["a\rb", 'c"d'], 12, true],
      [["e"], 13, false],
    ]);
    expect(parseCsvRecords("a,\n,")).toEqual([
      { fields: ["a", ""], end: 3, complete: true },
      { fields: ["", ""], end: 4, complete: false },
    ]);
  });

  test("rows that do not fit are named by their number", () => {
    expect(() => parseCsv("a,b\n1,2\n3\n")).toThrow(/Row 2 of the CSV table.*got 1 cells, expected 2/);
    expect(() => formatCsv(["a"], [[1, 2]])).toThrow(/Row 1 .*got 2 cells, expected 1/);
    expect(() => parseCsv('"a"x')).toThrow(/stray character at 3: got "x"/);
  });
});
