/** A long text as rows to learn a language from: stretches of one length, such that every token but the first is predicted once. */

import { checkArguments, numbers, wholeNumber } from "../../arguments/checks.ts";
import { AscentError } from "../../errors.ts";
import type { PromptCompletion, Rows } from "./rows.ts";

/**
 * Rows of `length` tokens each; a row begins with the last token of the one before, which it only conditions on. The last row may be
 * shorter. The ids are not copied.
 *
 * @param ids of the whole text, at least 2.
 * @param length tokens of a row, ≥ 2: a model's context, say.
 * @throws AscentError "shape" for fewer ids.
 */
export function tokenWindows(ids: ArrayLike<number>, length: number): Rows<PromptCompletion> {
  checkArguments("tokenWindows", { ids: numbers, length: wholeNumber(2) }, { ids, length });
  if (ids.length < 2) {
    throw new AscentError("shape", {
      what: "There is nothing to learn from",
      got: ids.length === 0 ? "no token" : "one token",
      expected: "at least two tokens: one to predict from another",
      fix: "Give a longer text.",
    });
  }
  const count = Math.ceil((ids.length - 1) / (length - 1));
  return {
    length: count,
    at(index) {
      const row = index < 0 ? index + count : index;
      if (!(Number.isInteger(row) && row >= 0 && row < count)) return undefined;
      const from = row * (length - 1);
      const completion = Array.from({ length: Math.min(length, ids.length - from) }, (_, i) => ids[from + i]);
      return { prompt: [], completion };
    },
  };
}
