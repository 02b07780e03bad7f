/** What generating is told: the options, their checks, and what the defaults come to for a model. */

import {
  type Check,
  checkOptions,
  type OptionChecks,
  optional,
  trueOrFalse,
  wholeNumber,
} from "../../arguments/checks.ts";
import { describeValue } from "../../arguments/describeValue.ts";
import { AscentError } from "../../errors.ts";
import type { LanguageModelDescription } from "../model/description.ts";
import { type SamplingOptions, samplingOptions } from "./samplingOptions.ts";

export interface GenerationOptions extends SamplingOptions {
  /** A completion ends after so many tokens, ≥ 1. */
  maxNewTokens: number;
  /** A completion ends behind any of them. Default: the end-of-sequence tokens the model's description names. */
  stopTokens?: readonly number[];
  /** False: of the base model, LoRA's part left out. Default true. */
  adapter?: boolean;
}

export interface GeneratorOptions extends GenerationOptions {
  /** How many completions are worked on at a time, ≥ 1. */
  rows: number;
  /** Tokens of the longest prompt, ≥ 1. */
  promptLength: number;
}

const tokenList: Check = {
  expected: "a list of token ids",
  fits: (x) => Array.isArray(x) && x.every((token) => Number.isSafeInteger(token) && token >= 0),
  fix: "Give whole numbers, such as [tokenizer.eosId]; [] for none.",
};

const generatorOptions: OptionChecks<GeneratorOptions> = {
  ...samplingOptions,
  maxNewTokens: wholeNumber(1),
  stopTokens: optional(tokenList),
  adapter: optional(trueOrFalse),
  rows: wholeNumber(1),
  promptLength: wholeNumber(1),
};

/**
 * The tokens that end a completion.
 *
 * @throws AscentError "option" for options that are wrong in themselves, or more than the model can do.
 */
export function checkGeneratorOptions(
  caller: string,
  { head, contextLength, vocabularySize, specialTokens }: LanguageModelDescription,
  options: GeneratorOptions,
): readonly number[] {
  checkOptions(caller, generatorOptions, options);
  if (head !== "language") {
    throw new AscentError("option", {
      what: `${caller}: the model`,
      got: `one with the head "${head}"`,
      expected: 'the head "language"',
      fix: "Give a model that has logits of tokens; a reward model only scores.",
    });
  }
  const { promptLength, maxNewTokens } = options;
  if (promptLength + maxNewTokens > contextLength) {
    throw new AscentError("option", {
      what: `${caller}: prompt and completion are longer than the model's context`,
      got: `promptLength ${promptLength} and maxNewTokens ${maxNewTokens}, ${promptLength + maxNewTokens} tokens`,
      expected: `at most ${contextLength} together`,
      fix: "Lower maxNewTokens, shorten the prompts, or use a model with a longer context.",
    });
  }
  const { eos = [] } = specialTokens ?? {};
  const stopTokens = options.stopTokens ?? (typeof eos === "number" ? [eos] : eos);
  for (const token of stopTokens) if (token >= vocabularySize) refuseToken(caller, "stopTokens", token, vocabularySize);
  return stopTokens;
}

/**
 * @throws AscentError "shape" for what is no list of prompts, for an empty prompt and for one longer than `promptLength`; "option"
 *   for tokens outside the vocabulary.
 */
export function checkPrompts(
  caller: string,
  prompts: readonly (readonly number[])[],
  { promptLength, maxNewTokens }: GeneratorOptions,
  { vocabularySize, contextLength }: LanguageModelDescription,
): void {
  const isList = (x: unknown) => Array.isArray(x) || x instanceof Int32Array;
  if (!Array.isArray(prompts) || !prompts.every(isList)) {
    const wrong = Array.isArray(prompts) ? prompts.find((prompt) => !isList(prompt)) : prompts;
    throw new AscentError("shape", {
      what: `${caller}: prompts`,
      got: describeValue(wrong),
      expected: "a list of lists of token ids",
      fix: "Encode texts first: texts.map((text) => tokenizer.encode(text)).",
    });
  }
  prompts.forEach((prompt, row) => {
    if (prompt.length === 0) {
      throw new AscentError("shape", {
        what: `${caller}: prompt ${row} is empty`,
        got: "0 tokens",
        expected: "at least 1",
        fix: "Begin it with a token, such as the beginning-of-sequence token.",
      });
    }
    if (prompt.length > promptLength) {
      const most = contextLength - maxNewTokens;
      throw new AscentError("shape", {
        what: `${caller}: prompt ${row} is too long`,
        got: `${prompt.length} tokens`,
        expected: `at most promptLength, ${promptLength}`,
        fix:
          prompt.length <= most
            ? `Make the generator with promptLength: ${prompt.length}.`
            : `Shorten it: beside maxNewTokens ${maxNewTokens} the model's context of ${contextLength} leaves ${most}.`,
      });
    }
    for (let t = 0; t < prompt.length; t++) {
      const token = prompt[t];
      if (!(Number.isInteger(token) && token >= 0 && token < vocabularySize)) {
        refuseToken(caller, `prompt ${row}, token ${t}`, token, vocabularySize);
      }
    }
  });
}

function refuseToken(caller: string, where: string, token: number, vocabularySize: number): never {
  throw new AscentError("option", {
    what: `${caller}: ${where} is no token of the model`,
    got: describeValue(token),
    expected: `a whole number from 0 to ${vocabularySize - 1}`,
    fix: "Use the tokenizer that belongs to the model.",
  });
}
