/**
 * Text to token ids and back, as Transformers' fast tokenizers do it: a tokenizer.json and a tokenizer_config.json in, the same
 * ids out. The work is done by @huggingface/tokenizers, chat templates by @huggingface/jinja; here are the questions that a
 * language model asks of them, the special tokens, and errors in words. No tokenizer is written here.
 */

import { Tokenizer } from "@huggingface/tokenizers";
import { checkArguments, isNumbers, optional, text as textCheck } from "../../arguments/checks.ts";
import { describeValue } from "../../arguments/describeValue.ts";
import { AscentError } from "../../errors.ts";
import { type ChatMessage, chatTemplateOf, checkMessages, renderChat } from "./chatTemplate.ts";
import { isObject, readTokenizerFiles, type TokenizerFiles } from "./tokenizerFiles.ts";

export interface EncodeOptions {
  /**
   * Whether the tokens are added that the tokenizer puts around a text by itself (a BOS before it, for many models). Default
   * true. False for text that is part of a longer one.
   */
  addSpecial?: boolean;
}

export interface DecodeOptions {
  /** Leaves special tokens out of the text. Default false: they are shown. */
  skipSpecial?: boolean;
}

export interface ChatOptions {
  /** Ends with what opens the assistant's answer, for a prompt to be completed. Default false. */
  generationPrompt?: boolean;
}

export interface TextTokenizer {
  /** One more than the largest token id. A model's vocabulary may be larger (padded), never smaller. */
  readonly vocabularySize: number;
  /** What fills rows of a batch: the pad token, else the end-of-sequence token, else 0. Masks, not this id, say what is padding. */
  readonly padId: number;
  readonly bosId?: number;
  readonly eosId?: number;
  /** Whether conversations can be rendered. */
  readonly hasChatTemplate: boolean;
  /** @throws AscentError "option" for a character that no token stands for, where there is no token for unknown ones. */
  encode(text: string, options?: EncodeOptions): number[];
  /** @throws AscentError "option" for an id that is no token. */
  decode(ids: ArrayLike<number>, options?: DecodeOptions): string;
  /** The token of each id, as the vocabulary spells it. */
  tokens(ids: ArrayLike<number>): string[];
  /** The id of a token of the vocabulary, special or not. */
  idOf(token: string): number | undefined;
  /** Renders a conversation by the chat template. The template writes all special tokens, so none are added to its ids. */
  chat(messages: readonly ChatMessage[], options?: ChatOptions): { text: string; ids: number[] };
  /** The files it was made from, by name, for saving beside a model. */
  files(): Record<string, string>;
}

/**
 * A tokenizer from the files that Transformers writes.
 *
 * @param tokenizerJson tokenizer.json, parsed or as text.
 * @param config tokenizer_config.json, parsed or as text. Its chat_template may be a text, or a list of named ones of which the
 * one called "default" is taken.
 * @param chatTemplate the text of chat_template.jinja where there is such a file; it goes before the config's.
 * @throws AscentError "file" for a file that is no tokenizer's, or of a kind that is not supported.
 */
export function textTokenizer(tokenizerJson: unknown, config: unknown, chatTemplate?: string): TextTokenizer {
  checkArguments("textTokenizer", { chatTemplate: optional(textCheck) }, { chatTemplate });
  const files = readTokenizerFiles(tokenizerJson, config);
  const tokenizer = openTokenizer(files);
  const ids = specialIds(files, tokenizer);
  const template = chatTemplateOf(files.config, chatTemplate);
  const vocabularySize = sizeOf(tokenizer);

  const encode = (text: string, { addSpecial = true }: EncodeOptions = {}): number[] => {
    if (typeof text !== "string") throw notAText(text);
    const encoded = tokenizer.encode(text, { add_special_tokens: addSpecial });
    const missing = encoded.ids.indexOf(undefined);
    if (missing >= 0) throw noToken(encoded.tokens[missing]);
    return encoded.ids as number[];
  };

  const tokens = (given: ArrayLike<number>): string[] =>
    requireIds(given).map((id, at) => tokenizer.id_to_token(id) ?? refuseId(id, at, vocabularySize));

  return {
    vocabularySize,
    padId: ids.pad ?? ids.eos ?? 0,
    ...(ids.bos === undefined ? {} : { bosId: ids.bos }),
    ...(ids.eos === undefined ? {} : { eosId: ids.eos }),
    hasChatTemplate: template !== undefined,
    encode,
    tokens,
    decode(given, { skipSpecial = false } = {}) {
      tokens(given);
      if (given.length === 0) return "";
      return tokenizer.decode(Array.from(given), { skip_special_tokens: skipSpecial });
    },
    idOf: (token) => tokenizer.token_to_id(token),
    chat(messages, { generationPrompt = false } = {}) {
      checkMessages("chat: messages", messages);
      const text = renderChat(template, files.config, messages, generationPrompt);
      return { text, ids: encode(text, { addSpecial: false }) };
    },
    files: () => ({
      "tokenizer.json": JSON.stringify(files.tokenizer, null, 2),
      "tokenizer_config.json": JSON.stringify(files.config, null, 2),
      ...(chatTemplate === undefined ? {} : { "chat_template.jinja": chatTemplate }),
    }),
  };
}

/** What is used of the library's tokenizer. Its own declarations resolve with bundlers only. */
interface LibraryTokenizer {
  /** An id is undefined where neither the token nor a token for unknown ones is in the vocabulary. */
  encode(text: string, options: { add_special_tokens: boolean }): { ids: (number | undefined)[]; tokens: string[] };
  decode(ids: number[], options: { skip_special_tokens: boolean }): string;
  token_to_id(token: string): number | undefined;
  id_to_token(id: number): string | undefined;
  get_vocab(withAdded: boolean): Map<string, number>;
}

/**
 * The library's settings follow Transformers' today: blanks before full stops are kept when decoding unless the config asks for
 * them to go, and with BPE, whose texts that would spoil, in any case.
 */
function openTokenizer({ tokenizer, config, special }: TokenizerFiles): LibraryTokenizer {
  const isBytePair = isObject(tokenizer.model) && tokenizer.model.type === "BPE";
  const settings = {
    ...config,
    ...special,
    additional_special_tokens: undefined,
    clean_up_tokenization_spaces: config.clean_up_tokenization_spaces === true && !isBytePair,
  };
  try {
    return new Tokenizer(tokenizer, settings);
  } catch (cause) {
    throw new AscentError(
      "file",
      {
        what: "The tokenizer cannot be made from tokenizer.json",
        got: cause instanceof Error ? cause.message : String(cause),
        expected: "parts that @huggingface/tokenizers supports",
        fix: "Save the tokenizer with a current version of Transformers (save_pretrained), or use another one.",
      },
      { cause },
    );
  }
}

/** The vocabulary's ids need not be without gaps: added tokens may come after a padded end. */
function sizeOf(tokenizer: LibraryTokenizer): number {
  let size = 0;
  for (const id of tokenizer.get_vocab(true).values()) size = Math.max(size, id + 1);
  return size;
}

interface SpecialIds {
  pad?: number;
  bos?: number;
  eos?: number;
}

function specialIds({ special }: TokenizerFiles, tokenizer: LibraryTokenizer): SpecialIds {
  const idOf = (name: "pad_token" | "bos_token" | "eos_token") => {
    const token = special[name];
    if (token === undefined) return undefined;
    const id = tokenizer.token_to_id(token);
    if (id !== undefined) return id;
    throw new AscentError("file", {
      what: `tokenizer_config.json: ${name}`,
      got: describeValue(token),
      expected: "a token of tokenizer.json",
      fix: "Take both files from the same model.",
    });
  };
  return { pad: idOf("pad_token"), bos: idOf("bos_token"), eos: idOf("eos_token") };
}

function requireIds(ids: ArrayLike<number>): number[] {
  if (isNumbers(ids)) return Array.from(ids);
  throw new AscentError("shape", {
    what: "Token ids cannot be decoded",
    got: describeValue(ids),
    expected: "an array of whole numbers",
    fix: "Give the ids of tokens, such as those of encode().",
  });
}

function refuseId(id: number, at: number, vocabularySize: number): never {
  throw new AscentError("option", {
    what: `Token id number ${at} cannot be decoded`,
    got: describeValue(id),
    expected: `the id of a token, from 0 to ${vocabularySize - 1}`,
    fix: "Use the tokenizer that belongs to the model.",
  });
}

function notAText(given: unknown): AscentError {
  return new AscentError("option", {
    what: "encode: text",
    got: describeValue(given),
    expected: "a text",
    fix: "Give a text; conversations go to chat().",
  });
}

function noToken(token: string): AscentError {
  return new AscentError("option", {
    what: "The text cannot be tokenized",
    got: describeValue(token),
    expected: "text made of the vocabulary's tokens, since this tokenizer has none for unknown ones",
    fix: "Make the tokenizer with all characters of the text, or leave them out of it.",
  });
}
