/** What became of a file's examples: counted while it is read, told in words. */

import { checkArguments, having } from "../../arguments/checks.ts";

export interface DataReport {
  /** Examples read. */
  read: number;
  /** Rows that are learnt from. */
  rows: number;
  /** Token ids of these rows; a preference's prompt counts on both sides. */
  tokens: number;
  /** Those of them that predictions are scored on. */
  completionTokens: number;
  /** Rows that were cut to maxLength or maxPromptLength. */
  truncated: number;
  /** Completions whose first token alone would have reached into the prompt: tokenized by themselves. */
  crossedBoundaries: number;
  /** Completions of an end of sequence alone. */
  emptyCompletions: number;
  /** Completions without an end of sequence, before any was cut: a model does not learn from these to stop. */
  withoutEos: number;
  /** Rows left out. A preference is left out as a whole. */
  dropped: {
    /** Nothing of a completion was left within maxLength, or nothing was there. */
    noCompletion: number;
    /** Longer than maxLength, with truncation "drop". */
    tooLong: number;
    /** Chosen and rejected are the same tokens, within maxLength: no preference. */
    identical: number;
  };
}

export function emptyReport(): DataReport {
  return {
    read: 0,
    rows: 0,
    tokens: 0,
    completionTokens: 0,
    truncated: 0,
    crossedBoundaries: 0,
    emptyCompletions: 0,
    withoutEos: 0,
    dropped: { noCompletion: 0, tooLong: 0, identical: 0 },
  };
}

/** In sentences, one each; those of nothing are left out. */
export function describeReport(report: DataReport): string[] {
  checkArguments(
    "describeReport",
    { report: having("a report of readTextData()", "read", "rows", "dropped") },
    { report },
  );
  const { dropped } = report;
  const sentences: readonly (readonly [number, string])[] = [
    [dropped.noCompletion, "left out, as nothing of a completion is within the length"],
    [dropped.tooLong, "left out as too long"],
    [dropped.identical, "left out, as chosen and rejected are the same"],
    [report.truncated, "cut to the length"],
    [
      report.crossedBoundaries,
      "whose completion is tokenized by itself, since a token reached across the prompt's end",
    ],
    [report.emptyCompletions, "with an empty completion, which teaches to end at once"],
    [report.withoutEos, "without an end of sequence: from these a model does not learn to stop"],
  ];
  return [
    `${count(report.rows, "row")} of ${count(report.tokens, "token")} from ${count(report.read, "example")}.`,
    ...sentences.filter(([number]) => number > 0).map(([number, words]) => `${count(number, "row")} ${words}.`),
  ];
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}
