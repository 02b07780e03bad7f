/** What the tests of preference losses share: recordings, and graphs evaluated in float64. */

import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { grad } from "../../../src/tensor/grad.ts";
import { constant, input, type Tensor } from "../../../src/tensor/graph.ts";
import { add, mul } from "../../../src/tensor/ops/elementwise.ts";
import { sum } from "../../../src/tensor/ops/reduce.ts";
import { sizeOf } from "../../../src/tensor/shape.ts";
import { evaluate } from "../../tensor/reference.ts";
import { numbers, seeded } from "../../tensor/seeded.ts";

/** A recorded file; "nan" in it stands for NaN. */
export function recording<Content>(path: string): Content {
  const text = readFileSync(new URL(`../../golden/preferences/${path}`, import.meta.url), "utf8");
  return JSON.parse(text, (_, value) => (value === "nan" ? Number.NaN : value)) as Content;
}

/** Inputs by name with their numbers; nested arrays are matrices. */
export class Inputs {
  readonly values = new Map<Tensor, number[]>();

  vector(name: string, values: readonly number[]): Tensor {
    return this.put(input(name, [values.length]), values);
  }

  matrix(name: string, values: readonly (readonly number[])[]): Tensor {
    return this.put(input(name, [values.length, values[0].length]), values.flat());
  }

  value(tensor: Tensor): number {
    return evaluate([tensor], this.values)[0][0];
  }

  all(tensor: Tensor): number[] {
    return evaluate([tensor], this.values)[0];
  }

  gradient(loss: Tensor, by: Tensor): number[] {
    return evaluate(grad(loss, [by]), this.values)[0];
  }

  private put(tensor: Tensor, values: readonly number[]): Tensor {
    this.values.set(tensor, [...values]);
    return tensor;
  }
}

/** |actual − expected| ≤ 1e-4 |expected|, as the recordings are float32; and 1e-6 where they are about 0. */
export function expectRecorded(actual: number, expected: number, what: string): void {
  const error = Math.abs(actual - expected);
  if (!(error <= 1e-4 * Math.abs(expected) + 1e-6)) expect.fail(`${what} is ${actual}, recorded ${expected}`);
}

export function expectAllRecorded(actual: ArrayLike<number>, expected: ArrayLike<number>, what: string): void {
  expect(actual.length, what).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) expectRecorded(actual[i], expected[i], `${what} [${i}]`);
}

const STEP = 1e-5;

function expectDerivative(value: Tensor, by: readonly Tensor[], values: ReadonlyMap<Tensor, number[]>, what: string) {
  const analytic = evaluate(grad(value, by), values);
  by.forEach((tensor, k) => {
    const content = values.get(tensor)!;
    for (let i = 0; i < content.length; i++) {
      const at = (shift: number) =>
        evaluate([value], new Map(values).set(tensor, content.with(i, content[i] + shift)))[0][0];
      const numeric = (at(STEP) - at(-STEP)) / (2 * STEP);
      if (!(Math.abs(numeric - analytic[k][i]) <= 1e-6 * (1 + Math.abs(numeric)))) {
        expect.fail(`${what}: derivative by ${tensor.label}[${i}] is ${analytic[k][i]}, difference ${numeric}`);
      }
    }
  });
}

/** First and second derivatives of a scalar against central differences. */
export function expectDerivatives(
  loss: Tensor,
  by: readonly Tensor[],
  values: ReadonlyMap<Tensor, number[]>,
  what: string,
): void {
  expectDerivative(loss, by, values, what);
  const weighted = grad(loss, by).map((g, i) => sum(mul(g, constantLike(g, i))));
  expectDerivative(weighted.reduce(add), by, values, `${what}, second derivative`);
}

function constantLike(tensor: Tensor, seed: number): Tensor {
  return constant(numbers(seeded(seed + 20), sizeOf(tensor.shape), 0.5, 1.5), tensor.shape);
}

/** Pairs of given log-probabilities; without a reference where none is given. */
export function pairsOf(
  chosen: number[],
  rejected: number[],
  reference?: [number[], number[]],
  lengths?: [number[], number[]],
) {
  const inputs = new Inputs();
  const side = (name: string, k: 0 | 1, values: number[]) => ({
    logProb: inputs.vector(name, values),
    referenceLogProb: reference && inputs.vector(`${name} reference`, reference[k]),
    length: lengths && inputs.vector(`${name} length`, lengths[k]),
  });
  return { inputs, pairs: { chosen: side("chosen", 0, chosen), rejected: side("rejected", 1, rejected) } };
}

/** A single pair whose log-ratios differ by `margin`. */
export const marginOf = (margin: number) => pairsOf([margin - 3], [-4], [[-3], [-4]], [[1], [1]]);
