/** Attention over a cache: against attention written out, and what its numbers may not depend on. */

import { beforeAll, describe, expect, test } from "vitest";
import { compile } from "../../src/tensor/compile.ts";
import { createEngine, type Engine, floatsOf, type Region } from "../../src/tensor/engine.ts";
import { grad } from "../../src/tensor/grad.ts";
import { input, parameter } from "../../src/tensor/graph.ts";
import { cachedAttention } from "../../src/tensor/ops/cachedAttention.ts";
import { sum } from "../../src/tensor/ops/index.ts";
import type { Program } from "../../src/tensor/program.ts";
import { numbers, seeded } from "./support.ts";

let engine: Engine;
let javascript: Engine;
beforeAll(async () => {
  engine = await createEngine();
  javascript = await createEngine({ build: "javascript" });
});

interface Sizes {
  rows: number;
  heads: number;
  keyValueHeads: number;
  size: number;
  capacity: number;
}

interface Attending {
  program: Program;
  keys: Region;
  values: Region;
}

function attending(on: Engine, { rows, heads, keyValueHeads, size, capacity }: Sizes): Attending {
  const cache = [rows, keyValueHeads, capacity, size];
  const tensors = {
    heads,
    scale: 0.7,
    x: input("x", [rows, (heads + 2 * keyValueHeads) * size]),
    positions: input("positions", [rows], "i32"),
    keys: input("keys", cache),
    values: input("values", cache),
  };
  const keys = on.allocate(rows * keyValueHeads * capacity * size);
  const values = on.allocate(keys.length);
  const bindings = new Map([
    [tensors.keys, keys],
    [tensors.values, values],
  ]);
  return { program: compile(on, { outputs: { out: cachedAttention(tensors) }, bindings }), keys, values };
}

/** Queries, keys and values of a sequence, [length][heads · size] and so on. */
function sequenceOf(seed: number, length: number, { heads, keyValueHeads, size }: Sizes) {
  const random = seeded(seed);
  const entries = (count: number) => Array.from({ length }, () => numbers(random, count));
  return {
    queries: entries(heads * size),
    keys: entries(keyValueHeads * size),
    values: entries(keyValueHeads * size),
  };
}

/** What the last token of a sequence gets. */
function plainly(sequence: ReturnType<typeof sequenceOf>, { heads, keyValueHeads, size }: Sizes): number[] {
  const last = sequence.queries.length - 1;
  return Array.from({ length: heads }, (_, head) => {
    const shared = Math.floor((head * keyValueHeads) / heads) * size;
    const scores = sequence.keys.map((key) => {
      let score = 0;
      for (let d = 0; d < size; d++) score += sequence.queries[last][head * size + d] * key[shared + d];
      return Math.exp(0.7 * score);
    });
    const total = scores.reduce((a, b) => a + b, 0);
    return Array.from({ length: size }, (_, d) =>
      sequence.values.reduce((sum, value, j) => sum + (scores[j] / total) * value[shared + d], 0),
    );
  }).flat();
}

/** Feeds sequences, one a row, token by token; gives what each row's last token gets. */
function feed(
  { program }: Attending,
  sizes: Sizes,
  sequences: readonly ReturnType<typeof sequenceOf>[],
): Float32Array[] {
  const { rows, heads, size } = sizes;
  const results = new Array<Float32Array>(rows);
  const longest = Math.max(...sequences.map(({ keys }) => keys.length));
  for (let t = 0; t < longest; t++) {
    for (let row = 0; row < rows; row++) {
      const { queries, keys, values } = sequences[row];
      // A row that has ended says its last token again.
      const at = Math.min(t, keys.length - 1);
      const sideBySide = [...queries[at], ...keys[at], ...values[at]];
      program.input("x").set(sideBySide, row * sideBySide.length);
      program.inputInts("positions")[row] = at;
    }
    program.run();
    for (let row = 0; row < rows; row++) {
      results[row] = program.output("out").slice(row * heads * size, (row + 1) * heads * size);
    }
  }
  return results;
}

const shapes: readonly Sizes[] = [
  { rows: 3, heads: 4, keyValueHeads: 4, size: 8, capacity: 16 },
  { rows: 2, heads: 6, keyValueHeads: 2, size: 5, capacity: 8 },
  { rows: 1, heads: 2, keyValueHeads: 1, size: 39, capacity: 40 },
  { rows: 2, heads: 1, keyValueHeads: 1, size: 1, capacity: 8 },
  { rows: 2, heads: 2, keyValueHeads: 2, size: 64, capacity: 24 },
];

describe("attention over a cache", () => {
  test.each(shapes)("is attention: %o", (sizes) => {
    const lengths = Array.from({ length: sizes.rows }, (_, row) => Math.max(sizes.capacity - 2 * row, 1));
    const sequences = lengths.map((length, row) => sequenceOf(row + 1, length, sizes));
    const got = feed(attending(engine, sizes), sizes, sequences);
    sequences.forEach((sequence, row) => {
      plainly(sequence, sizes).forEach((x, i) => {
        expect(got[row][i]).toBeCloseTo(x, 5);
      });
    });
  });

  test("a row's bits depend on neither the other rows nor the capacity", () => {
    const sizes = { rows: 5, heads: 4, keyValueHeads: 2, size: 6, capacity: 304 };
    const sequences = [7, 131, 1, 64, 30].map((length, row) => sequenceOf(row + 9, length, sizes));
    const together = feed(attending(engine, sizes), sizes, sequences);
    sequences.forEach((sequence, row) => {
      const alone = { ...sizes, rows: 1, capacity: 8 * Math.ceil(sequence.keys.length / 8) };
      expect(feed(attending(engine, alone), alone, [sequence])[0]).toEqual(together[row]);
    });
  });

  test("what lies behind a row's position is not read", () => {
    const [sizes] = shapes;
    const sequences = [1, 2, 3].map((seed) => sequenceOf(seed, 4, sizes));
    const [clean, dirty] = [attending(engine, sizes), attending(engine, sizes)];
    floatsOf(dirty.keys).fill(NaN);
    floatsOf(dirty.values).fill(NaN);
    expect(feed(dirty, sizes, sequences)).toEqual(feed(clean, sizes, sequences));
  });

  test("plain JavaScript gives the bits of the plain build", async () => {
    const simd = await createEngine({ build: "simd" });
    for (const sizes of shapes) {
      const sequences = Array.from({ length: sizes.rows }, (_, row) => sequenceOf(row + 4, sizes.capacity, sizes));
      expect(feed(attending(javascript, sizes), sizes, sequences)).toEqual(
        feed(attending(simd, sizes), sizes, sequences),
      );
    }
  });

  test("a position outside the cache is named", () => {
    for (const on of [engine, javascript]) {
      const { program } = attending(on, shapes[0]);
      program.inputInts("positions").set([0, 16, 3]);
      expect(() => program.run()).toThrow(/16 at position 1 of .*"positions".* from 0 to 15/);
      program.inputInts("positions").set([0, 1, -1]);
      expect(() => program.run()).toThrow(/-1 at position 2/);
    }
  });

  test("tensors that do not fit, and gradients, are refused", () => {
    const keys = input("keys", [2, 1, 8, 4]);
    const values = input("values", [2, 1, 8, 4]);
    const rest = { positions: input("positions", [2], "i32"), keys, values, heads: 3 };
    const x = parameter("x", [2, 20]);
    expect(() => cachedAttention({ ...rest, x: input("x", [2, 24]) })).toThrow(/do not fit together/);
    expect(() => cachedAttention({ ...rest, x, keys: parameter("keys", keys.shape) })).toThrow(/as two inputs/);
    const [seven, other] = [input("keys", [2, 1, 7, 4]), input("values", [2, 1, 7, 4])];
    expect(() => cachedAttention({ ...rest, x, keys: seven, values: other })).toThrow(/multiple of 8/);
    expect(() => grad(sum(cachedAttention({ ...rest, x })), [x])).toThrow(/has no gradient/);
  });
});
