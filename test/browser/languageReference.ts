/** Language models for `computeReference`: starting values, a few steps of gradient descent, and what is generated then. */

import { makeGenerator } from "../../src/language/generation/generator.ts";
import { blocksOf, makeLanguageModel } from "../../src/language/model/languageModel.ts";
import { compile, createEngine, grad, input, type KernelBuild, neg, sum } from "../../src/tensor/index.ts";
import { smallDescriptions } from "../language/model/smallDescriptions.ts";

const rows = 2;
const length = 8;

/** The numbers of each model afterwards, by description and kernel build. */
export async function languageModelNumbers(builds: readonly KernelBuild[]): Promise<Record<string, Float32Array>> {
  const numbers: Record<string, Float32Array> = {};
  for (const build of builds) {
    for (const [name, description] of Object.entries(smallDescriptions)) {
      const model = makeLanguageModel(await createEngine({ build }), description, { seed: 6 });
      const { network } = model;
      const batch = { tokens: input("tokens", [rows, length], "i32"), mask: input("mask", [rows, length]) };
      const isLanguage = description.head === "language";
      const loss = neg(sum(isLanguage ? network.tokenLogProbs(batch) : network.scores(network.hidden(batch))));
      const blocks = blocksOf(model);
      const gradients = blocks.map((block, i) => [`gradient ${i}`, grad(loss, block.tensors)] as const);
      const program = compile(model.engine, { outputs: Object.fromEntries(gradients), parameters: blocks });
      program.inputInts("tokens").set(Array.from({ length: rows * length }, (_, i) => (i * 7) % 11));
      program.input("mask").set(Array.from({ length: rows * length }, (_, i) => (i < 3 ? 0 : 1)));
      for (let step = 0; step < 5; step++) {
        program.run();
        for (const [i, block] of blocks.entries()) {
          const gradient = program.output(`gradient ${i}`);
          const values = block.flat();
          for (let k = 0; k < values.length; k++) values[k] -= 0.01 * gradient[k];
        }
      }
      if (isLanguage) {
        const options = { rows: 3, promptLength: 3, maxNewTokens: 5, temperature: 2, topP: 0.9, stopTokens: [0] };
        const prompts = [[1, 2], [3], [4, 5, 6]];
        makeGenerator(model, options)
          .generate(prompts, { seed: 6 })
          .forEach(({ tokens, logProbs }, i) => {
            numbers[`${name}, completion ${i}, ${build}`] = Float32Array.of(...tokens, ...logProbs);
          });
      }
      for (const [i, block] of blocks.entries()) numbers[`${name}, block ${i}, ${build}`] = block.flat().slice();
    }
  }
  return numbers;
}
