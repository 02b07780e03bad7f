/**
 * Rows as a batch of one static shape: token ids padded on the right, and a mask of what is learnt. A batch may be split into
 * parts for a smaller program; each part carries the token count of the whole, so that the parts' gradients add up to the whole's.
 */

import { checkArguments, having, listOf, wholeNumber } from "../../arguments/checks.ts";
import { describeValue } from "../../arguments/describeValue.ts";
import { AscentError } from "../../errors.ts";
import { type PreferenceRow, type PromptCompletion, preferencesCheck } from "./rows.ts";

export interface SequenceBatch {
  readonly rows: number;
  readonly length: number;
  /** [rows · length]; the pad id where there is nothing. Masks say what is padding: the pad id may be the end of a sequence too. */
  readonly tokens: Int32Array;
  /**
   * [rows · length], in the frame of tokens: 1 at the completion's tokens, its end of sequence included, 0 at the prompt's and at
   * padding. 0 at the first token of every row too: nothing predicts it.
   */
  readonly completionMask: Float32Array;
}

/** A part of a batch. */
export interface BatchPart extends SequenceBatch {
  /** Tokens of the mask of the whole batch: what a mean over tokens divides by, in every part. */
  readonly batchTokens: number;
  /** Rows of the whole batch that hold a row: what a mean over rows divides by. */
  readonly batchRows: number;
  /** Rows of this part that hold one; the others, at the end, are padding all over. */
  readonly filledRows: number;
}

/**
 * An empty batch to write into.
 *
 * @param rows ≥ 1
 * @param length ≥ 1
 */
export function makeSequenceBatch(rows: number, length: number): SequenceBatch {
  checkArguments("makeSequenceBatch", { rows: wholeNumber(1), length: wholeNumber(1) }, { rows, length });
  return { rows, length, tokens: new Int32Array(rows * length), completionMask: new Float32Array(rows * length) };
}

const rowsCheck = listOf(having("a row", "prompt", "completion"), "a list of rows with prompt and completion");
const batchCheck = having("a batch of makeSequenceBatch()", "rows", "length", "tokens", "completionMask");
const padCheck = wholeNumber(0);

/**
 * Writes rows into a batch; what is left of it becomes padding.
 *
 * @param rows at most as many as the batch has, none longer than it.
 * @returns the batch.
 * @throws AscentError "shape" for a row that does not fit.
 */
export function writeRows(rows: readonly PromptCompletion[], padId: number, batch: SequenceBatch): SequenceBatch {
  checkArguments("writeRows", { rows: rowsCheck, padId: padCheck, batch: batchCheck }, { rows, padId, batch });
  requireRows(rows.length, batch.rows);
  batch.tokens.fill(padId);
  batch.completionMask.fill(0);
  rows.forEach(({ prompt, completion }, row) => {
    writeRow(prompt, completion, row, batch);
  });
  return batch;
}

/**
 * Writes preferences into a batch of an even number of rows: the chosen ones from row 0, the rejected ones in the same order from
 * the middle.
 *
 * @throws AscentError "shape" for a batch of an odd number of rows, or a row that does not fit.
 */
export function writePreferences(rows: readonly PreferenceRow[], padId: number, batch: SequenceBatch): SequenceBatch {
  checkArguments(
    "writePreferences",
    { rows: preferencesCheck, padId: padCheck, batch: batchCheck },
    { rows, padId, batch },
  );
  const half = batch.rows / 2;
  if (!Number.isInteger(half)) {
    throw new AscentError("shape", {
      what: "A batch of preferences",
      got: `${batch.rows} rows`,
      expected: "an even number: each has a chosen and a rejected row",
      fix: "Make the batch with two rows for each preference.",
    });
  }
  requireRows(rows.length, half);
  batch.tokens.fill(padId);
  batch.completionMask.fill(0);
  rows.forEach(({ prompt, chosen, rejected }, row) => {
    writeRow(prompt, chosen, row, batch);
    writeRow(prompt, rejected, half + row, batch);
  });
  return batch;
}

/** Tokens of the mask: what is learnt from a batch. */
export function completionTokens(batch: SequenceBatch): number {
  checkArguments("completionTokens", { batch: batchCheck }, { batch });
  const { completionMask } = batch;
  let count = 0;
  for (const one of completionMask) count += one;
  return count;
}

/**
 * A batch in parts of `partRows` rows each, in order; they share its memory. With L = Σ over tokens of a loss, the parts'
 * L / batchTokens add up to the batch's, and so do their gradients: not the mean of the parts' means (which weighs tokens of
 * short parts more).
 *
 * @param partRows ≥ 1; divides the batch's rows, so that all parts have one shape.
 * @param filledRows rows of the batch, from the first, that hold one. Default all.
 * @throws AscentError "shape" where the rows cannot be split so.
 */
export function splitBatch(batch: SequenceBatch, partRows: number, filledRows = batch.rows): BatchPart[] {
  checkArguments("splitBatch", { batch: batchCheck }, { batch });
  checkArguments(
    "splitBatch",
    { partRows: wholeNumber(1), filledRows: wholeNumber(0, batch.rows) },
    { partRows, filledRows },
  );
  if (batch.rows % partRows !== 0) {
    throw new AscentError("shape", {
      what: "A batch cannot be split",
      got: `${batch.rows} rows into parts of ${partRows}`,
      expected: "parts of equal size",
      fix: "Let the rows of a part divide the rows of a batch.",
    });
  }
  const batchTokens = completionTokens(batch);
  return Array.from({ length: batch.rows / partRows }, (_, part) => {
    const [from, to] = [part * partRows * batch.length, (part + 1) * partRows * batch.length];
    return {
      rows: partRows,
      length: batch.length,
      tokens: batch.tokens.subarray(from, to),
      completionMask: batch.completionMask.subarray(from, to),
      batchTokens,
      batchRows: filledRows,
      filledRows: Math.min(Math.max(filledRows - part * partRows, 0), partRows),
    };
  });
}

function writeRow(prompt: readonly number[], completion: readonly number[], row: number, batch: SequenceBatch): void {
  const { length, tokens, completionMask } = batch;
  if (prompt.length + completion.length > length) {
    throw new AscentError("shape", {
      what: `Row ${row} does not fit into the batch`,
      got: `${prompt.length} tokens of prompt and ${completion.length} of completion`,
      expected: `at most ${length} together`,
      fix: "Truncate rows to maxLength when they are read, or make the batch longer.",
    });
  }
  const start = row * length;
  for (let i = 0; i < prompt.length; i++) tokens[start + i] = prompt[i];
  const first = start + prompt.length;
  for (let i = 0; i < completion.length; i++) tokens[first + i] = completion[i];
  completionMask.fill(1, Math.max(first, start + 1), first + completion.length);
}

function requireRows(given: number, most: number): void {
  if (given <= most) return;
  throw new AscentError("shape", {
    what: "Rows do not fit into the batch",
    got: `${describeValue(given)} rows`,
    expected: `at most ${most}`,
    fix: "Make the batch larger.",
  });
}
