/** Causal attention: what a token sees and what it does not, special numbers, and the same bits in every reader of programs. */

import { beforeAll, describe, expect, test } from "vitest";
import { compile } from "../../src/tensor/compile.ts";
import { createEngine, type Engine } from "../../src/tensor/engine.ts";
import { grad } from "../../src/tensor/grad.ts";
import { constant, input, type Tensor } from "../../src/tensor/graph.ts";
import * as ops from "../../src/tensor/ops/index.ts";
import { sizeOf } from "../../src/tensor/shape.ts";
import { bothEngines, execute, expectClose, numbers, seeded, type Values } from "./support.ts";

let engines: Engine[];
let javascript: Engine;
beforeAll(async () => {
  [engines, javascript] = [await bothEngines(), await createEngine({ build: "javascript" })];
});

const shapes: readonly [rows: number, length: number, heads: number, keyValueHeads: number, size: number][] = [
  [1, 1, 1, 1, 1],
  [2, 7, 2, 2, 3],
  [1, 32, 4, 1, 8],
  [2, 33, 2, 1, 4],
  [1, 65, 3, 3, 5],
  [1, 129, 4, 2, 16],
];

function problem([rows, length, heads, keyValueHeads, size]: (typeof shapes)[number], seed: number) {
  const x = input("x", [rows, length, (heads + 2 * keyValueHeads) * size]);
  const mask = input("mask", [rows, length]);
  const random = seeded(seed);
  const padding = Array.from({ length: rows }, (_, row) => Math.floor((row * length) / rows));
  const weight = constant(numbers(random, rows * length * heads * size), [rows, length, heads * size]);
  const values: Values = new Map([
    [x, numbers(random, sizeOf(x.shape))],
    [mask, Array.from({ length: rows * length }, (_, i) => (i % length < padding[Math.floor(i / length)] ? 0 : 1))],
  ]);
  return { x, mask, weight, values, heads, keyValueHeads, size };
}

/** The same of operations of their own, keys and values repeated for heads that share them. */
function composed(x: Tensor, mask: Tensor, heads: number, keyValueHeads: number, size: number): Tensor {
  const [rows, length] = x.shape;
  const part = (head: number) => ops.sliceAxis(x, 2, head * size, size);
  const earlier = constant(
    Float32Array.from({ length: length * length }, (_, i) => (i % length <= Math.floor(i / length) ? 1 : 0)),
    [length, length],
  );
  const visible = ops.mul(earlier, ops.reshape(mask, [rows, 1, length]));
  const results = Array.from({ length: heads }, (_, h) => {
    const shared = heads + Math.floor((h * keyValueHeads) / heads);
    const scores = ops.mul(ops.matmul(part(h), part(shared), { transposeB: true }), 1 / Math.sqrt(size));
    const weights = ops.where(visible, ops.softmax(ops.where(visible, scores, -1e30)), 0);
    return ops.matmul(weights, part(shared + keyValueHeads));
  });
  return ops.concat(results, 2);
}

describe.each(shapes)("%i rows of %i, %i heads over %i of size %i", (...shape) => {
  const { x, mask, weight, values, heads, keyValueHeads, size } = problem(shape, 3);

  test("values and gradients are those of single operations", () => {
    const both = [
      ops.causalAttention(x, { heads, keyValueHeads, mask }),
      composed(x, mask, heads, keyValueHeads, size),
    ];
    const [fused, single] = both.map((y) => [y, ...grad(ops.sum(ops.mul(y, weight)), [x])]);
    for (const engine of engines) {
      const wanted = execute(engine, single, values);
      execute(engine, fused, values).forEach((got, i) => {
        expectClose(got, wanted[i], `${engine.build}, output ${i}`);
      });
    }
  });

  test("plain JavaScript gives the bits of simd, gradients too", () => {
    for (const options of [
      { heads, keyValueHeads },
      { heads, keyValueHeads, mask },
    ]) {
      const y = ops.causalAttention(x, options);
      const outputs = [y, ...grad(ops.sum(ops.mul(y, weight)), [x])];
      expect(execute(javascript, outputs, values)).toEqual(execute(engines[0], outputs, values));
    }
  });

  test("in stretches of rows of a run that stops, or in one", () => {
    const y = ops.causalAttention(x, { heads, keyValueHeads, mask });
    const [rows, length] = shape;
    const many = input("many", [40 * rows, length, x.shape[2]]);
    const all = ops.causalAttention(many, { heads, keyValueHeads });
    const repeated = Array.from({ length: 40 }, () => values.get(x)!).flat();
    for (const engine of engines) {
      const [one] = execute(engine, [ops.causalAttention(x, { heads, keyValueHeads })], values);
      const [batch] = execute(engine, [all], new Map([[many, repeated]]));
      expect(batch).toEqual(Array.from({ length: 40 }, () => one).flat());
      expect(execute(engine, [y], values)[0].every(Number.isFinite)).toBe(true);
    }
  });
});

test("a token depends on itself and what is before it, whatever stands behind: NaN and infinity too", () => {
  const x = input("x", [1, 40, 12]);
  const y = ops.causalAttention(x, { heads: 2 });
  const content = numbers(seeded(1), 480);
  for (const engine of engines) {
    const [before] = execute(engine, [y], new Map([[x, content]]));
    const changed = content.map((value, i) => (i < 12 * 32 ? value : i % 2 ? NaN : Infinity));
    const [behind] = execute(engine, [y], new Map([[x, changed]]));
    expect(behind.slice(0, 4 * 32)).toEqual(before.slice(0, 4 * 32));
    expect(behind.slice(4 * 32).some(Number.isNaN)).toBe(true);
  }
});

test("padding is never looked at, its queries see nothing and nothing flows back to it", () => {
  const [x, mask] = [input("x", [1, 8, 6]), input("mask", [1, 8])];
  const y = ops.causalAttention(x, { heads: 1, mask });
  const [toX] = grad(ops.sum(ops.square(y)), [x]);
  const content = numbers(seeded(2), 48);
  const real = [0, 0, 0, 1, 1, 1, 1, 1];
  const alone = input("alone", [1, 5, 6]);
  for (const engine of engines) {
    const values = new Map([
      [x, content],
      [mask, real],
    ]);
    const [result, gradient] = execute(engine, [y, toX], values);
    const [expected] = execute(
      engine,
      [ops.causalAttention(alone, { heads: 1 })],
      new Map([[alone, content.slice(18)]]),
    );
    expect(result.slice(0, 6)).toEqual([0, 0, 0, 0, 0, 0]);
    expectClose(result.slice(6), expected, "beside padding", { absolute: 1e-6 });
    expect(gradient.slice(0, 18).every((value) => value === 0)).toBe(true);
    expect(gradient.slice(18).some((value) => value !== 0)).toBe(true);
  }
});

test("scores beyond every exponent, and equal ones", () => {
  const x = input("x", [1, 3, 3]);
  const y = ops.causalAttention(x, { heads: 1, scale: 1 });
  for (const engine of engines) {
    // Query, key, value: the third token's scores are 1e30, −1e30 and 1e30.
    const [result] = execute(engine, [y], new Map([[x, [0, 1, 5, 0, -1, 7, 1e30, 1, 9]]]));
    expect(result).toEqual([5, 6, 7]);
  }
});

test("what it needs of memory does not grow with the square of the length for each head and row", () => {
  const x = input("x", [8, 128, 96]);
  const y = ops.causalAttention(x, { heads: 8 });
  const program = compile(engines[0], { outputs: { gradient: grad(ops.sum(ops.square(y)), [x])[0] } });
  // y, its square's gradient and little else, of [8, 128, 32]; one matrix of weights for each head would be 4 MB.
  expect(program.arenaBytes).toBeLessThan(3 * 4 * 8 * 128 * 32 + 4096);
});
