/**
 * A world of text: what a language model that starts from nothing learns in seconds. It has its own tokenizer, the model that fits
 * it, demonstrations that are not good enough, and a reward that is a formula: nobody's preference, and no judgement of
 * quality beyond what its summary says. Everything drawn depends on (count, seed) only.
 */

import type { PreferenceRow, PromptCompletion } from "../data/rows.ts";
import type { LanguageModelDescription } from "../model/description.ts";
import type { TextTokenizer } from "../tokenizer/textTokenizer.ts";

/** A number for a completion, both as token ids; the end token belongs to a completion that ended by itself. */
export type CompletionMeasure = (prompt: readonly number[], completion: readonly number[]) => number;

export interface TextWorld {
  /** As the registry has it. */
  readonly name: string;
  /** One line for lists. */
  readonly summary: string;
  readonly tokenizer: TextTokenizer;
  /** The longest completion, in tokens, its end token included. */
  readonly maxNewTokens: number;
  /** The preset that is trained from scratch. */
  readonly model: LanguageModelDescription;
  /** Prompts to train or to be tested on. @throws AscentError "option" for a bad count or seed, as the others. */
  prompts(count: number, seed: number): readonly number[][];
  /** Prompts with completions to imitate, the end token included. */
  demonstrations(count: number, seed: number): readonly PromptCompletion[];
  /** Computed by a formula, at most 1 where the best is known. */
  reward: CompletionMeasure;
  /** What is looked at beside the reward and never trained on, by the name of the figure. */
  readonly measures: Readonly<Record<string, CompletionMeasure>>;
  /** A completion of the highest reward, where there is one to be named. */
  solution?(prompt: readonly number[]): readonly number[];
  /** Pairs for the preference methods, labelled by the reward's formula. */
  preferences?(count: number, seed: number): readonly PreferenceRow[];
}
