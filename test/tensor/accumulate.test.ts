/** Gradients that arrive in many parts: joined they are what a chain of additions gives. */

import { describe, expect, test } from "vitest";
import { compile, createEngine, grad, input, type Tensor } from "../../src/tensor/index.ts";
import { add, mul, square } from "../../src/tensor/ops/elementwise.ts";
import { slice, sliceAxis } from "../../src/tensor/ops/layout.ts";
import { matmul } from "../../src/tensor/ops/matmul.ts";
import { sum } from "../../src/tensor/ops/reduce.ts";
import { evaluate } from "./reference.ts";
import { bothEngines, expectSameAsReference, numbers, seeded, type Values } from "./support.ts";

/** d(Σ partsᵢ · (i + 1)) / dx, run with x = 1, 2, …; and the operation that makes it. */
async function gradientOf(shape: readonly number[], partsOf: (x: Tensor) => Tensor[]) {
  const x = input("x", shape);
  const loss = partsOf(x)
    .map((part, i) => mul(sum(part), i + 1))
    .reduce(add);
  const [gradient] = grad(loss, [x]);
  const program = compile(await createEngine(), { outputs: { gradient, loss } });
  program.input("x").forEach((_, i, all) => {
    all[i] = i + 1;
  });
  program.run();
  return { op: gradient.op, values: [...program.output("gradient")] };
}

describe("pieces of a tensor", () => {
  test("side by side, in any order: one concatenation", async () => {
    const pieces = (x: Tensor) => [sliceAxis(x, 0, 2, 2), sliceAxis(x, 0, 0, 2), sliceAxis(x, 0, 4, 1)];
    expect(await gradientOf([5], pieces)).toEqual({ op: "concat", values: [2, 2, 1, 1, 3] });
    const columns = (x: Tensor) => [sliceAxis(x, 1, 1, 2), sliceAxis(x, 1, 0, 1)];
    expect(await gradientOf([2, 3], columns)).toEqual({ op: "concat", values: [2, 1, 1, 2, 1, 1] });
  });

  test("with gaps between, before and behind: zeros there", async () => {
    const pieces = (x: Tensor) => [sliceAxis(x, 0, 1, 1), sliceAxis(x, 0, 3, 2)];
    expect(await gradientOf([7], pieces)).toEqual({ op: "concat", values: [0, 1, 0, 2, 2, 0, 0] });
  });

  test("that overlap are added", async () => {
    const pieces = (x: Tensor) => [sliceAxis(x, 0, 0, 3), sliceAxis(x, 0, 2, 2)];
    expect(await gradientOf([4], pieces)).toEqual({ op: "add", values: [1, 1, 3, 2] });
  });

  test("cut along different axes, or along two at once, are added", async () => {
    const crossed = (x: Tensor) => [sliceAxis(x, 0, 0, 1), sliceAxis(x, 1, 1, 1)];
    expect(await gradientOf([2, 2], crossed)).toEqual({ op: "add", values: [1, 3, 0, 2] });
    const blocks = (x: Tensor) => [slice(x, [0, 0], [1, 1]), slice(x, [1, 1], [1, 1])];
    expect(await gradientOf([2, 2], blocks)).toEqual({ op: "add", values: [1, 0, 0, 2] });
  });

  test("beside a use of the whole are added", async () => {
    const pieces = (x: Tensor) => [sliceAxis(x, 0, 0, 1), sliceAxis(x, 0, 1, 1), x];
    expect((await gradientOf([2], pieces)).values).toEqual([4, 5]);
  });
});

describe("a weight used by many products", () => {
  const run = async (uses: number) => {
    const [weight, bias] = [input("weight", [2, 3]), input("bias", [3])];
    const rows = Array.from({ length: uses }, (_, i) => input(`rows${i}`, [2, 2]));
    // Each use with a factor of its own, so that the products' gradients differ.
    const loss = rows.map((x, i) => mul(sum(add(matmul(x, weight), bias)), i + 1)).reduce(add);
    const [toWeight, toBias] = grad(loss, [weight, bias]);
    const program = compile(await createEngine(), { outputs: { toWeight, toBias } });
    const expected = [0, 0];
    rows.forEach((_, i) => {
      const values = [i, 2 * i + 1, -i, 3];
      program.input(`rows${i}`).set(values);
      for (const k of [0, 1]) expected[k] += (values[k] + values[2 + k]) * (i + 1);
    });
    program.run();
    const total = (uses * (uses + 1)) / 2;
    expect([...program.output("toWeight")]).toEqual(expected.flatMap((x) => [x, x, x]));
    expect([...program.output("toBias")]).toEqual([2 * total, 2 * total, 2 * total]);
    return [toWeight.op, toBias.op];
  };

  test("a few are added, many are one product and one sum of all rows", async () => {
    expect(await run(2)).toEqual(["add", "add"]);
    expect(await run(5)).toEqual(["matmul", "sum"]);
  });

  test("a batch of weights shared by many products with one matrix each is added up member by member", async () => {
    const weight = input("weight", [2, 3, 4]);
    const values: Values = new Map([[weight, numbers(seeded(1), 24)]]);
    const products = Array.from({ length: 5 }, (_, i) => {
      const mixing = input(`mixing${i}`, [2, 3]);
      values.set(mixing, numbers(seeded(2 + i), 6));
      return mul(sum(square(matmul(mixing, weight))), i + 1);
    });
    expectSameAsReference(await bothEngines(), grad(products.reduce(add), [weight]), values, "batched weight");
    const [x, scale] = [values.get(weight)!, 1e-3];
    const loss = products.reduce(add);
    const slope = evaluate(grad(loss, [weight]), values)[0];
    x.forEach((value, i) => {
      const at = (shift: number) => evaluate([loss], new Map(values).set(weight, x.with(i, value + shift)))[0][0];
      expect(slope[i]).toBeCloseTo((at(scale) - at(-scale)) / (2 * scale), 6);
    });
  });
});
