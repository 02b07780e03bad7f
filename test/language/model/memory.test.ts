/** What a step of learning holds at once: of tensors with a number for each token of the vocabulary, one. */

import { expect, test } from "vitest";
import { makeLanguageModel } from "../../../src/language/model/languageModel.ts";
import { compile, createEngine, grad, input, mean, mul, neg, sub, sum } from "../../../src/tensor/index.ts";
import { exp } from "../../../src/tensor/ops/elementwise.ts";
import { smallDescriptions } from "./smallDescriptions.ts";

const [rows, length, vocabularySize] = [4, 33, 4000];
const wide = rows * (length - 1) * vocabularySize * 4;

test.each([
  ["tied", "gpt2", 1],
  ["untied", "llama", 1],
  ["at another temperature", "gpt2", 0.7],
])("the log-probabilities of tokens and their gradient, %s", async (_, name, temperature) => {
  const engine = await createEngine();
  const model = makeLanguageModel(
    engine,
    { ...smallDescriptions[name], vocabularySize, contextLength: length },
    { seed: 0 },
  );
  const tokens = input("tokens", [rows, length], "i32");
  const old = input("old", [rows, length - 1]);
  const logProbs = model.network.tokenLogProbs({ tokens }, { temperature });
  // A ratio, as the losses of groups and of PPO have it: not only a mean of log-probabilities.
  for (const loss of [neg(mean(logProbs)), neg(sum(mul(exp(sub(logProbs, old)), old)))]) {
    const gradients = grad(loss, model.network.parameters);
    const program = compile(engine, { outputs: { loss, gradients }, parameters: [model.block] });
    expect(program.arenaBytes / wide).toBeGreaterThan(1);
    expect(program.arenaBytes / wide).toBeLessThan(1.5);
  }
});
