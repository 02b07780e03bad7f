/** What streams take and give at the ends of their ranges. */
import { describe, expect, test } from "vitest";
import { deriveSeed, RandomStream, streams } from "../../src/random/index.ts";

const largest = 2 ** 53 - 1;

describe("what is taken", () => {
  test.each([
    ["the largest seed", () => new RandomStream(largest, 0)],
    ["the largest stream and index", () => new RandomStream(0, 2 ** 32 - 1, 2 ** 32 - 1)],
    ["the largest number of a seed", () => deriveSeed(largest, 1, 2 ** 32 - 1, largest)],
    [
      "one value, and as many as there are words",
      () => [new RandomStream(0, 1).integer(1), new RandomStream(0, 1).integer(2 ** 32)],
    ],
  ])("%s", (_, make) => {
    expect(make).not.toThrow();
  });

  test.each<[string, () => unknown, RegExp]>([
    ["a seed below 0", () => new RandomStream(-1, 0), /seed.*got -1/],
    ["a seed of parts", () => new RandomStream(0.5, 0), /got 0.5/],
    ["a seed too large", () => new RandomStream(largest + 1, 0), /got 9007199254740992/],
    ["a stream beyond a word", () => new RandomStream(0, 2 ** 32), /RandomStream stream.*got 4294967296/],
    ["a stream below 0", () => new RandomStream(0, -1), /RandomStream stream/],
    ["an index of parts", () => new RandomStream(0, 0, 1.5), /RandomStream index.*got 1.5/],
    ["a seed's number below 0", () => deriveSeed(0, 1, 0, -1), /deriveSeed: number.*got -1/],
    ["a seed's number of parts", () => deriveSeed(0, 1, 0, 0.5), /deriveSeed: number/],
    ["a seed's index beyond a word", () => deriveSeed(0, 1, 2 ** 32, 0), /deriveSeed index/],
    ["no value at all", () => new RandomStream(0, 1).integer(0), /n = 0/],
    ["parts of values", () => new RandomStream(0, 1).integer(2.5), /n = 2.5/],
    ["more than there are words", () => new RandomStream(0, 1).integer(2 ** 32 + 1), /n = 4294967297/],
  ])("not %s", (_, make, message) => {
    expect(make).toThrow(message);
    expect(make).toThrow(expect.objectContaining({ code: "option" }));
  });
});

test("a stream says what it is, and begins at draw 0 of index 0", () => {
  const { seed, stream, index, counter } = new RandomStream(5, 9);
  expect({ seed, stream, index, counter }).toEqual({ seed: 5, stream: 9, index: 0, counter: 0 });
  expect(new RandomStream(5, 9, 0).uniform()).toBe(new RandomStream(5, 9).uniform());
});

test("draws behind 2³² are others than those before", () => {
  const at = (counter: number) => {
    const random = new RandomStream(3, 4);
    random.counter = counter;
    return random.uniform();
  };
  const seen = [0, 1, 2 ** 31, 2 ** 32, 2 ** 32 + 1, 2 ** 33, 2 ** 52].map(at);
  expect(new Set(seen).size).toBe(seen.length);
});

test("between two numbers, from the lower on", () => {
  const [plain, between] = [new RandomStream(1, 2), new RandomStream(1, 2)];
  for (let i = 0; i < 100; i++) expect(between.uniformBetween(-3, 5)).toBe(-3 + 8 * plain.uniform());
  expect(new RandomStream(1, 2).uniformBetween(7, 7)).toBe(7);
});

test("a derived seed is the draw of its number, as a whole number", () => {
  const random = new RandomStream(8, 2, 3);
  for (let k = 0; k < 5; k++) expect(deriveSeed(8, 2, 3, k)).toBe(random.uniform() * 2 ** 53);
});

test("shuffling nothing, one and two", () => {
  const random = new RandomStream(1, 1);
  for (const length of [0, 1]) {
    const values = Int32Array.from({ length }, (_, i) => i + 5);
    random.shuffle(values);
    expect([...values]).toEqual(length === 0 ? [] : [5]);
  }
  expect(random.counter).toBe(0);
  random.shuffle(Int32Array.of(1, 2));
  expect(random.counter).toBe(1);
});

test("users' streams lie behind the library's, and within what programs sample under", () => {
  const { user, ...own } = streams;
  expect(user).toBe(1024);
  expect(Object.values(own).every((number) => number > 0 && number < user)).toBe(true);
});
