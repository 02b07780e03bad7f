/** Bias and spread of the sample estimates of KL(q ‖ p), by numerical integration, against values computed elsewhere. */

import { describe, expect, test } from "vitest";
import { klK1, klK2, klK3 } from "../../src/objectives/index.ts";
import { compile } from "../../src/tensor/compile.ts";
import { input, type Tensor } from "../../src/tensor/graph.ts";
import { evaluate } from "../tensor/reference.ts";
import { bothEngines } from "../tensor/support.ts";

type Estimator = (logProb: Tensor, oldLogProb: Tensor) => Tensor;

const logDensity = (x: number, mean: number) => -0.5 * (x - mean) ** 2 - 0.5 * Math.log(2 * Math.PI);

/** Mean and deviation of the estimate from one sample of q = N(0, 1), for p = N(mean, 1). */
function moments(estimator: Estimator, mean: number): { mean: number; deviation: number } {
  const [ours, old] = [input("p", [1]), input("q", [1])];
  const estimate = estimator(ours, old);
  const step = 0.02;
  let [first, second] = [0, 0];
  for (let x = -9; x <= 9; x += step) {
    const values = new Map([
      [ours, [logDensity(x, mean)]],
      [old, [logDensity(x, 0)]],
    ]);
    const [[k]] = evaluate([estimate], values);
    const weight = Math.exp(logDensity(x, 0)) * step;
    first += weight * k;
    second += weight * k * k;
  }
  return { mean: first, deviation: Math.sqrt(second - first * first) };
}

describe.each([
  [0.1, 0.005, [20, 1.42, 1.42]],
  [1, 0.5, [2, 1.73, 1.7]],
])("p = N(%d, 1): KL %d", (mean, kl, deviations) => {
  test.each([
    ["k1", klK1, true, deviations[0]],
    ["k2", klK2, false, deviations[1]],
    ["k3", klK3, true, deviations[2]],
  ] as const)("%s", (_, estimator, unbiased, deviation) => {
    const result = moments(estimator, mean);
    // k2's bias: E[d²]/2 = (μ² + μ⁴/4)/2.
    expect(result.mean).toBeCloseTo(unbiased ? kl : kl + mean ** 4 / 8, 5);
    expect(result.deviation / kl).toBeCloseTo(deviation, 2);
  });
});

test("k3 is expm1(d) − d: never negative, however small d (cancellation)", async () => {
  for (const engine of await bothEngines()) {
    for (const rows of [1, 8]) {
      const [ours, old] = [input("p", [rows]), input("q", [rows])];
      const program = compile(engine, { outputs: { k3: klK3(ours, old) } });
      for (let i = 0; i < 2000; i++) {
        const d = (i % 2 === 0 ? 1 : -1) * 10 ** (-10 + i / 200);
        program.input("p").fill(d);
        program.run();
        expect(program.scalar("k3")).toBeGreaterThanOrEqual(0);
        if (Math.abs(d) > 0.01) expect(program.scalar("k3") / (Math.expm1(d) - d)).toBeCloseTo(1, 3);
      }
    }
  }
});
