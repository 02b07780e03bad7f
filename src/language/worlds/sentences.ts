/**
 * A world of text that can be listed: sentences of at most a few tokens, all of whose probabilities, rewards and optima are exact
 * (mdp/sequences). Demonstrations come from a known chain of tokens; the reward of a sentence is the sum over its pairs of
 * neighbours of a fixed table. The list holds what the model can write, its special tokens included, so that a model's
 * probabilities sum to 1 over it.
 */

import {
  checkArguments,
  checkOptions,
  having,
  numbers,
  type OptionChecks,
  optional,
  positiveNumber,
  seed,
  wholeNumber,
} from "../../arguments/checks.ts";
import { AscentError } from "../../errors.ts";
import { exp } from "../../math/deterministic.ts";
import { type SequenceWorld, sequenceWorld } from "../../mdp/sequences/index.ts";
import type { RandomStream } from "../../random/index.ts";
import { characterTokenizer } from "../tokenizer/characterTokenizer.ts";
import { pickByReward } from "./bradleyTerryPick.ts";
import { drawRows, pickWeighted, worldStream } from "./draws.ts";
import type { TextWorld } from "./textWorld.ts";
import { worldModel } from "./worldModel.ts";

export interface SentenceOptions {
  /** Letters to write with, 1 to 8. Default 3: with the special tokens a vocabulary of 6. */
  letters?: number;
  /** Tokens of the longest sentence, its end included, 1 to 6. Default 4. */
  length?: number;
  /** Which chain and which table. Default 0. */
  worldSeed?: number;
  /** Standard deviation of the table's entries. Default 1. */
  rewardScale?: number;
}

const checks: OptionChecks<SentenceOptions> = {
  letters: optional(wholeNumber(1, 8)),
  length: optional(wholeNumber(1, 6)),
  worldSeed: optional(seed),
  rewardScale: optional(positiveNumber),
};

export interface SentenceWorld extends TextWorld {
  /** Every sentence there is, of all tokens of the model. */
  readonly sequences: SequenceWorld;
  /** The reward of each [sequences.count]. */
  readonly rewards: Float64Array;
}

/** Of the chain, before they are made probabilities. */
const CHAIN_DEVIATION = 0.7;

/**
 * Prompt: the token that begins a text.
 *
 * @throws AscentError "option" for options out of range, or more sentences than can be listed.
 */
export function sentenceWorld(options: SentenceOptions = {}): SentenceWorld {
  checkOptions("sentenceWorld", checks, options);
  const { letters = 3, length = 4, worldSeed = 0, rewardScale = 1 } = options;
  const characters = "abcdefgh".slice(0, letters);
  const tokenizer = characterTokenizer(characters);
  const endToken = tokenizer.eosId;
  if (endToken === undefined) throw new Error("sentenceWorld: the tokenizer has an end token");
  const vocabulary = tokenizer.vocabularySize;
  const sequences = sequenceWorld({ vocabulary, length, endToken });
  const prompt = [tokenizer.bosId ?? endToken];
  const written = [...tokenizer.encode(characters), endToken];
  const random = worldStream("world", worldSeed);
  const chain = drawChain(random, vocabulary, written);
  const table = drawTable(random, vocabulary, written, rewardScale);

  const reward = (_: readonly number[], completion: readonly number[]) => {
    let sum = 0;
    let before = prompt[0];
    for (const token of completion) {
      sum += table[before * vocabulary + token];
      if (token === endToken) break;
      before = token;
    }
    return sum;
  };

  function drawSentence(random: RandomStream): number[] {
    const sentence: number[] = [];
    for (let before = prompt[0]; sentence.length < length; ) {
      before = pickWeighted(random, chain.subarray(before * vocabulary, (before + 1) * vocabulary));
      sentence.push(before);
      if (before === endToken) break;
    }
    return sentence;
  }

  const rewards = Float64Array.from(sequences.lengths, (tokens, y) =>
    reward(prompt, Array.from(sequences.tokens.subarray(y * length, y * length + tokens))),
  );

  return {
    name: "sentences",
    summary: `all ${sequences.count} sentences of up to ${length} tokens; reward: a table of neighbours, a formula`,
    sequences,
    rewards,
    tokenizer,
    maxNewTokens: length,
    model: worldModel({
      vocabularySize: vocabulary,
      ...{ tokenizer, contextLength: length + 1, width: 32, layers: 2, heads: 2 },
    }),
    prompts: (count, seed) => drawRows("prompts", "prompts", count, seed, () => [...prompt]),
    demonstrations: (count, seed) =>
      drawRows("demonstrations", "demonstrations", count, seed, (random) => ({
        prompt: [...prompt],
        completion: drawSentence(random),
      })),
    reward,
    measures: {},
    preferences: (count, seed) =>
      drawRows("preferences", "preferences", count, seed, (random) => {
        const pair = [drawSentence(random), drawSentence(random)] as const;
        const [chosen, rejected] = pickByReward(random, pair, (sentence) => reward(prompt, sentence));
        return { prompt: [...prompt], chosen, rejected };
      }),
  };
}

/** Probabilities of the token after each [vocabulary × vocabulary]; 0 for tokens that are not written. */
function drawChain(random: RandomStream, vocabulary: number, written: readonly number[]): Float64Array {
  const chain = new Float64Array(vocabulary * vocabulary);
  for (let before = 0; before < vocabulary; before++) {
    const weights = written.map(() => exp(CHAIN_DEVIATION * random.normal()));
    const sum = weights.reduce((a, b) => a + b, 0);
    written.forEach((token, k) => {
      chain[before * vocabulary + token] = weights[k] / sum;
    });
  }
  return chain;
}

/** What each token is worth behind each [vocabulary × vocabulary]; 0 for tokens that are not written. */
function drawTable(random: RandomStream, vocabulary: number, written: readonly number[], scale: number): Float64Array {
  const table = new Float64Array(vocabulary * vocabulary);
  for (let before = 0; before < vocabulary; before++) {
    for (const token of written) table[before * vocabulary + token] = scale * random.normal();
  }
  return table;
}

const aSentenceWorld = having("what sentenceWorld() gives", "sequences", "rewards");

/** The place of a completion in the list. @throws AscentError "option" for one that is not in it. */
export function sentenceIndex(world: SentenceWorld, completion: ArrayLike<number>): number {
  checkArguments("sentenceIndex", { world: aSentenceWorld, completion: numbers }, { world, completion });
  const { sequences } = world;
  const { length, count, tokens, lengths } = sequences;
  let [low, high] = [0, count - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const order = compare(completion, tokens.subarray(middle * length, middle * length + lengths[middle]));
    if (order === 0) return middle;
    if (order < 0) high = middle - 1;
    else low = middle + 1;
  }
  throw new AscentError("option", {
    what: "sentenceIndex: the completion is none of the world's sentences",
    got: `[${Array.from(completion).join(", ")}]`,
    expected: `up to ${length} tokens, an end token only as the last, and one unless all ${length} are there`,
    fix: "Cut it behind its end token, or write on.",
  });
}

/** Lexicographic. */
function compare(a: ArrayLike<number>, b: ArrayLike<number>): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return a[i] - b[i];
  return a.length - b.length;
}
