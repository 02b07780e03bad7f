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

/** Their ids are 0, 1 and 2. */
const SPECIAL = ["<pad>", "<bos>", "<eos>"] as const;

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
  const { special = [], addBos = false, chatTemplate } = options;
  const alphabet = [...new Set(characters)].sort((a, b) => a.codePointAt(0)! - b.codePointAt(0)!);
  if (alphabet.length === 0)
    throw refuse("characters", characters, "at least one character", "Give the alphabet, or a text.");
  const specials = [...SPECIAL, ...special];
  specials.forEach((token, index) => {
    if (token === "" || specials.indexOf(token) < index || alphabet.includes(token))
      throw refuse("special", token, "a token of its own", "Give each special token once, of several characters.");
  });
  const tokens = [...specials, ...alphabet];
  return textTokenizer(
    {
      version: "1.0",
      truncation: null,
      padding: null,
      added_tokens: specials.map((content, id) => specialToken(id, content)),
      normalizer: null,
      pre_tokenizer: { type: "Split", pattern: { Regex: "[\\s\\S]" }, behavior: "Isolated", invert: false },
      post_processor: addBos ? bosTemplate : null,
      decoder: { type: "Fuse" },
      model: {
        type: "WordLevel",
        vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
        // Not in the vocabulary: an unknown character is an error here and in Transformers.
        unk_token: "<unk>",
      },
    },
    {
      tokenizer_class: "PreTrainedTokenizerFast",
      pad_token: SPECIAL[0],
      bos_token: SPECIAL[1],
      eos_token: SPECIAL[2],
      ...(special.length > 0 ? { additional_special_tokens: special } : {}),
      clean_up_tokenization_spaces: false,
      ...(chatTemplate === undefined ? {} : { chat_template: chatTemplate }),
    },
  );
}

/** As tokenizer.json lists it: matched as it stands, before anything else looks at the text. */
export function specialToken(id: number, content: string): Record<string, unknown> {
  return { id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
}

const bosTemplate = {
  type: "TemplateProcessing",
  single: [{ SpecialToken: { id: SPECIAL[1], type_id: 0 } }, { Sequence: { id: "A", type_id: 0 } }],
  pair: [
    { SpecialToken: { id: SPECIAL[1], type_id: 0 } },
    { Sequence: { id: "A", type_id: 0 } },
    { Sequence: { id: "B", type_id: 0 } },
  ],
  special_tokens: { [SPECIAL[1]]: { id: SPECIAL[1], ids: [1], tokens: [SPECIAL[1]] } },
};

function refuse(argument: string, got: unknown, expected: string, fix: string): AscentError {
  return new AscentError("option", { what: `characterTokenizer: ${argument}`, got: describeValue(got), expected, fix });
}
