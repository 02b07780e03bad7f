/**
 * A world of real text: prompts are beginnings of passages, demonstrations are how they go on, and the reward is the balance of
 * pleasant words in what was written: a formula. What it is blind to is measured beside it: how many of the words differ, and
 * how probable the letters are after one another in the text itself.
 */

import { checkArguments, checkOptions, optional, text as textCheck, wholeNumber } from "../../arguments/checks.ts";
import { AscentError } from "../../errors.ts";
import { log } from "../../math/deterministic.ts";
import type { RandomStream } from "../../random/index.ts";
import { bytePairTokenizer } from "../tokenizer/bytePairTokenizer.ts";
import { characterTokenizer } from "../tokenizer/characterTokenizer.ts";
import { drawRows } from "./draws.ts";
import type { TextWorld } from "./textWorld.ts";
import { valenceOf } from "./valence.ts";
import { worldModel } from "./worldModel.ts";

export interface CorpusOptions {
  name: string;
  /** For the summary: "Moby-Dick". */
  title: string;
  /** Tokens: byte pairs learnt from the text, so many in all. Default: its single characters. */
  vocabularySize?: number;
  /** Tokens of a prompt. Default 24; of byte pairs 12. */
  promptLength?: number;
  /** Tokens of a completion. Default 40; of byte pairs 24. */
  completionLength?: number;
}

const checks = {
  name: textCheck,
  title: textCheck,
  vocabularySize: optional(wholeNumber(300, 50_000)),
  promptLength: optional(wholeNumber(1, 512)),
  completionLength: optional(wholeNumber(1, 512)),
};

/** The last tenth of the text is for prompts alone. */
const HELD_OUT = 0.1;
/** Characters that are read for each byte pair: more than they have on average. */
const PAIR_CHARACTERS = 8;
/** Pleasant less unpleasant words are divided by this: about what a passage can hold. */
const MOST_WORDS = 8;

/**
 * @param source the text; line breaks count as spaces, and what is no letter, digit or common mark is left out.
 * @throws AscentError "option" for a text too short for its passages, or options out of range.
 */
export function corpusWorld(source: string, options: CorpusOptions): TextWorld {
  checkArguments("corpusWorld", { source: textCheck }, { source });
  checkOptions("corpusWorld", checks, options);
  const { name, title, vocabularySize } = options;
  const ofPairs = vocabularySize !== undefined;
  const { promptLength = ofPairs ? 12 : 24, completionLength = ofPairs ? 24 : 40 } = options;
  const text = plain(source);
  const passage = promptLength + completionLength;
  const span = passage * (ofPairs ? PAIR_CHARACTERS : 1);
  const boundary = Math.floor(text.length * (1 - HELD_OUT));
  requireLength(text.length, boundary, span);
  const characters = [...new Set(text)].sort().join("");
  const tokenizer = ofPairs
    ? bytePairTokenizer(text.slice(0, boundary), { vocabularySize })
    : characterTokenizer(characters);
  const fluency = trigrams(text.slice(0, boundary), characters.length);
  const written = (completion: readonly number[]) => tokenizer.decode(completion, { skipSpecial: true });
  /** The tokens of a passage that begins where a word does. */
  const passageOf = (random: RandomStream, from: number, to: number) => {
    const at = from + random.integer(to - from - span);
    const space = text.indexOf(" ", at);
    const start = space < 0 || space + 1 + span > to ? at : space + 1;
    return tokenizer.encode(text.slice(start, start + span)).slice(0, passage);
  };

  return {
    name,
    summary: `passages of ${title}; reward: pleasant less unpleasant words by a list, a formula`,
    tokenizer,
    maxNewTokens: completionLength,
    model: worldModel({
      vocabularySize: tokenizer.vocabularySize,
      tokenizer,
      contextLength: passage,
      width: 64,
      layers: 2,
      heads: 4,
    }),
    prompts: (count, seed) =>
      drawRows("prompts", "prompts", count, seed, (random) =>
        passageOf(random, boundary, text.length).slice(0, promptLength),
      ),
    demonstrations: (count, seed) =>
      drawRows("demonstrations", "demonstrations", count, seed, (random) => {
        const tokens = passageOf(random, 0, boundary);
        return { prompt: tokens.slice(0, promptLength), completion: tokens.slice(promptLength) };
      }),
    reward(_, completion) {
      const { pleasant, unpleasant } = valenceOf(written(completion));
      return (pleasant - unpleasant) / MOST_WORDS;
    },
    measures: {
      distinctWords(_, completion) {
        const { distinct, words } = valenceOf(written(completion));
        return distinct / Math.max(words, 1);
      },
      fluency: (prompt, completion) => fluency(written(prompt).slice(-2), written(completion)),
    },
  };
}

/** Straight quotes, no line breaks, and only characters that are worth a token. */
function plain(source: string): string {
  return source
    .replace(/[‘’]/g, "'")
    .replace(/[“”]/g, '"')
    .replace(/—/g, "--")
    .replace(/[^A-Za-z0-9 .,;:!?'"()\n-]/g, "")
    .replace(/\s+/g, " ")
    .trim();
}

/** Mean log-probability of a character after the two before it, counted in a text, one count added to each. */
function trigrams(text: string, characters: number): (before: string, written: string) => number {
  const pairs = new Map<string, number>();
  const triples = new Map<string, number>();
  for (let i = 2; i < text.length; i++) {
    const pair = text.slice(i - 2, i);
    const triple = text.slice(i - 2, i + 1);
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
    triples.set(triple, (triples.get(triple) ?? 0) + 1);
  }
  return (before, written) => {
    const whole = before + written;
    let sum = 0;
    for (let i = before.length; i < whole.length; i++) {
      const pair = whole.slice(Math.max(i - 2, 0), i);
      const seen = triples.get(pair + whole[i]) ?? 0;
      sum += log((seen + 1) / ((pairs.get(pair) ?? 0) + characters));
    }
    return sum / Math.max(written.length, 1);
  };
}

function requireLength(length: number, boundary: number, passage: number): void {
  if (length - boundary > passage && boundary > passage) return;
  throw new AscentError("option", {
    what: "corpusWorld: the text is too short for its passages",
    got: `${length} characters, a tenth of them held out`,
    expected: `more than ${passage} characters in that tenth`,
    fix: "Give a longer text, or take shorter prompts and completions.",
  });
}
