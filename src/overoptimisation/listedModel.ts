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
import { mul } from "../tensor/ops/elementwise.ts";
import { takeLast } from "../tensor/ops/gather.ts";
import { sum } from "../tensor/ops/reduce.ts";
import type { Program } from "../tensor/program.ts";

/** The token that every sentence follows. */
export const PROMPT_TOKEN = 0;

/** Sentences of one run of a program. */
const ROWS = 432;

const checks = { model: languageModelCheck, world: having("what sequenceWorld() gives", "tokens", "count") };

/**
 * The probability of each sentence under a model with the head "language", renormalised over the list.
 *
 * @param promptToken what every sentence follows.
 * @returns a function that computes it for what the model's parameters are now: [count], of sum 1.
 */
export function sentenceProbabilities(
  model: LanguageModel,
  world: SequenceWorld,
  promptToken = PROMPT_TOKEN,
): () => Float64Array {
  checkArguments("sentenceProbabilities", checks, { model, world });
  const each = perSentence(model, world, promptToken, (tokens) => {
    const [rows, length] = tokens.shape;
    const mask = input("mask", [rows, length - 1]);
    return {
      value: sum(mul(model.network.tokenLogProbs({ tokens }), mask), 1),
      write(program, row, words) {
        const first = row * (length - 1);
        program
          .input("mask")
          .fill(1, first, first + words)
          .fill(0, first + words, first + length - 1);
      },
    };
  });
  return () => {
    const probabilities = each().map(exp);
    const total = probabilities.reduce((a, b) => a + b, 0);
    return probabilities.map((p) => p / total);
  };
}

/** The score of each sentence at its last token, under a model with the head "score": as `sentenceProbabilities`. */
export function sentenceScores(model: LanguageModel, world: SequenceWorld): () => Float64Array {
  checkArguments("sentenceScores", checks, { model, world });
  return perSentence(model, world, PROMPT_TOKEN, (tokens) => {
    const last = input("last", [tokens.shape[0]], "i32");
    return {
      value: takeLast(model.network.scores(model.network.hidden({ tokens })), last),
      write(program, row, words) {
        program.inputInts("last")[row] = words;
      },
    };
  });
}

/** The tokens of a sentence. */
export function sentenceTokens({ tokens, length, lengths }: SequenceWorld, index: number): number[] {
  return Array.from(tokens.subarray(index * length, index * length + lengths[index]));
}

/** A number for each row of sentences, and what has to be written of a row beside its tokens. */
interface RowValue {
  readonly value: Tensor;
  write(program: Program, row: number, words: number): void;
}

/** @param of the tokens of some rows, the prompt in front: i32 [rows, 1 + longest]. */
function perSentence(
  model: LanguageModel,
  world: SequenceWorld,
  promptToken: number,
  of: (tokens: Tensor) => RowValue,
): () => Float64Array {
  const { count, length, lengths } = world;
  const rows = Math.min(ROWS, count);
  const tokens = input("tokens", [rows, length + 1], "i32");
  const { value, write } = of(tokens);
  const program = compile(model.engine, { name: "listed sentences", outputs: { value }, parameters: blocksOf(model) });
  return () => {
    const values = new Float64Array(count);
    for (let first = 0; first < count; first += rows) {
      const ids = program.inputInts("tokens").fill(promptToken);
      for (let row = 0; row < rows; row++) {
        const sentence = Math.min(first + row, count - 1);
        const words = world.tokens.subarray(sentence * length, sentence * length + lengths[sentence]);
        ids.set(words, row * (length + 1) + 1);
        write(program, row, words.length);
      }
      program.run();
      const found = program.output("value");
      for (let row = 0; row < rows && first + row < count; row++) values[first + row] = found[row];
    }
    return values;
  };
}
