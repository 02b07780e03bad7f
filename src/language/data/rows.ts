/** Rows of data after tokenization: what every text algorithm learns from, whatever file they came from. */

import { checkArguments, having, listOf } from "../../arguments/checks.ts";

export interface PromptCompletion {
  readonly prompt: readonly number[];
  /** Its end-of-sequence token included, where it has one. */
  readonly completion: readonly number[];
  /** Of unpaired preferences (KTO): whether the completion is wanted. */
  readonly label?: boolean;
}

export interface PreferenceRow {
  readonly prompt: readonly number[];
  readonly chosen: readonly number[];
  readonly rejected: readonly number[];
  /** By how much the chosen one is better, for reward models that learn a margin. */
  readonly margin?: number;
}

/** What is learnt from: a list of rows is one, and so is what holds them in less memory. */
export interface Rows<Row> {
  readonly length: number;
  at(index: number): Row | undefined;
}

export const preferencesCheck = listOf(
  having("a row", "prompt", "chosen", "rejected"),
  "a list of rows with prompt, chosen and rejected",
);

/**
 * Completion tokens that a model's prediction scores: all, but of a row without a prompt, whose first token follows nothing.
 */
export function scoredTokens(promptLength: number, completionLength: number): number {
  return promptLength > 0 ? completionLength : Math.max(completionLength - 1, 0);
}

/**
 * Each preference as two unpaired rows, the chosen one first (TRL's unpair_preference_dataset lists all chosen, then all
 * rejected; rows are shuffled anyway).
 */
export function unpairPreferences(rows: readonly PreferenceRow[]): PromptCompletion[] {
  checkArguments("unpairPreferences", { rows: preferencesCheck }, { rows });
  return rows.flatMap(({ prompt, chosen, rejected }) => [
    { prompt, completion: chosen, label: true },
    { prompt, completion: rejected, label: false },
  ]);
}
