/** tokenizer.json and tokenizer_config.json as they are read: parsed, checked as far as others rely on them, special tokens as texts. */

import { named } from "../../arguments/checks.ts";
import { describeValue } from "../../arguments/describeValue.ts";
import { AscentError } from "../../errors.ts";

const SPECIAL = ["pad_token", "bos_token", "eos_token", "unk_token", "sep_token", "cls_token", "mask_token"] as const;
export type SpecialName = (typeof SPECIAL)[number];

type JsonObject = Readonly<Record<string, unknown>>;

export interface TokenizerFiles {
  readonly tokenizer: JsonObject;
  readonly config: JsonObject;
  /** The special tokens that the config names, as texts. */
  readonly special: Readonly<Partial<Record<SpecialName, string>>>;
}

/** Models of tokenizer.json. Older files leave the type out, which the library makes out by the fields. */
const MODELS = ["BPE", "WordPiece", "Unigram", "WordLevel"];

/** What every tokenizer.json has; null where there is none of it. */
const PARTS = ["normalizer", "pre_tokenizer", "post_processor", "decoder"];

/**
 * @throws AscentError "file" where one of the two is something else.
 */
export function readTokenizerFiles(tokenizerJson: unknown, tokenizerConfig: unknown): TokenizerFiles {
  const tokenizer = readObject("tokenizer.json", tokenizerJson);
  const config = readObject("tokenizer_config.json", tokenizerConfig);
  const { model } = tokenizer;
  if (!isObject(model) || !isObject(model.vocab)) {
    throw wrong(
      "tokenizer.json: model",
      model,
      "an object with a vocab",
      "Take the file that Transformers' save_pretrained writes.",
    );
  }
  if (model.type !== undefined && !MODELS.includes(String(model.type))) {
    throw wrong(
      "tokenizer.json: model.type",
      model.type,
      `one of ${MODELS.join(", ")}`,
      "Use a tokenizer of these kinds.",
    );
  }
  const parts = Object.fromEntries(PARTS.map((part) => [part, tokenizer[part] ?? null]));
  return {
    tokenizer: { ...tokenizer, ...parts, added_tokens: tokenizer.added_tokens ?? [] },
    config,
    special: specialTokens(config),
  };
}

/** Transformers writes a special token as a text, or as an object with its content. */
function specialTokens(config: JsonObject): Partial<Record<SpecialName, string>> {
  const found: Partial<Record<SpecialName, string>> = {};
  for (const name of SPECIAL) {
    const given = config[name];
    if (given === undefined || given === null) continue;
    const content = isObject(given) ? given.content : given;
    if (typeof content !== "string")
      throw wrong(`tokenizer_config.json: ${name}`, given, "a text, or an object with content", "Correct the file.");
    found[name] = content;
  }
  return found;
}

const fileObject = named("a file's object");

function readObject(file: string, given: unknown): JsonObject {
  let value = given;
  if (typeof given === "string") {
    try {
      value = JSON.parse(given) as unknown;
    } catch (cause) {
      throw new AscentError(
        "file",
        {
          what: `${file} is no JSON`,
          got: cause instanceof Error ? cause.message : String(cause),
          expected: "what Transformers' save_pretrained writes",
          fix: "Check that the file is complete.",
        },
        { cause },
      );
    }
  }
  if (fileObject.fits(value)) return value as JsonObject;
  throw wrong(file, value, "the file's object, or its text", "Give what the file holds.");
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null;
}

function wrong(what: string, got: unknown, expected: string, fix: string): AscentError {
  return new AscentError("file", { what, got: describeValue(got), expected, fix });
}
