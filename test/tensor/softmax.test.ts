/** The soft family at extreme logits, with −∞ for what is masked, and on rows of every size. */

import { beforeAll, expect, test } from "vitest";
import type { Engine } from "../../src/tensor/engine.ts";
import { grad } from "../../src/tensor/grad.ts";
import { constant, input, type Tensor } from "../../src/tensor/graph.ts";
import { mul } from "../../src/tensor/ops/elementwise.ts";
import { sum } from "../../src/tensor/ops/reduce.ts";
import { logSoftmax, logSumExp, softmax } from "../../src/tensor/ops/softmax.ts";
import { bothEngines, execute, expectSameAsReference, numbers, seeded, type Values } from "./support.ts";

let engines: Engine[];
beforeAll(async () => {
  engines = await bothEngines();
});

const family = (x: Tensor) => [softmax(x), logSoftmax(x), logSumExp(x)];

test("rows of every size from 1 to 40, and around the kernel's chunk", () => {
  for (const n of [...Array.from({ length: 40 }, (_, i) => i + 1), 511, 512, 513, 1023, 1024, 1025, 2050]) {
    const rows = n > 100 ? 3 : 53;
    const x = input("x", [rows, n]);
    const values: Values = new Map([[x, numbers(seeded(n), rows * n, -8, 8)]]);
    expectSameAsReference(engines, family(x), values, `rows of ${n}`, { absolute: 2e-6, relative: 3e-6 });
  }
});

test("logits of ±10⁴ and −∞", () => {
  const x = input("x", [6, 3]);
  const rows = [
    [1e4, -1e4, 0],
    [-1e4, -1e4, -1e4],
    [1e4, 1e4, -Infinity],
    [-Infinity, 5, -Infinity],
    [1e38, -1e38, 3],
    [-1e4, -9999, -Infinity],
  ];
  const values: Values = new Map([[x, rows.flat()]]);
  expectSameAsReference(engines, family(x), values, "extreme logits", { absolute: 1e-6, relative: 1e-6 });
});

test("a row of −∞ only, or with NaN or +∞, gives NaN rather than a wrong number", () => {
  const x = input("x", [3, 3]);
  const values: Values = new Map([[x, [-Infinity, -Infinity, -Infinity, 0, NaN, 1, 0, Infinity, 1]]]);
  for (const engine of engines) {
    for (const rows of execute(engine, [softmax(x), logSoftmax(x)], values)) {
      for (let row = 0; row < 3; row++) expect(rows.slice(3 * row, 3 * row + 3).some(Number.isNaN)).toBe(true);
    }
  }
});

test("probabilities sum to 1 and the gradient by masked logits is 0", () => {
  const x = input("x", [2, 4]);
  const weights = constant([1, 2, 3, 4], [4]);
  const [gradient] = grad(sum(mul(softmax(x), weights)), [x]);
  const values: Values = new Map([[x, [1, -Infinity, 2, 3, -Infinity, 0, 1e4, -Infinity]]]);
  for (const engine of engines) {
    const [p, g] = execute(engine, [softmax(x), gradient], values);
    expect(p[0] + p[1] + p[2] + p[3]).toBeCloseTo(1, 6);
    expect([p[1], p[4], p[7], g[1], g[4], g[7]].map(Math.abs)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(g.every(Number.isFinite)).toBe(true);
  }
});
