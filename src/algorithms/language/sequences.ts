/**
 * Prompts with their completions as one row of tokens, padded on the right: what every text algorithm puts into its programs.
 * Nothing here knows what is learnt from them.
 */

import { AscentError } from "../../errors.ts";
import type { LanguageModelDescription } from "../../language/model/description.ts";

/** A prompt and what follows it, as tokens. */
export interface TokenSequence {
  readonly prompt: readonly number[];
  readonly completion: readonly number[];
}

/** Both joined, cut to the longest length allowed. */
export interface EncodedSequence {
  readonly tokens: Int32Array;
  /** Where the completion begins. */
  readonly from: number;
  /** What each token of the completion counts in sums of log-probabilities; absent: 1 each. */
  readonly weights?: Float32Array;
}

/** Tokens of the completion that are predicted: a first token that nothing stands before is not. */
export function predictedTokens({ tokens, from }: EncodedSequence): number {
  return tokens.length - Math.max(from, 1);
}

/**
 * Prompt and completion joined. What is longer than `maxLength` loses its end; a completion that loses all of it is for the caller to
 * drop.
 *
 * @param what names the row in errors.
 * @throws AscentError "option" for an empty completion, or a token that the model does not have.
 */
export function encodeSequence(
  what: string,
  { prompt, completion }: TokenSequence,
  { vocabularySize }: LanguageModelDescription,
  maxLength: number,
): EncodedSequence {
  if (completion.length === 0) {
    throw new AscentError("option", {
      what: `${what}: the completion is empty`,
      got: "no tokens",
      expected: "at least one, such as the end of sequence",
      fix: "Leave the row out, or let its completion end with the end-of-sequence token.",
    });
  }
  const whole = [...prompt, ...completion];
  const odd = whole.findIndex((token) => !(Number.isInteger(token) && token >= 0 && token < vocabularySize));
  if (odd >= 0) {
    throw new AscentError("option", {
      what: `${what}: a token that the model does not have`,
      got: `${whole[odd]} at place ${odd}`,
      expected: `whole numbers from 0 to ${vocabularySize - 1}`,
      fix: "Use the tokenizer that the model was made with.",
    });
  }
  return { tokens: Int32Array.from(whole.slice(0, maxLength)), from: prompt.length };
}

/** Memory of a program's inputs to be filled: `rows` sequences of `length` tokens. */
export interface SequenceInputs {
  /** [rows, length] */
  readonly tokens: Int32Array;
  /** 1 on the tokens that are predicted and learnt from [rows, length − 1], in the frame of what predicts them. */
  readonly mask?: Float32Array;
  /** The mask, times what a token counts. */
  readonly weights?: Float32Array;
  /** 1 on all tokens but the first and padding. */
  readonly real?: Float32Array;
  /** Place of the last token of each row. */
  readonly last?: Int32Array;
}

/** Writes one sequence into row `row`; padding is token 0, which no real token sees. */
export function writeSequence(
  { tokens, from, weights }: EncodedSequence,
  row: number,
  length: number,
  into: SequenceInputs,
): void {
  const places = length - 1;
  into.tokens.fill(0, row * length, (row + 1) * length);
  into.tokens.set(tokens, row * length);
  into.mask?.fill(0, row * places, (row + 1) * places);
  into.weights?.fill(0, row * places, (row + 1) * places);
  into.real?.fill(0, row * places, (row + 1) * places);
  into.real?.fill(1, row * places, row * places + tokens.length - 1);
  for (let at = Math.max(from, 1); at < tokens.length; at++) {
    const place = row * places + at - 1;
    if (into.mask !== undefined) into.mask[place] = 1;
    if (into.weights !== undefined) into.weights[place] = weights?.[at - from] ?? 1;
  }
  if (into.last !== undefined) into.last[row] = tokens.length - 1;
}
