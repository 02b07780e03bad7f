/** Programs in two halves: the same numbers as one program, and no more work than each half needs. */

import { describe, expect, test } from "vitest";
import * as t from "../../src/tensor/index.ts";

const engine = await t.createEngine({ build: "simd" });

function network() {
  const weight = t.parameter("weight", [5, 7]);
  const x = t.input("x", [11, 5]);
  const direction = t.input("direction", [5, 7]);
  const y = t.tanh(t.matmul(x, weight));
  const loss = t.mean(t.square(t.logSumExp(y)));
  return { weight, x, direction, product: t.hessianVectorProduct(loss, [weight], [direction]), loss };
}

function fill(values: Float32Array, seed: number) {
  for (let i = 0; i < values.length; i++) values[i] = Math.fround(Math.sin(seed + 1.7 * i));
}

test("both halves together give the bits of one program", () => {
  const { weight, x, direction, product } = network();
  const block = new t.ParameterBlock(engine, [weight]);
  const place = engine.allocate(55);
  const options = { parameters: [block], outputs: { product }, bindings: new Map([[x, place]]) };
  const whole = t.compile(engine, options);
  const { prepare, program } = t.compileHoisted(engine, options, [direction]);
  fill(block.values("weight"), 1);
  fill(t.floatsOf(place), 2);
  prepare.run();
  for (const seed of [3, 4]) {
    fill(whole.input("direction"), seed);
    fill(program.input("direction"), seed);
    whole.run();
    program.run();
    expect(program.output("product")).toEqual(whole.output("product"));
  }
  expect(program.instructionCount).toBeLessThan(whole.instructionCount);
});

test("what varies is computed anew, what does not is kept until prepared again", () => {
  const a = t.input("a", [3]);
  const b = t.input("b", [3]);
  const { prepare, program } = t.compileHoisted(engine, { outputs: { y: t.mul(t.exp(a), b) } }, [b]);
  prepare.input("a").set([0, 0, 0]);
  program.input("b").set([1, 2, 3]);
  prepare.run();
  program.run();
  expect([...program.output("y")]).toEqual([1, 2, 3]);
  prepare.input("a").set([1, 1, 1]);
  program.run();
  expect([...program.output("y")]).toEqual([1, 2, 3]);
  prepare.run();
  program.run();
  expect(program.output("y")[0]).toBeCloseTo(Math.E, 5);
});

describe("each half computes what it must and no more", () => {
  const [a, b] = [t.input("a", [3]), t.input("b", [4, 3])];
  const cases: [string, t.Tensor, prepared: number, varying: number][] = [
    ["an operation on what stays", t.mul(t.exp(a), b), 1, 1],
    ["an operation behind a reshape", t.mul(t.reshape(t.exp(a), [1, 3]), b), 1, 1],
    [
      "an operation behind a broadcast and a reshape",
      t.concat([t.broadcastTo(t.reshape(t.exp(a), [1, 3]), [4, 3]), b]),
      1,
      3,
    ],
    ["an output that does not vary", t.exp(a), 1, 1],
  ];
  for (const [name, y, prepared, varying] of cases) {
    test(name, () => {
      const { prepare, program } = t.compileHoisted(engine, { outputs: { y } }, [b]);
      expect([prepare.instructionCount, program.instructionCount]).toEqual([prepared, varying]);
    });
  }

  test("an input that both halves read is one place in memory", () => {
    const y = t.add(t.mul(t.exp(a), b), a);
    const { prepare, program } = t.compileHoisted(engine, { outputs: { y } }, [b]);
    expect([prepare.instructionCount, program.instructionCount]).toEqual([1, 2]);
    prepare.input("a").set([0, 0, 0]);
    expect(program.inputRegion("a")).toEqual(prepare.inputRegion("a"));
    prepare.input("a").set([1, 0, -1]);
    program.input("b").fill(1);
    prepare.run();
    program.run();
    [Math.E + 1, 1, 1 / Math.E - 1].forEach((value, i) => {
      expect(program.output("y")[i]).toBeCloseTo(value, 5);
    });
  });
});
