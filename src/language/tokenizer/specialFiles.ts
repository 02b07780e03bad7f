/** What the files of a tokenizer made here have in common: special tokens, and a BOS before every text where it is wanted. */

import { describeValue } from "../../arguments/describeValue.ts";
import { AscentError } from "../../errors.ts";

/** Their ids are 0, 1 and 2. */
const SPECIAL = ["<pad>", "<bos>", "<eos>"] as const;

export interface SpecialFilesOptions {
  special?: readonly string[];
  addBos?: boolean;
  chatTemplate?: string;
}

export interface SpecialFiles {
  /** All special tokens by id, from 0 on. */
  readonly specials: readonly string[];
  /** Of tokenizer.json: added_tokens and post_processor. */
  readonly addedTokens: readonly Readonly<Record<string, unknown>>[];
  readonly postProcessor: Readonly<Record<string, unknown>> | null;
  /** tokenizer_config.json. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** @throws AscentError "option" for a special token that is empty or there twice. */
export function specialFiles(caller: string, options: SpecialFilesOptions): SpecialFiles {
  const { special = [], addBos = false, chatTemplate } = options;
  const specials = [...SPECIAL, ...special];
  specials.forEach((token, index) => {
    if (token !== "" && specials.indexOf(token) === index) return;
    throw new AscentError("option", {
      what: `${caller}: special`,
      got: describeValue(token),
      expected: "a token of its own",
      fix: "Give each special token once.",
    });
  });
  return {
    specials,
    addedTokens: specials.map(addedToken),
    postProcessor: addBos ? BOS_BEFORE : null,
    config: {
      tokenizer_class: "PreTrainedTokenizerFast",
      pad_token: SPECIAL[0],
      bos_token: SPECIAL[1],
      eos_token: SPECIAL[2],
      ...(special.length > 0 ? { additional_special_tokens: special } : {}),
      clean_up_tokenization_spaces: false,
      ...(chatTemplate === undefined ? {} : { chat_template: chatTemplate }),
    },
  };
}

/** Matched as it stands, before anything else looks at the text. */
function addedToken(content: string, id: number): Record<string, unknown> {
  return { id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
}

const BOS = { SpecialToken: { id: SPECIAL[1], type_id: 0 } };
const TEXT = { Sequence: { id: "A", type_id: 0 } };
const BOS_BEFORE = {
  type: "TemplateProcessing",
  single: [BOS, TEXT],
  pair: [BOS, TEXT, { Sequence: { id: "B", type_id: 0 } }],
  special_tokens: { [SPECIAL[1]]: { id: SPECIAL[1], ids: [1], tokens: [SPECIAL[1]] } },
};
