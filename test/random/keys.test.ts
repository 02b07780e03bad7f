import { expect, test } from "vitest";
import { streams, writeKey } from "../../src/random/index.ts";

test("a key holds both words of the seed, the stream and the step", () => {
  const key = new Int32Array(4);
  writeKey(key, 3 * 2 ** 32 + 5, streams.actions, 2 ** 32 + 7);
  expect([...key]).toEqual([5, 3, streams.actions, 7]);
  writeKey(key, Number.MAX_SAFE_INTEGER, streams.tokens, 0);
  expect([...key]).toEqual([-1, 2 ** 21 - 1, streams.tokens, 0]);
});
