/** Standardised numbers: those of plain loops, and 0 where all are equal, whatever their size. */

import { beforeAll, expect, test } from "vitest";
import type { Engine } from "../../src/tensor/engine.ts";
import { input } from "../../src/tensor/graph.ts";
import { standardise, variance } from "../../src/tensor/ops/reduce.ts";
import { bothEngines, execute, expectClose, numbers, seeded } from "./support.ts";

let engines: Engine[];
beforeAll(async () => {
  engines = await bothEngines();
});

test("equal numbers give 0 and not the rounding of their mean", () => {
  for (const engine of engines) {
    for (const n of [7, 60, 100, 256]) {
      for (const value of [0.3, 17.77, 12345.678, -12345.678, 3.3e7, 3.3e8]) {
        const x = input("x", [n]);
        const values = new Map([[x, new Array(n).fill(Math.fround(value))]]);
        const [standard, spread] = execute(engine, [standardise(x), variance(x)], values);
        for (const y of standard) expect(Math.abs(y), `${n} of ${value}`).toBeLessThan(1e-3);
        expect(Math.sqrt(spread[0]) / Math.abs(value)).toBeLessThan(1e-12);
      }
    }
  }
});

test("numbers that differ by little beside their mean are still told apart", () => {
  for (const engine of engines) {
    const n = 64;
    const x = input("x", [n]);
    const content = numbers(seeded(1), n, 4095.9, 4096.1);
    const mean = content.reduce((a, b) => a + b) / n;
    const deviation = Math.sqrt(content.reduce((total, v) => total + (v - mean) ** 2, 0) / (n - 1));
    const expected = content.map((v) => (v - mean) / deviation);
    const [actual] = execute(engine, [standardise(x)], new Map([[x, content]]));
    expectClose(actual, expected, engine.build, { absolute: 1e-4, relative: 1e-4 });
  }
});

test("the sign of the mean does not count, even where the deviation is near the rounding of the mean", () => {
  for (const engine of engines) {
    const n = 256;
    const x = input("x", [n]);
    // One of them is the next number of float32.
    const content = new Array(n).fill(2 ** 20).with(3, 2 ** 20 + 2 ** -3);
    const [up] = execute(engine, [standardise(x)], new Map([[x, content]]));
    const [down] = execute(engine, [standardise(x)], new Map([[x, content.map((v) => -v)]]));
    expect(up[3]).toBeGreaterThan(1);
    expect(down).toEqual(up.map((y) => -y));
  }
});
