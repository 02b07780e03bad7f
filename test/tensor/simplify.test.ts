/** What the compiler saves: equal subexpressions, neutral operations, constants, dead code, and steps fused into products. */

import { beforeAll, expect, test } from "vitest";
import { compile } from "../../src/tensor/compile.ts";
import { createEngine, type Engine } from "../../src/tensor/engine.ts";
import { input, type Tensor } from "../../src/tensor/graph.ts";
import * as ops from "../../src/tensor/ops/index.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine({ build: "simd" });
});

const steps = (...outputs: Tensor[]) =>
  compile(engine, { outputs: Object.fromEntries(outputs.map((t, i) => [`o${i}`, t])) }).instructionCount;
const x = input("x", [4, 4]);
const b = input("b", [4]);

test("equal subexpressions are computed once", () => {
  expect(steps(ops.mul(ops.exp(x), ops.exp(x)))).toBe(2);
  expect(steps(ops.add(ops.sum(x, 0), 1), ops.neg(ops.add(ops.sum(x, 0), 1)))).toBe(3);
  expect(steps(ops.sub(ops.sum(x, 0), ops.sum(x, 1)))).toBe(3);
});

test("operations that change nothing disappear, and so does what nobody asks for", () => {
  ops.log(x);
  expect(steps(ops.exp(ops.add(ops.mul(ops.neg(ops.neg(x)), 1), 0)))).toBe(1);
  expect(steps(ops.exp(ops.reshape(ops.reshape(ops.stopGradient(x), [16]), [2, 8])))).toBe(1);
  expect(steps(ops.exp(ops.sub(ops.div(x, 1), 0)))).toBe(1);
});

test("but subtracting from 0 and dividing 1 do not", () => {
  expect(steps(ops.exp(ops.sub(0, x)))).toBe(2);
  expect(steps(ops.exp(ops.div(1, x)))).toBe(2);
});

test("arithmetic of constants is done beforehand", () => {
  const two = ops.add(ops.asTensor(1), 1);
  expect(steps(ops.mul(x, ops.neg(ops.div(ops.mul(two, 3), 4))))).toBe(1);
});

test("a product swallows its bias and activation when nobody else wants the values between", () => {
  const sum = ops.add(ops.matmul(x, x), b);
  expect(steps(ops.tanh(sum))).toBe(1);
  expect(steps(ops.relu(sum))).toBe(1);
  expect(steps(ops.sigmoid(sum))).toBe(2);
  expect(steps(ops.tanh(sum), ops.exp(sum))).toBe(3);
  const product = ops.matmul(x, x);
  expect(steps(ops.tanh(ops.add(product, b)), ops.neg(product))).toBe(4);
});

test("backwards, a product swallows the derivative of the activation before it", () => {
  const [gradient, y] = [input("gradient", [4, 4]), input("y", [4, 4])];
  const product = ops.matmul(gradient, x);
  expect(steps(ops.tanhGrad(product, y))).toBe(1);
  expect(steps(ops.reluGrad(product, y))).toBe(1);
  expect(steps(ops.tanhGrad(product, y), ops.neg(product))).toBe(3);
  expect(steps(ops.tanhGrad(y, product))).toBe(2);
});
