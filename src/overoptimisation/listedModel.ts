/**
 * A language model on a world whose sentences are all listed: the exact probability of each, or a reward model's score of each.
 * Sentences follow one fixed first token, which stands for the prompt.
 */

import { checkArguments, having } from "../arguments/checks.ts";
import { blocksOf, type LanguageModel, languageModelCheck } from "../language/model/languageModel.ts";
import { exp } from "../math/deterministic.ts";
import type { SequenceWorld } from "../mdp/sequences/sequenceWorld.ts";
import { compile } from "../tensor/compile.ts";
import { input, type Tensor } from "../tensor/graph.ts";
import { reshape, sliceAxis } from "../tensor/ops/layout.ts";
import { sum } from "../tensor/ops/reduce.ts";

/** The token that every sentence follows. */
export const PROMPT_TOKEN = 0;

/** Sentences of one run of a program. */
const ROWS = 432;

const checks = { model: languageModelCheck, world: having("what sequenceWorld() gives", "tokens", "count") };

/**
 * The probability of each sentence under a model with the head "language", renormalised over the list.
 *
 * @returns a function that computes it for what the model's parameters are now: [count], of sum 1.
 */
export function sentenceProbabilities(model: LanguageModel, world: SequenceWorld): () => Float64Array {
  checkArguments("sentenceProbabilities", checks, { model, world });
  const each = perSentence(model, world, (tokens) => sum(model.network.tokenLogProbs({ tokens }), 1));
  return () => {
    const probabilities = each().map(exp);
    const total = probabilities.reduce((a, b) => a + b, 0);
    return probabilities.map((p) => p / total);
  };
}

/** The score of each sentence at its last token, under a model with the head "score": as `sentenceProbabilities`. */
export function sentenceScores(model: LanguageModel, world: SequenceWorld): () => Float64Array {
  checkArguments("sentenceScores", checks, { model, world });
  return perSentence(model, world, (tokens) => {
    const [rows, length] = tokens.shape;
    const scores = model.network.scores(model.network.hidden({ tokens }));
    return reshape(sliceAxis(scores, 1, length - 1, 1), [rows]);
  });
}

/** The tokens of a sentence. */
export function sentenceTokens({ tokens, length }: SequenceWorld, index: number): number[] {
  return Array.from(tokens.subarray(index * length, (index + 1) * length));
}

function perSentence(model: LanguageModel, world: SequenceWorld, of: (tokens: Tensor) => Tensor): () => Float64Array {
  const { count, length } = world;
  const rows = Math.min(ROWS, count);
  const tokens = input("tokens", [rows, length + 1], "i32");
  const parameters = blocksOf(model);
  const program = compile(model.engine, { name: "listed sentences", outputs: { value: of(tokens) }, parameters });
  return () => {
    const values = new Float64Array(count);
    for (let first = 0; first < count; first += rows) {
      const ids = program.inputInts("tokens").fill(PROMPT_TOKEN);
      for (let row = 0; row < rows; row++) {
        const sentence = Math.min(first + row, count - 1);
        for (let t = 0; t < length; t++) ids[row * (length + 1) + 1 + t] = world.tokens[sentence * length + t];
      }
      program.run();
      const found = program.output("value");
      for (let row = 0; row < rows && first + row < count; row++) values[first + row] = found[row];
    }
    return values;
  };
}
