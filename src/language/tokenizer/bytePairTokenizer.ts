/**
 * A byte-level BPE tokenizer learnt from a text, for models trained from scratch: the merges are learnt here, the tokenizer.json
 * is the library's to read, like every other. It knows every text: what has no token of its own is spelled in bytes.
 */

import { Tokenizer } from "@huggingface/tokenizers";
import {
  checkArguments,
  checkOptions,
  listOf,
  type OptionChecks,
  optional,
  text,
  trueOrFalse,
  wholeNumber,
} from "../../arguments/checks.ts";
import { describeValue } from "../../arguments/describeValue.ts";
import { AscentError } from "../../errors.ts";
import { learnMerges } from "./bytePairMerges.ts";
import { specialFiles } from "./specialFiles.ts";
import { type TextTokenizer, textTokenizer } from "./textTokenizer.ts";

export interface BytePairTokenizerOptions {
  /** Tokens in all: special ones, 256 bytes, merges. Fewer where the text has no more pairs to merge. */
  vocabularySize: number;
  /** More special tokens than `<pad>` 0, `<bos>` 1 and `<eos>` 2, which they follow. */
  special?: readonly string[];
  /** How often a pair must stand side by side in the text to be merged. Default 2. */
  minFrequency?: number;
  /** Whether encode() puts a BOS before every text. Default false. */
  addBos?: boolean;
  /** A Jinja template for conversations. */
  chatTemplate?: string;
}

const optionChecks: OptionChecks<BytePairTokenizerOptions> = {
  vocabularySize: wholeNumber(1, 1 << 20),
  special: optional(listOf(text, "a list of texts")),
  minFrequency: optional(wholeNumber(1)),
  addBos: optional(trueOrFalse),
  chatTemplate: optional(text),
};

/** What the library's pre-tokenizer makes of a text: its words, each byte of them as a printable character. */
interface Words {
  readonly pre_tokenizer: { pre_tokenize_text(text: string): string[] };
}

const split = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true } as const;

/**
 * Learns the tokenizer that Hugging Face's BpeTrainer learns of the same text, special tokens and vocabulary size (GPT-2's
 * pre-tokenization, all 256 bytes in the alphabet).
 *
 * @param corpus a text, or several.
 * @throws AscentError "option" for a vocabulary that has not room for bytes and special tokens.
 */
export function bytePairTokenizer(
  corpus: string | readonly string[],
  options: BytePairTokenizerOptions,
): TextTokenizer {
  const texts = typeof corpus === "string" ? [corpus] : corpus;
  checkArguments("bytePairTokenizer", { corpus: listOf(text, "a text, or a list of texts") }, { corpus: texts });
  checkOptions("bytePairTokenizer", optionChecks, options);
  const { vocabularySize, minFrequency = 2 } = options;
  const { specials, addedTokens, postProcessor, config } = specialFiles("bytePairTokenizer", options);
  const tokens = [...specials, ...BYTE_CHARACTERS];
  if (vocabularySize < tokens.length) {
    throw new AscentError("option", {
      what: "bytePairTokenizer: vocabularySize",
      got: describeValue(vocabularySize),
      expected: `at least ${tokens.length}: ${specials.length} special tokens and 256 bytes`,
      fix: "Give a larger vocabulary, or take single characters (characterTokenizer).",
    });
  }
  const idOf = new Map(tokens.map((token, id) => [token, id]));
  const words = Array.from(wordCounts(texts), ([word, count]) => ({
    ids: Array.from(word, (character) => idOf.get(character)!),
    count,
  }));
  const learnt = learnMerges(words, tokens.length, vocabularySize - tokens.length, minFrequency);
  const merges = learnt.map(({ left, right }) => {
    tokens.push(tokens[left] + tokens[right]);
    return [tokens[left], tokens[right]];
  });
  return textTokenizer(
    {
      version: "1.0",
      truncation: null,
      padding: null,
      added_tokens: addedTokens,
      normalizer: null,
      pre_tokenizer: split,
      post_processor: postProcessor,
      decoder: { ...split, add_prefix_space: true },
      model: {
        type: "BPE",
        dropout: null,
        unk_token: null,
        continuing_subword_prefix: null,
        end_of_word_suffix: null,
        fuse_unk: false,
        byte_fallback: false,
        ignore_merges: false,
        vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
        merges,
      },
    },
    config,
  );
}

/**
 * The characters that stand for the 256 bytes (GPT-2), in the order of their code points: printable ones of Latin-1 for themselves,
 * the characters from 256 on for the 68 others.
 */
const BYTE_CHARACTERS = [
  [33, 126],
  [161, 172],
  [174, 255],
  [256, 323],
].flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => String.fromCodePoint(from + i)));

function wordCounts(texts: readonly string[]): Map<string, number> {
  const model = { type: "BPE", vocab: {}, merges: [], ignore_merges: false };
  const parts = {
    normalizer: null,
    pre_tokenizer: split,
    model,
    post_processor: null,
    decoder: null,
    added_tokens: [],
  };
  const { pre_tokenizer: words }: Words = new Tokenizer(parts, {});
  const counts = new Map<string, number>();
  for (const one of texts) {
    for (const word of words.pre_tokenize_text(one)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}
