/** Programs in two halves: the same numbers as one program, and no more work than each half needs. */

import { expect, test } from "vitest";
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
