/** A reward model's number for a sequence of tokens, at its last one. */

import { blocksOf, type LanguageModel } from "../../src/language/model/languageModel.ts";
import { compile } from "../../src/tensor/compile.ts";
import { input } from "../../src/tensor/graph.ts";

/** @param length of the longest sequence; no token looks at what comes behind it. */
export function scorer(model: LanguageModel, length: number): (tokens: readonly number[]) => number {
  const { network, engine } = model;
  const tokens = input("tokens", [1, length], "i32");
  const scores = network.scores(network.hidden({ tokens }));
  const program = compile(engine, { name: "scores", outputs: { scores }, parameters: blocksOf(model) });
  return (sequence) => {
    const ids = program.inputInts("tokens").fill(0);
    ids.set(sequence);
    program.run();
    return program.output("scores")[sequence.length - 1];
  };
}
