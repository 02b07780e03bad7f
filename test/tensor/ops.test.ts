/** Every operation, compiled on both kernel builds, against the float64 reference. */

import { beforeAll, expect, test } from "vitest";
import { derivativeRules } from "../../src/tensor/derivatives.ts";
import type { Engine } from "../../src/tensor/engine.ts";
import { type OpName, topologicalOrder } from "../../src/tensor/graph.ts";
import { randomKey, randomNormal, randomUniform } from "../../src/tensor/ops/index.ts";
import { instance, type OpCase, opCases } from "./opCases.ts";
import { bothEngines, expectSameAsReference, type Values } from "./support.ts";

let engines: Engine[];
beforeAll(async () => {
  engines = await bothEngines();
});

const byOp = new Map<string, OpCase[]>();
for (const one of opCases) {
  const op = one.name.split(" ")[0];
  byOp.set(op, [...(byOp.get(op) ?? []), one]);
}

for (const [op, cases] of byOp) {
  test(`${op}: ${cases.length} shapes`, () => {
    cases.forEach((one, i) => {
      const { output, values } = instance(one, i + 1);
      expectSameAsReference(engines, [output], values, one.name);
    });
  });
}

test("random numbers are those of the reference at every size", () => {
  const key = randomKey();
  for (const size of [1, 2, 7, 8, 9, 64, 1001]) {
    const values: Values = new Map([[key, [123456789, 77, 5, size]]]);
    expectSameAsReference(engines, [randomUniform(key, [size])], values, `uniform ${size}`, {
      absolute: 0,
      relative: 0,
    });
    expectSameAsReference(engines, [randomNormal(key, [size])], values, `normal ${size}`, { absolute: 2e-6 });
  }
});

test("no operation is left out of these tests", () => {
  const covered = new Set<string>(["input", "parameter", "randomUniform", "randomNormal"]);
  // It writes into inputs: test/tensor/cachedAttention.test.ts.
  covered.add("cachedAttention");
  for (const one of opCases) for (const { op } of topologicalOrder([instance(one, 1).output])) covered.add(op);
  const missing = (Object.keys(derivativeRules) as OpName[]).filter((op) => !covered.has(op));
  expect(missing).toEqual([]);
});
