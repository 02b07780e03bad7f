/** A row's numbers do not depend on its padding: not on which side, not on how much, not on what stands there. */

import { describe, expect, test } from "vitest";
import { blocksOf, type LanguageModel, makeLanguageModel } from "../../../src/language/model/languageModel.ts";
import { atLastReal } from "../../../src/language/model/lastReal.ts";
import { compile } from "../../../src/tensor/compile.ts";
import { createEngine } from "../../../src/tensor/engine.ts";
import { input, type Tensor } from "../../../src/tensor/graph.ts";
import { identical } from "./identical.ts";
import { smallDescriptions } from "./smallDescriptions.ts";

const engine = await createEngine();
const row = [3, 9, 1, 7, 4];

/** A number for each real token: the log-probability of its successor, or its score. */
function numbersOf(model: LanguageModel, before: number, behind: number, filler: number): number[] {
  const length = before + row.length + behind;
  const tokens = input("tokens", [2, length], "i32");
  const mask = input("mask", [2, length]);
  const { network } = model;
  const isScore = network.description.head === "score";
  const batch = { tokens, mask };
  const scores = isScore ? network.scores(network.hidden(batch)) : undefined;
  const outputs: Record<string, Tensor> = { y: scores ?? network.tokenLogProbs(batch) };
  if (scores !== undefined) outputs["last"] = atLastReal(scores, mask);
  const program = compile(engine, { outputs, parameters: blocksOf(model) });
  const padded = [...new Array<number>(before).fill(filler), ...row, ...new Array<number>(behind).fill(filler)];
  // Beside it a row of its own length.
  program.inputInts("tokens").set([...padded, ...padded.map((_, i) => i)]);
  program
    .input("mask")
    .set([...padded.map((_, i) => (i >= before && i < before + row.length ? 1 : 0)), ...padded.map(() => 1)]);
  program.run();
  const y = program.output("y");
  expect(y.every(Number.isFinite)).toBe(true);
  if (isScore) expect(program.output("last")[0]).toBe(y[before + row.length - 1]);
  return Array.from(y.slice(before, before + row.length - (isScore ? 0 : 1)));
}

describe.each(Object.entries(smallDescriptions))("%s", (_, description) => {
  test("left, right, both, whatever fills it", () => {
    const model = makeLanguageModel(engine, description, { seed: 1 });
    // Larger than a start has them, so that attention is not uniform.
    for (const name of model.block.names) {
      const values = model.block.values(name);
      for (let i = 0; i < values.length; i++) values[i] *= 10;
    }
    const plain = numbersOf(model, 0, 0, 0);
    for (const [before, behind, filler] of [
      [3, 0, 0],
      [0, 3, 0],
      [1, 2, 5],
      [3, 0, 10],
    ]) {
      const padded = numbersOf(model, before, behind, filler);
      // On the right not even a bit.
      if (before === 0) expect(identical(padded, plain), `${behind} behind`).toBe(true);
      padded.forEach((value, i) => {
        expect(Math.abs(value - plain[i]), `${before}, ${behind}: ${i}`).toBeLessThan(1e-5);
      });
    }
  });
});
