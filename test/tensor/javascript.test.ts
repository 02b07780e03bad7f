/**
 * The kernels in plain JavaScript give the bits of the `simd` build: every operation, every way a product can lie, special
 * numbers, and random graphs with their gradients.
 */

import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { createEngine, type Engine, floatsOf, intsOf } from "../../src/tensor/engine.ts";
import { grad } from "../../src/tensor/grad.ts";
import { binaryOps, input, type Tensor, unaryOps } from "../../src/tensor/graph.ts";
import * as operations from "../../src/tensor/ops/index.ts";
import { sizeOf } from "../../src/tensor/shape.ts";
import { instance, opCases } from "./opCases.ts";
import { randomGraph } from "./randomGraphs.ts";
import { compileWith, expectSameAsReference, numbers, seeded, type Values } from "./support.ts";

// Looked up by name.
const ops = { ...operations };

let simd: Engine;
let javascript: Engine;
beforeAll(async () => {
  [simd, javascript] = [await createEngine({ build: "simd" }), await createEngine({ build: "javascript" })];
});

/** The words of each output: NaN is one word, whichever it was. */
function bits(engine: Engine, outputs: readonly Tensor[], values: Values): Int32Array[] {
  const program = compileWith(engine, outputs, values);
  program.run();
  return outputs.map(({ dtype }, i) => {
    if (dtype === "i32") return program.outputInts(`o${i}`).slice();
    const floats = program.output(`o${i}`).map((x) => (Number.isNaN(x) ? NaN : x));
    return new Int32Array(floats.buffer);
  });
}

function expectSameBits(outputs: readonly Tensor[], values: Values): void {
  expect(bits(javascript, outputs, values)).toEqual(bits(simd, outputs, values));
}

test("every operation, on several numbers", () => {
  for (const one of opCases) {
    for (const seed of [1, 2, 3]) {
      const { output, values } = instance(one, seed);
      expect(bits(javascript, [output], values), one.name).toEqual(bits(simd, [output], values));
    }
  }
});

/** Both signs of zero, of the smallest and of the largest numbers, bounds of the functions, and a grid over all exponents. */
function specialNumbers(): number[] {
  const edges = [
    0,
    2 ** -149,
    2 ** -127,
    2 ** -126,
    0.5,
    1,
    9.02,
    88.72284,
    89,
    103.9,
    104,
    2 ** 22,
    2 ** 24,
    2 ** 31,
    3.4e38,
  ];
  const grid = Array.from({ length: 4000 }, (_, i) => 1.13 ** (i - 2000) * 1.0007 ** (i % 64)).map(Math.fround);
  const usable = [...edges, ...grid.filter((x) => x > 0 && x < Infinity), Infinity];
  return [...usable.flatMap((x) => [x, -x]), NaN];
}

test.each(unaryOps)("%s of numbers of every size, zeros, infinities and NaN", (op) => {
  const list = specialNumbers();
  const x = input("x", [list.length]);
  expectSameBits([ops[op](x)], new Map([[x, list]]));
});

test.each(binaryOps.filter((op) => op in ops))("%s of all pairs of special numbers", (op) => {
  const edges = [0, -0, 1, -1, 2 ** -149, -(2 ** -140), 3.4e38, -3.4e38, 1.1, Infinity, -Infinity, NaN];
  const [a, b] = [input("a", [edges.length, 1]), input("b", [1, edges.length])];
  const operation = (ops as unknown as Record<string, (a: Tensor, b: Tensor) => Tensor>)[op];
  expectSameBits(
    [operation(a, b)],
    new Map([
      [a, edges],
      [b, edges],
    ]),
  );
});

describe("products", () => {
  const sizes = [1, 2, 3, 4, 5, 8, 9, 17];
  const depths = [1, 2, 3, 4, 7, 64, 127, 128, 129, 300];
  test.each([
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ])("transposed: %s, %s", (transposeA, transposeB) => {
    const random = seeded(5);
    for (const m of sizes) {
      for (const n of sizes) {
        for (const k of depths) {
          const a = input("a", transposeA ? [k, m] : [m, k]);
          const b = input("b", transposeB ? [n, k] : [k, n]);
          const bias = input("bias", [n]);
          const values = new Map(
            [a, b, bias].map((x) => [
              x,
              numbers(
                random,
                x.shape.reduce((p, s) => p * s, 1),
                -1,
                1,
              ),
            ]),
          );
          const product = ops.matmul(a, b, { transposeA, transposeB });
          const outputs = [product, ops.tanh(ops.add(product, bias))];
          for (const output of outputs) {
            const name = `${m} × ${n}, k ${k}`;
            expect(bits(javascript, [output], values), name).toEqual(bits(simd, [output], values));
          }
        }
      }
    }
  });
});

test("random numbers, for keys of every kind", () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(2 ** 31 - 1), { minLength: 4, maxLength: 4 }),
      fc.integer({ min: 1, max: 40 }),
      (key, n) => {
        const k = input("key", [4], "i32");
        const derived = ops.holdKey(ops.foldKey(k, n), 3);
        const outputs = [ops.randomUniform(k, [n]), ops.randomNormal(k, [n]), ops.randomNormal(derived, [n])];
        expectSameBits(outputs, new Map([[k, key]]));
      },
    ),
    { seed: 31, numRuns: 60 },
  );
});

test("random graphs and their gradients", () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(9973), { minLength: 4, maxLength: 60 }),
      fc.integer({ min: 1, max: 20 }),
      (list, steps) => {
        const { outputs, values } = randomGraph(list, steps, true);
        const inputs = [...values.keys()].filter(({ dtype }) => dtype === "f32");
        const loss = outputs.map((x) => ops.mean(ops.mul(x, x))).reduce((a, b) => ops.add(a, b));
        expectSameBits([loss, ...grad(loss, inputs), ...outputs], values);
      },
    ),
    { seed: 20240604, numRuns: 150 },
  );
});

test("memory grows under programs that were compiled before", async () => {
  const engine = await createEngine({ build: "javascript" });
  const x = input("x", [3]);
  const values = new Map([[x, [1, 2, 3]]]);
  const program = compileWith(engine, [ops.square(x)], values);
  program.run();
  const before = program.output("o0");
  const region = engine.allocate(3e6);
  expect(floatsOf(region).length).toBe(3e6);
  program.input("x").set([4, 5, 6]);
  program.run();
  expect([...program.output("o0")]).toEqual([16, 25, 36]);
  expect([...before]).toEqual([1, 4, 9]);
});

test("an index outside is the same error", async () => {
  const [x, i] = [input("x", [3, 2]), input("i", [2], "i32")];
  const values: Values = new Map([
    [x, [1, 2, 3, 4, 5, 6]],
    [i, [0, 3]],
  ]);
  const message = /an index lies outside.*got 3 at position 1/;
  for (const engine of [simd, javascript]) {
    expect(() => bits(engine, [ops.gatherRows(x, i)], values)).toThrow(message);
  }
});

test("so are indices below 0 and above the last, of every operation that takes some", () => {
  const [x, i, v] = [input("x", [2, 3]), input("i", [2], "i32"), input("v", [2])];
  const wide = input("wide", [2, 2]);
  const ways: [string, Tensor, number][] = [
    ["gatherRows", ops.gatherRows(x, i), 2],
    ["scatterRows", ops.scatterRows(wide, i, 4), 4],
    ["takeLast", ops.takeLast(x, i), 3],
    ["putLast", ops.putLast(v, i, 3), 3],
    ["oneHot", ops.oneHot(i, 3), 3],
  ];
  for (const [name, result, limit] of ways) {
    for (const engine of [simd, javascript]) {
      const run = (indices: number[]) => {
        const values: Values = new Map([
          [x, [1, 2, 3, 4, 5, 6]],
          [v, [7, 8]],
          [wide, [1, 2, 3, 4]],
          [i, indices],
        ]);
        return bits(engine, [result], values);
      };
      expect(() => run([0, limit - 1]), name).not.toThrow();
      expect(() => run([0, limit]), name).toThrow(/an index lies outside/);
      expect(() => run([0, -1]), name).toThrow(/an index lies outside.*got -1 at position 1/);
    }
  }
});

test("numbers that are not finite are found", () => {
  const region = javascript.allocate(5);
  expect(javascript.kernels.firstNonFinite(region.pointer, 5)).toBe(0);
  floatsOf(region).set([1, 2, 3, -Infinity, NaN]);
  expect(javascript.kernels.firstNonFinite(region.pointer, 5)).toBe(4);
  const other = simd.allocate(5);
  for (const engine of [simd, javascript]) {
    const at = engine === simd ? other : region;
    for (let k = 0; k < 5; k++) {
      floatsOf(at).fill(1);
      floatsOf(at)[k] = Number.NaN;
      expect(engine.kernels.firstNonFinite(at.pointer, 5)).toBe(k + 1);
    }
    expect(engine.kernels.firstNonFinite(at.pointer, 4)).toBe(0);
  }
  floatsOf(region).set([1, 2, 3, -Infinity, NaN]);
  expect(intsOf(region).length).toBe(5);
});

test("training is refused", () => {
  const region = javascript.allocate(16);
  expect(() => javascript.kernels.axpby(16, 1, region.pointer, 0, region.pointer)).toThrow(
    /Training needs WebAssembly/,
  );
});

test("products with a bias or an activation's gradient behind them, and one more activation behind that", () => {
  const [x, w] = [input("x", [3, 4]), input("w", [4, 5])];
  const [y, bias] = [input("y", [3, 5]), input("bias", [5])];
  const random = seeded(47);
  const values: Values = new Map([x, w, y, bias].map((of) => [of, numbers(random, sizeOf(of.shape), -1, 1)]));
  for (const behind of [operations.tanh, operations.relu, operations.exp, (of: Tensor) => of]) {
    for (const finished of [
      operations.tanhGrad(operations.matmul(x, w), y),
      operations.reluGrad(operations.matmul(x, w), y),
      operations.add(operations.matmul(x, w), bias),
    ]) {
      const output = behind(finished);
      expectSameBits([output], values);
      expectSameAsReference([simd, javascript], [output], values, "a finished product");
    }
  }
});
