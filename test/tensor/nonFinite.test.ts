/** NaN and infinities: found where they are born, named, and not leaked through masks. */

import { beforeAll, describe, expect, test } from "vitest";
import type { AscentError } from "../../src/errors.ts";
import { compile } from "../../src/tensor/compile.ts";
import { createEngine, type Engine, floatsOf } from "../../src/tensor/engine.ts";
import { grad } from "../../src/tensor/grad.ts";
import { constant, input, label, parameter } from "../../src/tensor/graph.ts";
import * as ops from "../../src/tensor/ops/index.ts";
import { ParameterBlock } from "../../src/tensor/parameters.ts";
import { bothEngines, execute } from "./support.ts";

let engines: Engine[];
let engine: Engine;
beforeAll(async () => {
  engines = await bothEngines();
  engine = await createEngine({ build: "simd" });
});

describe("requireFinite", () => {
  const x = input("observations", [2, 3]);
  const w = parameter("weight", [3, 2]);

  function make() {
    const block = new ParameterBlock(engine, [w]);
    const logits = label(ops.matmul(x, w), "logits");
    const ratio = label(ops.exp(logits), "ratio");
    const program = compile(engine, {
      name: "loss",
      outputs: { loss: ops.mean(ops.square(ratio)) },
      parameters: [block],
    });
    block.values("weight").fill(1);
    program.input("observations").fill(0.5);
    program.run();
    return { block, program };
  }

  const messageOf = (action: () => unknown) => {
    try {
      action();
    } catch (error) {
      expect((error as AscentError).code).toBe("non-finite");
      return (error as AscentError).message;
    }
    return expect.fail("nothing was thrown");
  };

  test("passes finite numbers", () => {
    const { program } = make();
    expect(() => program.requireFinite("Training")).not.toThrow();
    expect(program.explainNonFinite()).toBeUndefined();
  });

  test("names the operation and its label", () => {
    const { program } = make();
    program.input("observations").fill(40);
    program.run();
    const message = messageOf(() => program.requireFinite("The policy update"));
    expect(message).toContain('The policy update stopped: program "loss" gave a non-finite "loss"');
    expect(message).toContain('exp "ratio" [2, 2] of (matmul "logits" [2, 2]) gave Infinity at position 0');
    expect(message).toContain("learning rate");
  });

  test("names the input or the parameter and the position", () => {
    const { block, program } = make();
    program.input("observations")[4] = Number.NaN;
    program.run();
    expect(messageOf(() => program.requireFinite("Acting"))).toContain(
      'input "observations" [2, 3] holds NaN at position 4',
    );
    program.input("observations").fill(0);
    block.values("weight")[3] = -Infinity;
    program.run();
    expect(program.explainNonFinite()).toBe('parameter "weight" [3, 2] holds -Infinity at position 3');
  });

  test("looks no further than the tensor in memory that is longer", () => {
    const region = engine.allocate(100);
    floatsOf(region)[50] = Number.NaN;
    const y = input("y", [3]);
    const program = compile(engine, { outputs: { out: ops.log(y) }, bindings: new Map([[y, region]]) });
    program.run();
    expect(program.explainNonFinite()).toBe('log [3] of (input "y" [3]) gave -Infinity at position 0');
  });

  test("finds the first of several, in fused products too", () => {
    const y = input("y", [2, 2]);
    const product = label(ops.add(ops.matmul(y, y), constant([1, 1], [2])), "hidden");
    const program = compile(engine, { outputs: { out: ops.log(ops.neg(ops.square(product))) } });
    program.input("y").fill(3e20);
    program.run();
    expect(program.explainNonFinite()).toContain('add "hidden"');
    program.input("y").fill(1);
    program.run();
    expect(program.explainNonFinite()).toMatch(/^log \[2, 2\] of \(neg \[2, 2\]\) gave NaN/);
  });

  test("the kernel sees every bit pattern that is not finite, at every position", () => {
    const region = engine.allocate(37);
    const view = floatsOf(region);
    const bits = new Uint32Array(view.buffer, view.byteOffset, 37);
    expect(engine.kernels.firstNonFinite(region.pointer, 37)).toBe(0);
    for (const pattern of [0x7f800000, 0xff800000, 0x7fc00000, 0x7f800001, 0xffffffff]) {
      for (let i = 0; i < 37; i++) {
        view.fill(3.4028234663852886e38);
        bits[i] = pattern;
        expect(engine.kernels.firstNonFinite(region.pointer, 37)).toBe(i + 1);
      }
    }
  });
});

describe("masks", () => {
  const x = input("x", [4]);
  const values = new Map([[x, [1, NaN, -Infinity, 2]]]);
  const mask = constant([1, 0, 0, 1], [4]);

  test("where does not let a NaN or infinity of the branch not taken through, in value or gradient", () => {
    const y = ops.where(mask, x, 0);
    const loss = ops.sum(ops.square(y));
    for (const one of engines) {
      const [out, gradient] = execute(one, [y, ...grad(loss, [x])], values);
      expect(out).toEqual([1, 0, 0, 2]);
      expect(gradient.map((v) => v + 0)).toEqual([2, 0, 0, 4]);
    }
  });

  test("the gradient into the branch not taken is 0; with a safe argument nothing non-finite arises behind it", () => {
    const p = input("p", [3]);
    const c = ops.greater(p, 0);
    const entropy = ops.sum(ops.where(c, ops.mul(p, ops.log(ops.where(c, p, 1))), 0));
    for (const one of engines) {
      const [value, gradient] = execute(one, [entropy, ...grad(entropy, [p])], new Map([[p, [0, 0.5, 1]]]));
      expect(value[0]).toBeCloseTo(0.5 * Math.log(0.5), 6);
      expect(gradient[0] + 0).toBe(0);
      expect(gradient[1]).toBeCloseTo(Math.log(0.5) + 1, 6);
      expect(gradient[2]).toBe(1);
    }
  });

  test("the side that min, max, clip and maximum do not take gets 0, however infinite the gradient is", () => {
    const y = input("y", [2]);
    const losses = [
      ops.sqrt(ops.max(y, 0)),
      ops.sqrt(ops.neg(ops.min(ops.neg(y), 0))),
      ops.log(ops.clip(y, 0, 9)),
      ops.reciprocal(ops.sub(4, ops.maximum(y, 0, { keepDims: true }))),
    ].map((out) => ops.sum(out));
    for (const one of engines) {
      const gradients = losses.map((loss) => execute(one, grad(loss, [y]), new Map([[y, [-1, 4]]]))[0]);
      expect(gradients.map((row) => row.map((v) => v + 0))).toEqual([
        [0, 0.25],
        [0, 0.25],
        [0, 0.25],
        [0, Infinity],
      ]);
    }
  });

  test("relu, its gradient, min, max, sums and maxima hand NaN on", () => {
    const y = input("y", [4]);
    const all = [ops.relu(x), ops.min(x, y), ops.max(y, x), ops.clip(x, -1, 1), ops.abs(x), ops.sign(x)];
    const both = new Map([...values, [y, [0, 0, 0, 0]]]);
    for (const one of engines) {
      for (const out of execute(one, all, both)) expect(out.map(Number.isNaN)).toEqual([false, true, false, false]);
      const reduced = execute(one, [ops.sum(x), ops.maximum(x), ops.logSumExp(x)], both);
      expect(reduced.flat()).toEqual([NaN, NaN, NaN]);
    }
  });
});

test("the sign of an infinity is ±1", () => {
  const x = input("x", [2]);
  for (const one of engines)
    expect(execute(one, [ops.sign(x)], new Map([[x, [Infinity, -Infinity]]]))[0]).toEqual([1, -1]);
});

test("0 and −0 stay different constants", () => {
  const x = input("x", [1]);
  const outputs = [ops.div(x, constant([0, 0], [2])), ops.div(x, constant([-0, -0], [2]))];
  for (const one of engines) {
    expect(execute(one, outputs, new Map([[x, [1]]]))).toEqual([
      [Infinity, Infinity],
      [-Infinity, -Infinity],
    ]);
  }
});

test("the number that is shown is the one at the position that is named", () => {
  const y = input("y", [4]);
  const program = compile(engine, { outputs: { z: ops.log(y) } });
  for (const [k, odd, shown] of [
    [0, 0, "-Infinity"],
    [2, -1, "NaN"],
    [3, 0, "-Infinity"],
  ] as const) {
    program.input("y").fill(2);
    program.input("y")[k] = odd;
    program.run();
    expect(program.explainNonFinite()).toBe(`log [4] of (input "y" [4]) gave ${shown} at position ${k}`);
  }
});
