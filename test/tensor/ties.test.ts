/** Which of equals is taken, and which way the gradient goes: the conventions that the operations state, in numbers. */

import { beforeAll, describe, expect, test } from "vitest";
import { createEngine, type Engine } from "../../src/tensor/engine.ts";
import { grad } from "../../src/tensor/grad.ts";
import { input, type Tensor } from "../../src/tensor/graph.ts";
import { abs, clip, max, min, relu } from "../../src/tensor/ops/elementwise.ts";
import { argmax, maximum, minimum, sum } from "../../src/tensor/ops/reduce.ts";
import { bothEngines, execute } from "./support.ts";

let engines: Engine[];
beforeAll(async () => {
  engines = await bothEngines();
});

/** Gradients of Σ f by its arguments, the same numbers on both builds. */
function slopes(f: (...x: Tensor[]) => Tensor, ...values: number[][]): number[][] {
  const inputs = values.map((content, i) => input(`x${i}`, [content.length]));
  const gradients = grad(sum(f(...inputs)), inputs);
  const [plain, fused] = engines.map((engine) =>
    execute(engine, gradients, new Map(inputs.map((x, i) => [x, values[i]]))).map((row) => row.map((v) => v + 0)),
  );
  expect(fused).toEqual(plain);
  return plain;
}

describe("min and max", () => {
  test("send everything to the left where both are equal", () => {
    const [a, b] = [
      [1, 2, 3, 0],
      [2, 2, 2, -0],
    ];
    expect(slopes(min, a, b)).toEqual([
      [1, 1, 0, 1],
      [0, 0, 1, 0],
    ]);
    expect(slopes(max, a, b)).toEqual([
      [0, 1, 1, 1],
      [1, 0, 0, 0],
    ]);
  });

  test("of a tensor with itself count once", () => {
    expect(slopes((x) => min(x, x), [1, 2])).toEqual([[1, 1]]);
  });
});

test("clip lets the gradient through at its bounds and stops it outside", () => {
  expect(slopes((x) => clip(x, 0.5, 1.5), [0.25, 0.5, 1, 1.5, 1.75])).toEqual([[0, 1, 1, 1, 0]]);
});

test("maximum and minimum share it equally among the largest", () => {
  expect(slopes((x) => maximum(x), [3, 1, 3, 3])).toEqual([[1, 0, 1, 1].map((v) => Math.fround(v / 3))]);
  expect(slopes((x) => minimum(x), [2, 1, 1, 3])).toEqual([[0, 0.5, 0.5, 0]]);
});

test("relu and abs are flat at 0", () => {
  expect(slopes(relu, [-1, -0, 0, 1])).toEqual([[0, 0, 0, 1]]);
  expect(slopes(abs, [-1, -0, 0, 1])).toEqual([[-1, 0, 0, 1]]);
});

test("argmax takes the first of the largest, in every build", async () => {
  const rows = [
    [3, 1, 3, 3, 0],
    [0, 0, 0, 0, 0],
    [-1, -5, -1, -2, -1],
    [0, 1, 1, 1, 1],
  ];
  const x = input("x", [4, 5]);
  for (const engine of [...engines, await createEngine({ build: "javascript" })]) {
    expect(execute(engine, [argmax(x)], new Map([[x, rows.flat()]]))).toEqual([[0, 0, 0, 1]]);
  }
});
