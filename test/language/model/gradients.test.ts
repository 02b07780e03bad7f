/** Gradients of every kind of parameter, against finite differences; and that none is left at zero. */

import { describe, expect, test } from "vitest";
import type { LanguageModelDescription } from "../../../src/language/model/description.ts";
import { type LanguageNetwork, languageNetwork } from "../../../src/language/model/network.ts";
import { compile } from "../../../src/tensor/compile.ts";
import { createEngine } from "../../../src/tensor/engine.ts";
import { grad } from "../../../src/tensor/grad.ts";
import { input, type Tensor, topologicalOrder } from "../../../src/tensor/graph.ts";
import { mul } from "../../../src/tensor/ops/elementwise.ts";
import { sliceAxis } from "../../../src/tensor/ops/layout.ts";
import { sum } from "../../../src/tensor/ops/reduce.ts";
import { flatLayout, ParameterBlock } from "../../../src/tensor/parameters.ts";
import { sizeOf } from "../../../src/tensor/shape.ts";
import { evaluate } from "../../tensor/reference.ts";
import { numbers, seeded } from "../../tensor/seeded.ts";
import { expectClose } from "../../tensor/support.ts";
import { smallDescriptions } from "./smallDescriptions.ts";

const STEP = 1e-5;
const rows = 2;
const length = 3;

/** A loss that touches everything, at seeded numbers: parameters far from where norms are flat. */
function problem(description: LanguageModelDescription) {
  // One layer has parameters of every kind.
  const network = languageNetwork({ ...description, layers: 1 });
  const random = seeded(5);
  const tokens = input("tokens", [rows, length], "i32");
  const mask = input("mask", [rows, length]);
  const values = new Map<Tensor, number[]>();
  values.set(tokens, [0, 3, 7, 1, 3, 10]);
  values.set(mask, [0, 1, 1, 1, 1, 1]);
  const all = [...network.parameters, ...network.adapter];
  for (const tensor of all) values.set(tensor, numbers(random, sizeOf(tensor.shape), -0.8, 0.8));
  return { all, values, loss: lossOf(network, { tokens, mask }) };
}

function lossOf(network: LanguageNetwork, batch: { tokens: Tensor; mask: Tensor }): Tensor {
  if (network.description.head === "score") return sum(mul(network.scores(network.hidden(batch)), batch.mask));
  // What a padded position says of its successor means nothing.
  const counted = sliceAxis(batch.mask, 1, 0, length - 1);
  return sum(mul(network.tokenLogProbs(batch, { temperature: 0.7 }), counted));
}

describe.each(Object.entries(smallDescriptions))("%s", (_, description) => {
  test("gradients are those of finite differences, and none is zero", () => {
    const { all, values, loss } = problem(description);
    const gradients = evaluate(grad(loss, all), values);
    const random = seeded(6);
    for (const [i, tensor] of all.entries()) {
      const name = tensor.attributes.name ?? "";
      const kept = values.get(tensor)!;
      const largest = gradients[i].reduce((a, b) => Math.max(a, Math.abs(b)), 0);
      // The score head of a base whose adapter has one of its own is not asked.
      if (name === "score.weight" && description.lora !== undefined) expect(largest).toBe(0);
      else expect(largest, name).toBeGreaterThan(1e-6);
      // Along one direction through all entries of the array.
      const direction = numbers(random, kept.length, -1, 1);
      const lossAt = (step: number) => {
        values.set(
          tensor,
          kept.map((value, k) => value + step * direction[k]),
        );
        return evaluate([loss], values)[0][0];
      };
      const difference = (lossAt(STEP) - lossAt(-STEP)) / (2 * STEP);
      values.set(tensor, kept);
      const slope = gradients[i].reduce((sum, value, k) => sum + value * direction[k], 0);
      expect(Math.abs(slope - difference), name).toBeLessThan(1e-6 * Math.max(1, Math.abs(slope)));
    }
  });

  test("the compiled program gives the same", async () => {
    const { all, values, loss } = problem(description);
    const expected = evaluate([loss, ...grad(loss, all)], values);
    const engine = await createEngine();
    const block = new ParameterBlock(engine, all);
    const program = compile(engine, { outputs: { loss, gradients: grad(loss, all) }, parameters: [block] });
    for (const tensor of all) block.values(tensor.attributes.name!).set(values.get(tensor)!);
    const inputs = topologicalOrder([loss]).filter(({ op }) => op === "input");
    for (const { dtype, attributes, id } of inputs) {
      const numbers = [...values].find(([tensor]) => tensor.id === id)![1];
      (dtype === "i32" ? program.inputInts(attributes.name!) : program.input(attributes.name!)).set(numbers);
    }
    program.run();
    expectClose(program.output("loss"), expected[0], "loss", { absolute: 1e-4, relative: 1e-4 });
    const { offsets } = flatLayout(all);
    const flat = program.output("gradients");
    for (const [i, { attributes }] of all.entries()) {
      const largest = Math.max(1, ...expected[i + 1].map(Math.abs));
      const own = flat.slice(offsets[i], offsets[i] + expected[i + 1].length);
      expectClose(own, expected[i + 1], attributes.name!, { absolute: 1e-4 * largest, relative: 0 });
    }
  });
});
