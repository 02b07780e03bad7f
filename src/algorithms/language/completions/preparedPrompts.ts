/** The prompts of a run, looked at once: that the model knows their tokens, and how much of its context they leave. */

import { AscentError } from "../../../errors.ts";
import type { Rows } from "../../../language/data/rows.ts";
import type { LanguageModel } from "../../../language/model/languageModel.ts";
import { dueAfter, type Work } from "../../../pauses.ts";

export interface PreparedPrompts {
  readonly rows: Rows<readonly number[]>;
  /** Tokens of the longest. */
  readonly longest: number;
  /** Of the longest completion. */
  readonly maxNewTokens: number;
}

/** Where neither the options nor the context say; TRL's default. */
const MOST_NEW_TOKENS = 512;

/** @throws AscentError "option" for no prompts, an empty one, unknown tokens, or no room for a completion; it names the row. */
export function* preparedPrompts(
  algorithm: string,
  model: LanguageModel,
  rows: Rows<readonly number[]>,
  given: number | undefined,
): Work<PreparedPrompts> {
  const { vocabularySize, contextLength } = model.network.description;
  let longest = 0;
  for (let number = 0; number < rows.length; number++) {
    if (dueAfter(number)) yield;
    const prompt = rows.at(number) ?? [];
    const what = `${algorithm}: prompt ${number}`;
    if (prompt.length === 0) {
      throw refuse(`${what} is empty`, "no tokens", "at least one", "Begin it with the beginning-of-sequence token.");
    }
    const odd = prompt.find((token) => !(Number.isInteger(token) && token >= 0 && token < vocabularySize));
    if (odd !== undefined) {
      const fix = "Use the tokenizer that the model was made with.";
      throw refuse(`${what} has a token that the model does not`, `${odd}`, `0 to ${vocabularySize - 1}`, fix);
    }
    const room = contextLength - (given ?? 1);
    if (prompt.length > room) {
      const fix = "Shorten it or leave it out, lower maxNewTokens, or use a model with a longer context.";
      const expected = `at most ${room}, which leaves ${given ?? 1} of the context of ${contextLength} for a completion`;
      throw refuse(`${what} is too long`, `${prompt.length} tokens`, expected, fix);
    }
    longest = Math.max(longest, prompt.length);
  }
  if (rows.length === 0) {
    throw refuse(
      `${algorithm}: there is nothing to answer`,
      "no prompts",
      "at least one prompt",
      "Give rows of tokens.",
    );
  }
  return { rows, longest, maxNewTokens: given ?? Math.min(contextLength - longest, MOST_NEW_TOKENS) };
}

function refuse(what: string, got: string, expected: string, fix: string): AscentError {
  return new AscentError("option", { what, got, expected, fix });
}
