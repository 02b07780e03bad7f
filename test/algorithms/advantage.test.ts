/** Standardised advantages against the definition: sample deviation, divisor n − 1. */

import { expect, test } from "vitest";
import { standardisedAdvantage } from "../../src/algorithms/surrogate/advantage.ts";
import { compile, createEngine, input } from "../../src/tensor/index.ts";

async function standardised(advantages: readonly number[]): Promise<number[]> {
  const engine = await createEngine({ build: "simd" });
  const program = compile(engine, { outputs: { out: standardisedAdvantage(input("x", [advantages.length])) } });
  program.input("x").set(advantages);
  program.run();
  return [...program.output("out")];
}

test("mean 0 and sample deviation 1: two numbers are ∓1/√2, not ∓1", async () => {
  const [low, high] = await standardised([3, 5]);
  expect([low, high]).toEqual([expect.closeTo(-Math.SQRT1_2, 6), expect.closeTo(Math.SQRT1_2, 6)]);
  const values = [1, 2, 4, -3, 0.5];
  const mean = values.reduce((a, b) => a + b) / 5;
  const deviation = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 4);
  const found = await standardised(values);
  values.forEach((x, i) => {
    expect(found[i]).toBeCloseTo((x - mean) / deviation, 5);
  });
});

test("a common offset drops out, as far as float32 has digits", async () => {
  const near = await standardised([0, 0.25, 1, -0.5]);
  const far = await standardised([1e6, 1e6 + 0.25, 1e6 + 1, 1e6 - 0.5]);
  far.forEach((x, i) => {
    expect(Math.abs(x - near[i])).toBeLessThan(0.01);
  });
});

test("equal ones are 0, a single one stays as it is", async () => {
  expect(await standardised([7, 7, 7])).toEqual([0, 0, 0]);
  expect(await standardised([7])).toEqual([7]);
});
