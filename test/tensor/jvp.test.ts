/** Forward mode against finite differences, and against reverse mode: ⟨u, J v⟩ = ⟨Jᵀ u, v⟩. */

import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import {
  type Engine,
  hessianVectorProduct,
  input,
  jvp,
  mul,
  sizeOf,
  stopGradient,
  sum,
  type Tensor,
  topologicalOrder,
  vjp,
} from "../../src/tensor/index.ts";
import { randomGraph } from "./randomGraphs.ts";
import { evaluate } from "./reference.ts";
import { bothEngines, expectSameAsReference, numbers, seeded, type Values } from "./support.ts";

let engines: Engine[];
beforeAll(async () => {
  engines = await bothEngines();
});

const choices = fc.array(fc.nat(9973), { minLength: 4, maxLength: 40 });
const STEP = 1e-6;

function withVectors(outputs: Tensor[], values: Values) {
  const inputs = [...values.keys()].filter(({ dtype }) => dtype === "f32");
  const random = seeded(21);
  const all: Values = new Map(values);
  const like = (tensors: readonly Tensor[], name: string) =>
    tensors.map(({ shape }, i) => {
      const tensor = input(`${name}${i}`, shape);
      all.set(tensor, numbers(random, sizeOf(shape), -1, 1));
      return tensor;
    });
  return { inputs, v: like(inputs, "v"), u: like(outputs, "u"), all };
}

const inner = (a: readonly number[][], b: readonly number[][]) =>
  a.reduce((sum, row, k) => sum + row.reduce((s, x, i) => s + x * b[k][i], 0), 0);

test("random graphs: J v by differences along v", () => {
  fc.assert(
    fc.property(choices, fc.integer({ min: 1, max: 8 }), (list, steps) => {
      const { outputs, values } = randomGraph(list, steps, true);
      fc.pre(!topologicalOrder(outputs).some(({ op }) => op === "stopGradient"));
      const { inputs, v, all } = withVectors(outputs, values);
      const at = (h: number) => {
        const moved = new Map(values);
        inputs.forEach((x, k) => {
          moved.set(
            x,
            values.get(x)!.map((value, i) => value + h * all.get(v[k])![i]),
          );
        });
        return evaluate(outputs, moved);
      };
      const [above, below] = [at(STEP), at(-STEP)];
      evaluate(jvp(outputs, inputs, v), all).forEach((tangent, k) => {
        tangent.forEach((value, i) => {
          const difference = (above[k][i] - below[k][i]) / (2 * STEP);
          if (!(Math.abs(value - difference) <= 1e-5 * (1 + Math.abs(value)))) expect(value).toBeCloseTo(difference, 6);
        });
      });
    }),
    { seed: 31, numRuns: 150 },
  );
});

test("random graphs: ⟨u, J v⟩ = ⟨Jᵀ u, v⟩, and programs give the reference's J v", () => {
  fc.assert(
    fc.property(choices, fc.integer({ min: 1, max: 10 }), (list, steps) => {
      const { outputs, values } = randomGraph(list, steps, true);
      const { inputs, v, u, all } = withVectors(outputs, values);
      const forward = jvp(outputs, inputs, v);
      const jv = evaluate(forward, all);
      const uj = evaluate(vjp(outputs, u, inputs), all);
      const numbersOf = (tensors: Tensor[]) => tensors.map((tensor) => all.get(tensor)!);
      const [left, right] = [inner(numbersOf(u), jv), inner(uj, numbersOf(v))];
      expect(Math.abs(left - right)).toBeLessThanOrEqual(1e-9 * (1 + Math.abs(left)));
      expectSameAsReference(engines, forward, all, "J v", { absolute: 1e-3, relative: 1e-3 });
    }),
    { seed: 32, numRuns: 60 },
  );
});

test("outputs that do not depend on the inputs have tangent 0; stopGradient lets no tangent through", () => {
  const [x, other, v] = [input("x", [3]), input("other", [2]), input("v", [3])];
  const values: Values = new Map([
    [x, [1, 2, 3]],
    [other, [4, 5]],
    [v, [1, 1, 1]],
  ]);
  const tangents = jvp([mul(other, 2), mul(x, stopGradient(x)), x], [x], [v]);
  expect(evaluate(tangents, values)).toEqual([
    [0, 0],
    [1, 2, 3],
    [1, 1, 1],
  ]);
});

test("along nothing, tangents are 0 and there is no Hessian product", () => {
  const x = input("x", [3]);
  expect(evaluate(jvp([mul(x, 2)], [], []), new Map([[x, [1, 2, 3]]]))).toEqual([[0, 0, 0]]);
  expect(hessianVectorProduct(sum(x), [], [])).toEqual([]);
});
