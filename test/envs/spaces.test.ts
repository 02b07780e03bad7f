import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  box,
  contains,
  describe as describeSpace,
  dict,
  discrete,
  flatSize,
  maskSize,
  multiBinary,
  multiDiscrete,
  readFlat,
  type Space,
  sample,
  spaceFromJson,
  spaceToJson,
  type ValueOf,
  whyNotFlat,
  whyNotIn,
  writeFlat,
} from "../../src/envs/index.ts";
import { RandomStream } from "../../src/random/index.ts";

const bound = fc.oneof(fc.integer({ min: -1000, max: 1000 }), fc.double({ noNaN: true, min: -1e6, max: 1e6 }));
const anyBox = fc
  .array(fc.tuple(bound, bound, fc.boolean(), fc.boolean()), { minLength: 1, maxLength: 6 })
  .map((rows) =>
    box({
      low: rows.map(([a, b, open]) => (open ? -Infinity : Math.min(a, b))),
      high: rows.map(([a, b, , open]) => (open ? Infinity : Math.max(a, b))),
    }),
  );
const plain: fc.Arbitrary<Space> = fc.oneof(
  anyBox,
  fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: -5, max: 5 })).map(([n, start]) => discrete(n, start)),
  fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 }).map(multiDiscrete),
  fc.integer({ min: 1, max: 5 }).map(multiBinary),
);
const name = fc.constantFrom("position", "a", "b c", "goal");
const anySpace: fc.Arbitrary<Space> = fc.oneof(
  plain,
  fc
    .dictionary(name, fc.oneof(plain, fc.dictionary(name, plain, { minKeys: 1, noNullPrototype: true }).map(dict)), {
      minKeys: 1,
      noNullPrototype: true,
    })
    .map(dict),
);

describe("for every space", () => {
  test("a sample is in the space, and survives the columns", () => {
    fc.assert(
      fc.property(anySpace, fc.nat(), (space, seed) => {
        const value = sample(space, new RandomStream(seed, 1024));
        expect(whyNotIn(space, value)).toBeUndefined();
        const columns = new Float32Array(flatSize(space) + 4).fill(7);
        writeFlat(space, value, columns, 2);
        expect(whyNotFlat(space, columns, 2)).toBeUndefined();
        expect(readFlat(space, columns, 2)).toEqual(value);
        expect([...columns.slice(0, 2), ...columns.slice(-2)]).toEqual([7, 7, 7, 7]);
      }),
      { seed: 12 },
    );
  });

  test("JSON and back gives the same space, infinite bounds and field order included", () => {
    fc.assert(
      fc.property(anySpace, (space) => {
        const back = spaceFromJson(JSON.parse(JSON.stringify(spaceToJson(space))));
        expect(back).toEqual(space);
        expect(describeSpace(back)).toBe(describeSpace(space));
      }),
      { seed: 13 },
    );
  });
});

test("values are typed by their space", () => {
  const space = dict({ position: box({ low: -1, high: 1, shape: [2] }), gear: discrete(3), keys: multiBinary(2) });
  const value: ValueOf<typeof space> = readFlat(space, [0.5, -0.5, 2, 1, 0], 0);
  const gear: number = value.gear;
  expect(gear).toBe(2);
  expect(value.position).toEqual(Float32Array.of(0.5, -0.5));
  expect(value.keys).toEqual(Uint8Array.of(1, 0));
});

test("what does not belong is told why", () => {
  const square = box({ low: 0, high: 1, shape: [2, 2] });
  expect(whyNotIn(square, [0, 0, 0])).toBe("it has 3 elements, not 4");
  expect(whyNotIn(square, [0, 0, 0, 2])).toMatch(/element 3: 2 is outside \[0, 1\]/);
  expect(whyNotIn(square, [0, NaN, 0, 0])).toMatch(/element 1: NaN/);
  expect(whyNotIn(square, "x")).toMatch(/not an array/);
  expect(whyNotIn(square, [0, "0", 0, 0])).toMatch(/element 1 is "0"/);
  expect(whyNotIn(discrete(2), 2)).toMatch(/integer in \[0, 1\]/);
  expect(whyNotIn(discrete(2, 5), 5)).toBeUndefined();
  expect(whyNotIn(discrete(2), 0.5)).toMatch(/integer/);
  expect(whyNotIn(multiDiscrete([2, 3]), [1, 3])).toMatch(/element 1/);
  expect(whyNotIn(dict({ a: discrete(2) }), {})).toMatch(/"a" is missing/);
  expect(whyNotIn(dict({ a: discrete(2) }), { a: 1, b: 1 })).toMatch(/"b" is not in the space/);
  expect(contains(dict({ a: discrete(2) }), null)).toBe(false);
  expect(whyNotFlat(dict({ a: discrete(2), b: multiBinary(2) }), [1, 0, 2], 0)).toMatch(/field "b": element 1/);
});

test("a float32 value on a bound that float32 rounds is inside", () => {
  expect(contains(box({ low: -1.2, high: 0.6, shape: [1] }), Float32Array.of(-1.2))).toBe(true);
});

test.each([
  () => box({ low: 1, high: 0, shape: [2] }),
  () => box({ low: [0, 0], high: 1, shape: [3] }),
  () => box({ low: NaN, high: 1, shape: [1] }),
  () => box({ low: 0, high: 1, shape: [0] }),
  () => discrete(0),
  () => discrete(2, 0.5),
  () => multiDiscrete([]),
  () => multiBinary(-1),
  () => dict({}),
  () => spaceFromJson({ kind: "ball" }),
  () => writeFlat(discrete(2), "1", new Float32Array(1), 0),
  () => writeFlat(multiBinary(2), [1], new Float32Array(2), 0),
  () => writeFlat(dict({ a: discrete(2) }), {}, new Float32Array(1), 0),
])("refused with an AscentError: case %#", (make) => {
  expect(make).toThrow(expect.objectContaining({ name: "AscentError", code: "space" }));
});

test.each([
  [null, "expected object, received null"],
  ["box", 'expected object, received "box"'],
  [{}, "no kind (expected string)"],
  [{ kind: "ball" }, 'kind: "ball"'],
  [{ kind: "discrete", n: "4", start: 0 }, 'n: expected number, received "4"'],
  [{ kind: "discrete", n: 4 }, "no start (expected number)"],
  [{ kind: "multiDiscrete", categories: 3 }, "categories: expected array, received 3"],
  [{ kind: "multiDiscrete", categories: [3, null] }, "categories.1: expected number, received null"],
  [{ kind: "box", shape: [1], low: ["-Infinity"], high: ["inf"] }, 'high.0: expected number, received "inf"'],
  [{ kind: "box", shape: [1], low: [[0]], high: [1] }, "low.0: expected number, received array"],
  [{ kind: "dict", fields: { a: {} } }, "fields: expected array, received object"],
  [{ kind: "dict", fields: [["a"]] }, "fields.0: expected pair of name and space, received array"],
  [{ kind: "dict", fields: [["a", { kind: "multiBinary" }]] }, "no n (expected number)"],
])("what is wrong with a space in JSON is named: %j", (json, got) => {
  expect(() => spaceFromJson(json)).toThrow(`This is not a space: got ${got}, expected what spaceToJson writes`);
});

test("sizes of masks and short descriptions", () => {
  expect([maskSize(discrete(3)), maskSize(multiDiscrete([2, 4])), maskSize(multiBinary(2))]).toEqual([3, 6, undefined]);
  expect(describeSpace(dict({ a: discrete(2), b: box({ low: 0, high: 255, shape: [2, 3] }) }))).toBe(
    "Dict({ a: Discrete(2), b: Box([2, 3], 0..255) })",
  );
});
