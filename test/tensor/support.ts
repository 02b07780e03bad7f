/** What the engine's tests share: engines of both builds, seeded numbers, and the comparison of a program with the reference. */

import { expect } from "vitest";
import { compile } from "../../src/tensor/compile.ts";
import { createEngine, type Engine, floatsOf, intsOf, type Region } from "../../src/tensor/engine.ts";
import { type Tensor, topologicalOrder } from "../../src/tensor/graph.ts";
import type { KernelBuild } from "../../src/tensor/kernels/kernels.ts";
import type { Program } from "../../src/tensor/program.ts";
import { sizeOf } from "../../src/tensor/shape.ts";
import { evaluate } from "./reference.ts";

export { numbers, seeded } from "./seeded.ts";

export const builds: readonly KernelBuild[] = ["simd", "fma"];

/** An engine of each build. */
export async function bothEngines(): Promise<Engine[]> {
  return Promise.all(builds.map((build) => createEngine({ build })));
}

export type Values = Map<Tensor, number[]>;

/** Compiles a graph whose inputs and parameters already hold `values`. */
export function compileWith(
  engine: Engine,
  outputs: readonly Tensor[],
  values: ReadonlyMap<Tensor, number[]>,
): Program {
  const bindings = new Map<Tensor, Region>();
  for (const tensor of topologicalOrder(outputs)) {
    if (tensor.op !== "input") continue;
    const region = engine.allocate(sizeOf(tensor.shape), tensor.dtype);
    bindings.set(tensor, region);
    (tensor.dtype === "f32" ? floatsOf(region) : intsOf(region)).set(values.get(tensor)!);
  }
  return compile(engine, { outputs: Object.fromEntries(outputs.map((tensor, i) => [`o${i}`, tensor])), bindings });
}

/** Compiles and runs a graph; the numbers of each output. */
export function execute(engine: Engine, outputs: readonly Tensor[], values: ReadonlyMap<Tensor, number[]>): number[][] {
  const program = compileWith(engine, outputs, values);
  program.run();
  return readOutputs(program, outputs);
}

export function readOutputs(program: Program, outputs: readonly Tensor[]): number[][] {
  return outputs.map((tensor, i) =>
    Array.from(tensor.dtype === "f32" ? program.output(`o${i}`) : program.outputInts(`o${i}`)),
  );
}

/** Fails with the first number that is further than absolute + relative · |expected| from what it should be. */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  what: string,
  { absolute = 1e-5, relative = 2e-5 } = {},
): void {
  expect(actual.length, `${what}: length`).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const [got, wanted] = [actual[i], expected[i]];
    if (Object.is(got, wanted) || got === wanted) continue;
    if (!(Math.abs(got - wanted) <= absolute + relative * Math.abs(wanted))) {
      expect.fail(`${what}: position ${i} of ${expected.length} is ${got}, should be ${wanted}`);
    }
  }
}

/** Runs the graph on every engine given and compares all outputs with the reference. */
export function expectSameAsReference(
  engines: readonly Engine[],
  outputs: readonly Tensor[],
  values: ReadonlyMap<Tensor, number[]>,
  what: string,
  tolerance: { absolute?: number; relative?: number } = {},
): void {
  const expected = evaluate(outputs, values);
  for (const engine of engines) {
    execute(engine, outputs, values).forEach((actual, i) => {
      expectClose(actual, expected[i], `${what}, output ${i}, ${engine.build}`, tolerance);
    });
  }
}
