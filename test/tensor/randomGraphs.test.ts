/**
 * Random graphs, compiled, against the reference: what the simplifier, the aliases, the fusion and the memory plan must
 * not change. The gradients of the same graphs share even more.
 */

import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import type { Engine } from "../../src/tensor/engine.ts";
import { createEngine } from "../../src/tensor/engine.ts";
import { grad } from "../../src/tensor/grad.ts";
import { add, mul } from "../../src/tensor/ops/elementwise.ts";
import { mean } from "../../src/tensor/ops/reduce.ts";
import { randomGraph } from "./randomGraphs.ts";
import { bothEngines, builds, compileWith, expectSameAsReference, readOutputs } from "./support.ts";

let engines: Engine[];
beforeAll(async () => {
  engines = await bothEngines();
});

const choices = fc.array(fc.nat(9973), { minLength: 4, maxLength: 60 });
const tolerance = { absolute: 3e-4, relative: 3e-4 };

test("random graphs give the reference's numbers", () => {
  fc.assert(
    fc.property(choices, fc.integer({ min: 1, max: 25 }), (list, steps) => {
      const { outputs, values } = randomGraph(list, steps);
      expectSameAsReference(engines, outputs, values, "random graph", tolerance);
    }),
    { seed: 20240601, numRuns: 400 },
  );
});

test("gradients of random graphs, together with their values, give the reference's numbers", () => {
  fc.assert(
    fc.property(choices, fc.integer({ min: 1, max: 14 }), (list, steps) => {
      const { outputs, values } = randomGraph(list, steps, true);
      const inputs = [...values.keys()].filter(({ dtype }) => dtype === "f32");
      const loss = outputs.map((x) => mean(mul(x, x))).reduce((a, b) => add(a, b));
      expectSameAsReference(engines, [loss, ...grad(loss, inputs), ...outputs], values, "gradients", tolerance);
    }),
    { seed: 20240602, numRuns: 200 },
  );
});

test("a program gives the same bits on every run, and in a fresh engine whatever was compiled before", async () => {
  const fresh = await Promise.all(builds.map((build) => createEngine({ build })));
  fc.assert(
    fc.property(choices, (list) => {
      const { outputs, values } = randomGraph(list, 12);
      engines.forEach((engine, i) => {
        const program = compileWith(engine, outputs, values);
        program.run();
        const once = readOutputs(program, outputs);
        program.run();
        expect(readOutputs(program, outputs)).toEqual(once);
        const elsewhere = compileWith(fresh[i], outputs, values);
        elsewhere.run();
        expect(readOutputs(elsewhere, outputs)).toEqual(once);
      });
    }),
    { seed: 20240603, numRuns: 40 },
  );
});
