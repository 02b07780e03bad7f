/** Weights laid out in panels: the bits of the plain program, and the parameters of the last update. */

import { beforeAll, describe, expect, test } from "vitest";
import { finish } from "../../src/pauses.ts";
import { compile } from "../../src/tensor/compile.ts";
import type { Engine } from "../../src/tensor/engine.ts";
import { input, parameter, type Tensor } from "../../src/tensor/graph.ts";
import { add, matmul, reshape, tanh } from "../../src/tensor/ops/index.ts";
import { PanelledParameters } from "../../src/tensor/panels.ts";
import { ParameterBlock } from "../../src/tensor/parameters.ts";
import { bothEngines, numbers, seeded } from "./support.ts";

let engines: Engine[];
beforeAll(async () => {
  engines = await bothEngines();
});

/** A product with a bias, one behind that with tanh, and one with the first weights again, the other way round. */
function layers(n: number, k: number): { parameters: Tensor[]; outputs: (rows: number) => Record<string, Tensor> } {
  const [straight, turned, bias] = [parameter("straight", [k, n]), parameter("turned", [n, n]), parameter("bias", [n])];
  const outputs = (rows: number) => {
    const x = input("x", [2, rows, k]);
    const first = add(matmul(reshape(x, [2 * rows, k]), straight), bias);
    const second = tanh(add(matmul(first, turned, { transposeB: true }), bias));
    return { second, third: matmul(reshape(second, [2, rows, n]), straight, { transposeB: true }) };
  };
  return { parameters: [straight, turned, bias], outputs };
}

describe("weights in panels", () => {
  test("give the bits of the plain program", () => {
    for (const engine of engines) {
      for (const [n, k] of [
        [8, 16],
        [40, 130],
        [33, 7],
        [5, 300],
        [3, 4],
        [100, 3],
      ]) {
        const { parameters, outputs } = layers(n, k);
        const block = new ParameterBlock(engine, parameters);
        block.flat().set(numbers(seeded(n), block.region.length));
        const panelled = new PanelledParameters(engine, [block]);
        for (const rows of [1, 2, 3, 9, 70]) {
          const graph = outputs(rows);
          const own = finish(panelled.compiling({ outputs: graph }));
          const plain = compile(engine, { outputs: graph, parameters: [block] });
          for (const program of [own, plain]) {
            program.input("x").set(numbers(seeded(rows), 2 * rows * k));
            program.run();
          }
          for (const name of Object.keys(graph)) {
            expect(own.output(name), `${name} of ${rows} rows, ${n} × ${k}`).toEqual(plain.output(name));
          }
        }
      }
    }
  });

  test("are those of the last update", () => {
    const [engine] = engines;
    const { parameters, outputs } = layers(16, 8);
    const block = new ParameterBlock(engine, parameters);
    const panelled = new PanelledParameters(engine, [block]);
    const program = finish(panelled.compiling({ outputs: outputs(1) }));
    program.input("x").fill(1);
    const result = () => {
      program.run();
      return program.output("third").slice();
    };
    const zero = result();
    block.values("straight").fill(0.5);
    block.values("turned").fill(0.5);
    expect(result()).toEqual(zero);
    panelled.update();
    expect(result()).not.toEqual(zero);
  });
});
