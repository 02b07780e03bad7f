/**
 * A tokenizer whose tokens are single characters, for models trained from scratch: a tokenizer.json of Transformers' WordLevel
 * kind over a given alphabet, so that it is saved, loaded and opened elsewhere like any other.
 */

import {
  checkArguments,
  checkOptions,
  listOf,
  type OptionChecks,
  optional,
  text,
  trueOrFalse,
} from "../../arguments/checks.ts";
import { describeValue } from "../../arguments/describeValue.ts";
import { AscentError } from "../../errors.ts";
import { specialFiles } from "./specialFiles.ts";
import { type TextTokenizer, textTokenizer } from "./textTokenizer.ts";

export interface CharacterTokenizerOptions {
  /** More special tokens, such as "<sep>": their ids follow the three that are always there. */
  special?: readonly string[];
  /** Whether encode() puts a BOS before every text. Default false. */
  addBos?: boolean;
  /** A Jinja template for conversations. */
  chatTemplate?: string;
}

const optionChecks: OptionChecks<CharacterTokenizerOptions> = {
  special: optional(listOf(text, "a list of texts")),
  addBos: optional(trueOrFalse),
  chatTemplate: optional(text),
};

/**
 * Ids: `<pad>` 0, `<bos>` 1, `<eos>` 2, then `special`, then the distinct characters of `characters` (Unicode code points) in
 * the order of their code points, so that an alphabet and a text written in it give the same tokenizer. A character that is not among
 * them is refused by encode().
 *
 * @throws AscentError "option" for no characters, or special tokens that are empty, twice there or one of the characters.
 */
export function characterTokenizer(characters: string, options: CharacterTokenizerOptions = {}): TextTokenizer {
  checkArguments("characterTokenizer", { characters: text }, { characters });
  checkOptions("characterTokenizer", optionChecks, options);
  const alphabet = [...new Set(characters)].sort((a, b) => a.codePointAt(0)! - b.codePointAt(0)!);
  const { specials, addedTokens, postProcessor, config } = specialFiles("characterTokenizer", options);
  if (alphabet.length === 0)
    throw refuse("characters", characters, "at least one character", "Give the alphabet, or a text.");
  const taken = specials.find((token) => alphabet.includes(token));
  if (taken !== undefined)
    throw refuse("special", taken, "a token of its own", "Write special tokens with several characters.");
  const tokens = [...specials, ...alphabet];
  return textTokenizer(
    {
      version: "1.0",
      truncation: null,
      padding: null,
      added_tokens: addedTokens,
      normalizer: null,
      pre_tokenizer: { type: "Split", pattern: { Regex: "[\\s\\S]" }, behavior: "Isolated", invert: false },
      post_processor: postProcessor,
      decoder: { type: "Fuse" },
      model: {
        type: "WordLevel",
        vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
        // Not in the vocabulary: an unknown character is an error here and in Transformers.
        unk_token: "<unk>",
      },
    },
    config,
  );
}

function refuse(argument: string, got: unknown, expected: string, fix: string): AscentError {
  return new AscentError("option", { what: `characterTokenizer: ${argument}`, got: describeValue(got), expected, fix });
}
