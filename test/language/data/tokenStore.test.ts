import { expect, test } from "vitest";
import { TokenStore } from "../../../src/language/data/tokenStore.ts";

test("ids of a vocabulary of any size come back", () => {
  for (const size of [65_536, 65_537, 262_144]) {
    const store = new TokenStore(size);
    store.add([size - 1, 0, 65_535]);
    store.add([]);
    store.add([7]);
    expect([0, 1, 2].map((i) => store.get(i))).toEqual([[size - 1, 0, 65_535], [], [7]]);
    expect([store.count, store.lengthOf(0), store.lengthOf(1)]).toEqual([3, 3, 0]);
  }
});

test("sequences that do not fit into what is left of a piece, and some longer than a piece", () => {
  const store = new TokenStore(1000);
  const lengths = [700_000, 600_000, 3, 1_500_000, 5, 448_571];
  const sequence = (k: number) => Array.from({ length: lengths[k] }, (_, i) => (i * 7 + k) % 1000);
  lengths.forEach((_, k) => {
    store.add(sequence(k));
  });
  lengths.forEach((length, k) => {
    const ids = store.get(k);
    expect(ids.length).toBe(length);
    // Not toEqual, which takes seconds of so many.
    expect(ids.every((id, i) => id === (i * 7 + k) % 1000)).toBe(true);
  });
});
