/**
 * The rows of the data that there is something to learn from, the lengths they are padded to, and the order they are gone through in.
 * Sequences are made when they are asked for: data may be larger than what fits in memory twice.
 */

import { checkArguments, named, wholeNumber } from "../../arguments/checks.ts";
import { AscentError } from "../../errors.ts";
import { type BatchOrder, batchOrder } from "../../language/data/batchOrder.ts";
import type { Rows } from "../../language/data/rows.ts";
import { type LanguageModel, languageModelCheck } from "../../language/model/languageModel.ts";
import { dueAfter, type Work } from "../../pauses.ts";
import type { UpdateChoice } from "./commonOptions.ts";
import type { EncodedSequence } from "./sequences.ts";

export interface EncodedRows<Row> {
  readonly length: number;
  row(number: number): Row;
  /** By kind. */
  sequences(number: number): readonly EncodedSequence[];
  /** The order they are gone through in, epoch after epoch. */
  readonly order: BatchOrder;
  /** Tokens of the longest prompt, and of the longest completion. */
  readonly longest: { readonly prompt: number; readonly completion: number };
  /** Rows that there is nothing to learn from, after truncation. */
  readonly dropped: number;
}

/** The sequences of a row, encoded; undefined where truncation leaves nothing to learn from. */
export type Encode<Row> = (row: Row, what: string) => readonly EncodedSequence[] | undefined;

/** @throws AscentError "option" for rows that cannot be learnt from, naming the row, or where truncation leaves none. */
export function* encodeRows<Row>(
  algorithm: string,
  rows: Rows<Row>,
  encode: Encode<Row>,
  { batchSize, seed }: Pick<UpdateChoice, "batchSize" | "seed">,
): Work<EncodedRows<Row>> {
  const kept: number[] = [];
  const lengths: number[] = [];
  const longest = { prompt: 0, completion: 0 };
  const encoded = (number: number) => encode(rows.at(number) as Row, `${algorithm}: row ${number}`);
  for (let number = 0; number < rows.length; number++) {
    if (dueAfter(number)) yield;
    const sequences = encoded(number);
    if (sequences === undefined) continue;
    kept.push(number);
    // A sequence of one token predicts nothing, but its program has to be one of two.
    lengths.push(Math.max(2, ...sequences.map(({ tokens }) => tokens.length)));
    for (const { tokens, from } of sequences) {
      longest.prompt = Math.max(longest.prompt, from);
      longest.completion = Math.max(longest.completion, tokens.length - from);
    }
  }
  if (kept.length === 0) throw nothingLeft(algorithm, rows.length);
  // No bucket is longer than the longest row, which the model's context can hold.
  const most = lengths.reduce((a, b) => Math.max(a, b), 2);
  return {
    length: kept.length,
    row: (number) => rows.at(kept[number]) as Row,
    sequences: (number) => encoded(kept[number]) ?? [],
    order: batchOrder(lengths, { rows: batchSize, longest: most, seed }),
    longest,
    dropped: rows.length - kept.length,
  };
}

function nothingLeft(algorithm: string, rows: number): AscentError {
  return new AscentError("option", {
    what: `${algorithm}: there is nothing to learn from`,
    got:
      rows === 0
        ? "no rows"
        : `${rows} rows, all of which lose their whole completion to maxLength, or have two that are the same`,
    expected: "at least one row with a completion, or with two that differ",
    fix: rows === 0 ? "Give rows of data." : "Look at the data; raise maxLength, or use a model with a longer context.",
  });
}

const rowsCheck = {
  ...named("a list of rows, or rows that readTextData gave"),
  fits: (x: unknown) => typeof x === "object" && x !== null && "length" in x && "at" in x,
};

/** What every text algorithm asks of what it is made from. */
export function checkMaterial(
  algorithm: string,
  given: { model: LanguageModel; rows: Rows<object>; totalSteps: number },
): void {
  checkArguments(algorithm, { model: languageModelCheck, rows: rowsCheck, totalSteps: wholeNumber(1) }, given);
}
