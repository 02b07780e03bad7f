/** Where things lie: aliases, in-place reuse, outputs that share, bindings, parameters, and views after the memory grew. */

import { beforeAll, describe, expect, test } from "vitest";
import { compile } from "../../src/tensor/compile.ts";
import { createEngine, type Engine, floatsOf } from "../../src/tensor/engine.ts";
import { grad } from "../../src/tensor/grad.ts";
import { constant, input, parameter } from "../../src/tensor/graph.ts";
import * as ops from "../../src/tensor/ops/index.ts";
import { ParameterBlock } from "../../src/tensor/parameters.ts";
import { bothEngines, expectSameAsReference, numbers, seeded, type Values } from "./support.ts";

let engines: Engine[];
beforeAll(async () => {
  engines = await bothEngines();
});

test("a result is not written over an operand whose slice is still being read", () => {
  const x = input("x", [4, 3]);
  const values: Values = new Map([[x, numbers(seeded(1), 12)]]);
  const y = ops.exp(x);
  const first = ops.slice(y, [0, 0], [1, 3]);
  expectSameAsReference(engines, [ops.neg(ops.sub(y, first))], values, "row taken off all rows");
  expectSameAsReference(engines, [ops.tanh(ops.mul(first, y))], values, "row on the left");
  const corner = ops.slice(y, [0, 0], [1, 1]);
  expectSameAsReference(engines, [ops.neg(ops.div(y, corner))], values, "corner");
});

test("reuse of memory keeps what is still needed through reshapes and slices", () => {
  const x = input("x", [6, 4]);
  const values: Values = new Map([[x, numbers(seeded(2), 24)]]);
  const y = ops.exp(x);
  const flat = ops.reshape(y, [24]);
  const rows = ops.slice(ops.reshape(flat, [3, 8]), [1, 0], [2, 8]);
  const chain = ops.tanh(ops.neg(ops.abs(ops.sin(flat))));
  expectSameAsReference(engines, [ops.sum(ops.square(rows)), chain, rows, flat], values, "aliases");
});

test("softmax and the gradient of cross-entropy are written over their operand, which nobody needs any more", () => {
  const [x, w] = [input("x", [3, 2]), input("w", [2, 5])];
  const targets = input("targets", [3], "i32");
  const values: Values = new Map([
    [x, numbers(seeded(4), 6)],
    [w, numbers(seeded(5), 10)],
    [targets, [4, 0, 2]],
  ]);
  const logits = ops.matmul(x, w);
  const loss = ops.sum(ops.crossEntropy(logits, targets));
  expectSameAsReference(engines, [loss, ...grad(loss, [x, w])], values, "in place");
  expectSameAsReference(engines, [loss, logits, ...grad(loss, [x, w])], values, "still needed");
  expectSameAsReference(engines, [ops.softmax(logits), ops.logSoftmax(ops.neg(logits))], values, "soft family");
});

test("of a language model's logits one tensor is kept for value and gradient, never two", () => {
  const [hidden, head] = [input("hidden", [64, 8]), parameter("head", [4096, 8])];
  const targets = input("targets", [64], "i32");
  const logits = ops.matmul(hidden, head, { transposeB: true });
  const loss = ops.mean(ops.crossEntropy(logits, targets));
  const block = new ParameterBlock(engines[0], [head]);
  const outputs = { loss, gradient: grad(loss, [head]), toHidden: grad(loss, [hidden])[0] };
  const { arenaBytes } = compile(engines[0], { outputs, parameters: [block] });
  expect(arenaBytes).toBeGreaterThanOrEqual(4 * 64 * 4096);
  expect(arenaBytes).toBeLessThan(1.05 * 4 * 64 * 4096);
});

describe("outputs", () => {
  test("that are inputs, constants, parts of each other or the same tensor twice", () => {
    const x = input("x", [2, 3]);
    const values: Values = new Map([[x, [1, 2, 3, 4, 5, 6]]]);
    const y = ops.square(x);
    const outputs = [
      x,
      x,
      y,
      y,
      ops.reshape(y, [6]),
      ops.slice(y, [1, 0], [1, 3]),
      constant([7, 8], [2]),
      constant(9),
      ops.add(x, 0),
    ];
    expectSameAsReference(engines, outputs, values, "shared outputs");
  });

  test("given as a list lie one behind the other on cache lines, with zeros between", () => {
    for (const engine of engines) {
      const [a, b] = [input("a", [3]), input("b", [2, 10])];
      const program = compile(engine, { outputs: { list: [ops.neg(a), ops.neg(b), a], single: [ops.neg(a)] } });
      program.input("a").set([1, 2, 3]);
      program.input("b").fill(5);
      program.run();
      const zeros = (n: number) => new Array<number>(n).fill(0);
      const list = [-1, -2, -3, ...zeros(13), ...new Array<number>(20).fill(-5), ...zeros(12), 1, 2, 3, ...zeros(13)];
      expect(Array.from(program.output("list"), (v) => v + 0)).toEqual(list);
      expect(program.output("single").length).toBe(16);
    }
  });

  test("of whole numbers", () => {
    for (const engine of engines) {
      const x = input("x", [2, 3]);
      const program = compile(engine, { outputs: { best: ops.argmax(x), cut: ops.toInt(x) } });
      program.input("x").set([1.9, -2.9, 0, 4, 9.5, 9.4]);
      program.run();
      expect([...program.outputInts("best")]).toEqual([0, 1]);
      expect([...program.outputInts("cut")]).toEqual([1, -2, 0, 4, 9, 9]);
    }
  });
});

test("an input bound to another program's output reads it without a copy", () => {
  for (const engine of engines) {
    const x = input("x", [4]);
    const first = compile(engine, { outputs: { y: ops.square(x) } });
    const y = input("y", [4]);
    const second = compile(engine, {
      outputs: { z: ops.add(y, 1) },
      bindings: new Map([[y, first.outputRegion("y")]]),
    });
    first.input("x").set([1, 2, 3, 4]);
    first.run();
    second.run();
    expect([...second.output("z")]).toEqual([2, 5, 10, 17]);
    expect(second.inputRegion("y").pointer).toBe(first.outputRegion("y").pointer);
  }
});

test("parameters live in their block; the flat gradient has the block's layout", () => {
  for (const engine of engines) {
    const [w, b] = [parameter("w", [2, 3]), parameter("b", [3])];
    const block = new ParameterBlock(engine, [w, b]);
    expect(block.count).toBe(9);
    expect(block.names).toEqual(["w", "b"]);
    block.values("w").set([1, 2, 3, 4, 5, 6]);
    block.values("b").set([10, 20, 30]);
    const loss = ops.sum(ops.square(ops.add(w, b)));
    const program = compile(engine, { outputs: { loss, gradient: grad(loss, block.tensors) }, parameters: [block] });
    program.run();
    const gradient = program.output("gradient");
    expect(gradient.length).toBe(block.region.length);
    expect([...gradient.subarray(0, 6)]).toEqual([22, 44, 66, 28, 50, 72]);
    expect([...gradient.subarray(16, 19)]).toEqual([50, 94, 138]);
    block.values("b").fill(0);
    program.run();
    expect(program.scalar("loss")).toBe(91);
    expect(block.flat().length).toBe(32);
  }
});

test("views are taken anew after the engine's memory grew", () => {
  for (const engine of engines) {
    const x = input("x", [3]);
    const program = compile(engine, { outputs: { y: ops.neg(x) } });
    const before = program.input("x");
    before.set([1, 2, 3]);
    engine.allocate(engine.memory.buffer.byteLength / 4);
    expect(before.length).toBe(0);
    program.run();
    expect([...program.input("x")]).toEqual([1, 2, 3]);
    expect([...program.output("y")]).toEqual([-1, -2, -3]);
  }
});

test("memory is reused: a long chain needs no more than a short one", () => {
  const [engine] = engines;
  const x = input("x", [32, 64]);
  const chain = (pairs: number) => {
    let y = ops.transpose(x);
    for (let i = 0; i < pairs; i++) y = ops.transpose(ops.tanh(y));
    return compile(engine, { outputs: { y: ops.sum(y) } }).arenaBytes;
  };
  expect(chain(40)).toBe(chain(3));
  expect(chain(40)).toBe(2 * 4 * 32 * 64);
});

test("where writes over an operand that dies with it, and over nothing that is still read", () => {
  const [x, y] = [input("x", [9]), input("y", [9])];
  const random = seeded(3);
  const values: Values = new Map([
    [x, numbers(random, 9)],
    [y, numbers(random, 9)],
  ]);
  const [a, b] = [ops.exp(x), ops.sin(y)];
  const c = ops.greater(a, 1);
  const first = ops.slice(a, [0], [1]);
  expectSameAsReference(engines, [ops.neg(ops.where(c, a, b))], values, "all die");
  expectSameAsReference(engines, [ops.where(c, ops.where(c, a, b), a), b], values, "read again");
  expectSameAsReference(engines, [ops.neg(ops.where(c, first, a))], values, "a part of it repeated");
  expectSameAsReference(engines, [ops.neg(ops.where(a, a, a))], values, "itself three times");
});

test("memory used up is an error, and what fits still does afterwards", async () => {
  const engine = await createEngine();
  const before = engine.bytesInUse;
  expect(() => engine.allocate(2 ** 29)).toThrow(/memory is used up: got 2048 MiB in all, expected less than 2048 MiB/);
  expect(engine.bytesInUse).toBe(before);
  const x = input("x", [3]);
  const program = compile(engine, { outputs: { y: ops.neg(x) } });
  program.input("x").set([1, 2, 3]);
  program.run();
  expect([...program.output("y")]).toEqual([-1, -2, -3]);
});

test("allocations are zeroed and on cache lines", () => {
  const [engine] = engines;
  for (const length of [1, 17, 300]) {
    const region = engine.allocate(length);
    expect(region.pointer % 64).toBe(0);
    expect(floatsOf(region).every((v) => v === 0)).toBe(true);
  }
});
