/** What a model gives every sentence of the world that lists them: exact where a language model is otherwise only sampled. */

import { checkArguments, having } from "../../arguments/checks.ts";
import { AscentError } from "../../errors.ts";
import { compile } from "../../tensor/compile.ts";
import { input } from "../../tensor/graph.ts";
import { blocksOf, type LanguageModel, languageModelCheck } from "../model/languageModel.ts";
import type { SentenceWorld } from "./sentences.ts";

const sentenceWorldCheck = having("what sentenceWorld() gives", "sequences", "rewards");

/** Sentences of one run. */
const ROWS = 128;

/**
 * log π(y) of all sentences [count] with the model's numbers as they are at the call; their exponentials sum to 1. A program is
 * compiled once: keep what this gives.
 *
 * @throws AscentError "option" for a model of another vocabulary, or one whose context is too short.
 */
export function listedLogProbs(model: LanguageModel, world: SentenceWorld): () => Float64Array {
  checkArguments("listedLogProbs", { model: languageModelCheck, world: sentenceWorldCheck }, { model, world });
  const { count, length, tokens, lengths, vocabulary } = world.sequences;
  requireFit(model, vocabulary, length);
  const [prompt] = world.prompts(1, 0);
  const row = prompt.length + length;
  const ids = input("tokens", [ROWS, row], "i32");
  const program = compile(model.engine, {
    name: "listed sentences",
    outputs: { logProbs: model.network.tokenLogProbs({ tokens: ids }) },
    parameters: blocksOf(model),
  });
  return () => {
    const found = new Float64Array(count);
    for (let start = 0; start < count; start += ROWS) {
      const some = Math.min(ROWS, count - start);
      const into = program.inputInts("tokens").fill(0);
      for (let i = 0; i < some; i++) {
        into.set(prompt, i * row);
        const from = (start + i) * length;
        into.set(tokens.subarray(from, from + lengths[start + i]), i * row + prompt.length);
      }
      program.run();
      const logProbs = program.output("logProbs");
      for (let i = 0; i < some; i++) {
        const first = i * (row - 1) + prompt.length - 1;
        for (let t = 0; t < lengths[start + i]; t++) found[start + i] += logProbs[first + t];
      }
    }
    return found;
  };
}

function requireFit({ network: { description } }: LanguageModel, vocabulary: number, length: number): void {
  if (description.vocabularySize === vocabulary && description.contextLength > length) return;
  throw new AscentError("option", {
    what: "listedLogProbs: the model is not of this world",
    got: `${description.vocabularySize} tokens and a context of ${description.contextLength}`,
    expected: `${vocabulary} tokens and a context of at least ${length + 1}`,
    fix: "Make the model from the world's own description.",
  });
}
