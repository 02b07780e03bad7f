/**
 * Every derivative rule: the graphs that `grad` builds, evaluated in float64 by the reference interpreter, against central
 * differences, once and twice over; and the same graphs compiled, against the reference.
 */

import { beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../../src/tensor/engine.ts";
import { grad, hessianVectorProduct } from "../../src/tensor/grad.ts";
import { constant, input, type Tensor } from "../../src/tensor/graph.ts";
import { add, exp, mul, relu, sigmoid, square, stopGradient, sub, tanh } from "../../src/tensor/ops/elementwise.ts";
import { matmul } from "../../src/tensor/ops/matmul.ts";
import { mean, sum } from "../../src/tensor/ops/reduce.ts";
import { logSoftmax } from "../../src/tensor/ops/softmax.ts";
import { sizeOf } from "../../src/tensor/shape.ts";
import { instance, type OpCase, opCases } from "./opCases.ts";
import { evaluate } from "./reference.ts";
import { bothEngines, expectSameAsReference, numbers, seeded, type Values } from "./support.ts";

let engines: Engine[];
beforeAll(async () => {
  engines = await bothEngines();
});

const STEP = 1e-5;
/** Directions per tensor: a random sample of its entries when it has more. */
const MAXIMUM_ENTRIES = 4;

/** A scalar with a different weight for each entry, so that no error cancels. */
function weighted(tensor: Tensor, seed: number): Tensor {
  return sum(mul(tensor, constant(numbers(seeded(seed), sizeOf(tensor.shape), 0.5, 1.5), tensor.shape)));
}

function expectDerivative(
  loss: Tensor,
  gradients: readonly Tensor[],
  wrt: readonly Tensor[],
  values: Values,
  what: string,
) {
  const random = seeded(5);
  const analytic = evaluate(gradients, values);
  wrt.forEach((tensor, k) => {
    const content = values.get(tensor)!;
    const entries = new Set(
      content.length <= MAXIMUM_ENTRIES
        ? content.keys()
        : Array.from({ length: MAXIMUM_ENTRIES }, () => Math.floor(random.uniform() * content.length)),
    );
    for (const i of entries) {
      const at = (shift: number) =>
        evaluate([loss], new Map(values).set(tensor, content.with(i, content[i] + shift)))[0][0];
      const numeric = (at(STEP) - at(-STEP)) / (2 * STEP);
      const error = Math.abs(numeric - analytic[k][i]);
      if (!(error <= 1e-6 * (1 + Math.abs(numeric)))) {
        expect.fail(`${what}: derivative by ${tensor.label}[${i}] is ${analytic[k][i]}, central difference ${numeric}`);
      }
    }
  });
}

function checkCase(one: OpCase, seed: number): void {
  const { inputs, output, values } = instance(one, seed);
  const wrt = inputs.filter(({ dtype }) => dtype === "f32");
  if (wrt.length === 0 || output.dtype !== "f32") return;
  const loss = weighted(output, 3);
  const first = grad(loss, wrt);
  first.forEach((gradient, i) => {
    expect(gradient.shape, `${one.name}: shape`).toEqual(wrt[i].shape);
  });
  expectDerivative(loss, first, wrt, values, one.name);

  const slope = first.map((gradient, i) => weighted(gradient, 10 + i)).reduce((a, b) => add(a, b));
  const second = grad(slope, wrt);
  expectDerivative(slope, second, wrt, values, `${one.name}, second derivative`);
  expectSameAsReference(engines, [...first, ...second], values, `${one.name}, gradients`, {
    absolute: 1e-4,
    relative: 1e-4,
  });
}

const groups = new Map<string, OpCase[]>();
for (const one of opCases) {
  // A sum over hundreds of entries has no more rules than one over seven.
  if (one.operands.some(({ shape }) => sizeOf(shape) > 130)) continue;
  const op = one.name.split(" ")[0];
  if (op === "stopGradient") continue;
  groups.set(op, [...(groups.get(op) ?? []), one]);
}

describe("first and second derivatives", () => {
  for (const [op, cases] of groups) {
    test(`${op}: ${cases.length} shapes`, () => {
      cases.forEach((one, i) => {
        checkCase(one, 100 + i);
      });
    });
  }
});

test("stopGradient lets the value through and no gradient", () => {
  const x = input("x", [3]);
  const values: Values = new Map([[x, [1, 2, 3]]]);
  const [gradient] = grad(sum(mul(stopGradient(square(x)), x)), [x]);
  expect(evaluate([gradient], values)[0]).toEqual([1, 4, 9]);
  expect(evaluate(grad(sum(stopGradient(x)), [x]), values)[0]).toEqual([0, 0, 0]);
});

test("gradients by tensors that are not leaves, by the loss itself, and by what it does not depend on", () => {
  const x = input("x", [2]);
  const other = input("other", [2, 2]);
  const y = square(x);
  const loss = sum(mul(y, y));
  const values: Values = new Map([[x, [2, 3]]]);
  const gradients = grad(loss, [y, loss, other, x, x]);
  expect(evaluate(gradients, values)).toEqual([[8, 18], [1], [0, 0, 0, 0], [32, 108], [32, 108]]);
});

test("Hessian-vector and Fisher-vector products of a small network", () => {
  const random = seeded(9);
  const x = input("x", [5, 3]);
  const weights = [input("w1", [3, 4]), input("b1", [4]), input("w2", [4, 2])];
  const direction = weights.map(({ shape }, i) => input(`v${i}`, shape));
  const values: Values = new Map(
    [x, ...weights, ...direction].map((t) => [t, numbers(random, sizeOf(t.shape), -1, 1)]),
  );
  const logProbs = logSoftmax(matmul(tanh(add(matmul(x, weights[0]), weights[1])), weights[2]));
  const fixed = stopGradient(logProbs);
  const kl = mean(sum(mul(exp(fixed), sub(fixed, logProbs)), 1));
  for (const loss of [mean(square(logProbs)), kl]) {
    const products = hessianVectorProduct(loss, weights, direction);
    const gradients = grad(loss, weights);
    // Along the direction: (∇loss(θ + h v) − ∇loss(θ − h v)) / 2h.
    const shifted = (h: number) => {
      const at = new Map(values);
      weights.forEach((w, i) => {
        const v = values.get(direction[i])!;
        at.set(
          w,
          values.get(w)!.map((value, k) => value + h * v[k]),
        );
      });
      return at;
    };
    if (loss !== kl) {
      const [above, below] = [evaluate(gradients, shifted(STEP)), evaluate(gradients, shifted(-STEP))];
      evaluate(products, values).forEach((product, i) => {
        product.forEach((value, k) => {
          expect(Math.abs(value - (above[i][k] - below[i][k]) / (2 * STEP))).toBeLessThan(1e-6);
        });
      });
    } else {
      // The Fisher matrix is J ᵀ diag(p) J averaged: vᵀFv is the mean variance of the score along v, from differences.
      const [above, below] = [evaluate([logProbs], shifted(STEP))[0], evaluate([logProbs], shifted(-STEP))[0]];
      const p = evaluate([exp(logProbs)], values)[0];
      let expected = 0;
      p.forEach((probability, k) => {
        expected += (probability * ((above[k] - below[k]) / (2 * STEP)) ** 2) / 5;
      });
      let quadratic = 0;
      evaluate(products, values).forEach((product, i) => {
        product.forEach((value, k) => {
          quadratic += value * values.get(direction[i])![k];
        });
      });
      expect(Math.abs(quadratic - expected)).toBeLessThan(1e-7);
    }
    expectSameAsReference(engines, products, values, "vector products");
  }
});

test("an activation of a gradient is of the gradient, and so is one of a biased product's", () => {
  const [x, w, v] = [input("x", [3, 4]), input("w", [4, 5]), input("v", [5, 2])];
  const random = seeded(31);
  const values: Values = new Map([
    [x, numbers(random, 12, -1, 1)],
    [w, numbers(random, 20, -1, 1)],
    [v, numbers(random, 10, -1, 1)],
  ]);
  const hidden = tanh(matmul(x, w));
  const loss = sum(square(matmul(hidden, v)));
  const [byW, byX] = grad(loss, [w, x]);
  const rectified = relu(matmul(x, w));
  const [byX2] = grad(sum(square(matmul(rectified, v))), [x]);
  expectSameAsReference(
    engines,
    [tanh(byW), sigmoid(byX), tanh(byX2), tanh(mul(matmul(x, w), 2))],
    values,
    "activations of gradients",
  );
});
