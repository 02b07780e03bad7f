/** log Γ, ψ, ψ′ and log B against float64 series of another kind: the series' own error, and that of float32. */

import { describe, expect, test } from "vitest";
import { digamma, logBeta, logGamma } from "../../src/distributions/index.ts";
import { grad } from "../../src/tensor/grad.ts";
import { input, type Tensor } from "../../src/tensor/graph.ts";
import { sum } from "../../src/tensor/ops/reduce.ts";
import { float32, float64 } from "./support.ts";

/** Shifted up to 40, where three terms are exact to float64. */
function exact(x: number): { logGamma: number; digamma: number; trigamma: number } {
  let [product, inverses, squares, y] = [0, 0, 0, x];
  for (; y < 40; y++) {
    product += Math.log(y);
    inverses += 1 / y;
    squares += 1 / y ** 2;
  }
  return {
    logGamma:
      (y - 0.5) * Math.log(y) -
      y +
      0.5 * Math.log(2 * Math.PI) +
      1 / (12 * y) -
      1 / (360 * y ** 3) +
      1 / (1260 * y ** 5) -
      product,
    digamma: Math.log(y) - 1 / (2 * y) - 1 / (12 * y ** 2) + 1 / (120 * y ** 4) - inverses,
    trigamma: 1 / y + 1 / (2 * y ** 2) + 1 / (6 * y ** 3) - 1 / (30 * y ** 5) + squares,
  };
}

const points = [
  1e-3, 0.02, 0.3, 0.5, 0.999, 1, 1.3, 1.4616, 1.7, 2, 2.5, 3, 4.9, 5.999, 6, 6.001, 9, 27, 100, 1e3, 1e4,
];
const x = input("x", [points.length]);
const values = new Map([[x, points.map(Math.fround)]]);
const trigamma = grad(sum(digamma(x)), [x])[0];

test("the float64 they are compared with: Γ(5) = 24, Γ(½) = √π, ψ(1) = −γ, ψ′(1) = π²/6", () => {
  expect(exact(5).logGamma).toBeCloseTo(Math.log(24), 12);
  expect(exact(0.5).logGamma).toBeCloseTo(0.5 * Math.log(Math.PI), 12);
  expect(exact(1).digamma).toBeCloseTo(-0.5772156649015329, 11);
  expect(exact(1).trigamma).toBeCloseTo(Math.PI ** 2 / 6, 12);
});

describe.each([
  ["log Γ", logGamma(x), "logGamma", 3e-6, 4e-7],
  ["ψ", digamma(x), "digamma", 1e-6, 4e-7],
  ["ψ as the derivative of log Γ", grad(sum(logGamma(x)), [x])[0], "digamma", 2e-6, 1e-6],
  ["ψ′ as the derivative of ψ", trigamma, "trigamma", 1e-6, 2e-6],
] as [string, Tensor, "logGamma" | "digamma" | "trigamma", number, number][])(
  "%s",
  (_, tensor, name, absolute, relative) => {
    test("the series is off by no more than float32 constants are", () => {
      float64(tensor, values).forEach((got, i) => {
        const wanted = exact(Math.fround(points[i]))[name];
        expect(Math.abs(got - wanted), `at ${points[i]}`).toBeLessThan(4e-8 * (1 + Math.abs(wanted)));
      });
    });

    test("float32 keeps what is promised", async () => {
      (await float32(tensor, values)).forEach((got, i) => {
        const wanted = exact(Math.fround(points[i]))[name];
        expect(Math.abs(got - wanted), `at ${points[i]}`).toBeLessThan(absolute + relative * Math.abs(wanted));
      });
    });
  },
);

test("log B keeps its digits where the log Γ of its sum would cancel them", async () => {
  const pairs = [
    [1, 1],
    [1, 3],
    [0.4, 7],
    [12, 30],
    [1e4, 1e4],
    [1e4, 2],
  ];
  const [a, b] = [input("a", [pairs.length]), input("b", [pairs.length])];
  const at = new Map([
    [a, pairs.map(([p]) => Math.fround(p))],
    [b, pairs.map(([, q]) => q)],
  ]);
  const wanted = pairs.map(([p, q]) => {
    const f = Math.fround(p);
    return exact(f).logGamma + exact(q).logGamma - exact(f + q).logGamma;
  });
  float64(logBeta(a, b), at).forEach((got, i) => {
    expect(Math.abs(got - wanted[i])).toBeLessThan(1e-7 + 4e-8 * Math.abs(wanted[i]));
  });
  (await float32(logBeta(a, b), at)).forEach((got, i) => {
    // Seven digits of log Γ(2·10⁴) ≈ 1.8·10⁵ would be 10⁻² off.
    expect(Math.abs(got - wanted[i]), `at ${pairs[i]}`).toBeLessThan(4e-6 + 2e-7 * Math.abs(wanted[i]));
  });
});
