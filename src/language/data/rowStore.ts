/** Rows with what belongs to them, in the memory of their token ids and little more. */

import type { PreferenceRow, PromptCompletion, Rows } from "./rows.ts";
import { TokenStore } from "./tokenStore.ts";

/** A prompt with no completion, one, or the two of a preference. */
export interface Sides {
  readonly prompt: readonly number[];
  readonly completions: readonly (readonly number[])[];
  readonly label?: boolean;
  readonly margin?: number;
}

/** All rows have as many completions as the first. */
export class RowStore {
  readonly #tokens: TokenStore;
  readonly #labels: (boolean | undefined)[] = [];
  readonly #margins: (number | undefined)[] = [];
  #rows = 0;

  /** @param vocabularySize ids are below it. */
  constructor(vocabularySize: number) {
    this.#tokens = new TokenStore(vocabularySize);
  }

  add({ prompt, completions, label, margin }: Sides): void {
    this.#tokens.add(prompt);
    for (const completion of completions) this.#tokens.add(completion);
    if (label !== undefined) this.#labels[this.#rows] = label;
    if (margin !== undefined) this.#margins[this.#rows] = margin;
    this.#rows++;
  }

  prompts(): Rows<readonly number[]> {
    return this.#rowsBy((row) => this.#tokens.get(row));
  }

  completions(): Rows<PromptCompletion> {
    return this.#rowsBy((row) => {
      const label = this.#labels[row];
      const [prompt, completion] = [this.#tokens.get(2 * row), this.#tokens.get(2 * row + 1)];
      return { prompt, completion, ...(label === undefined ? {} : { label }) };
    });
  }

  preferences(): Rows<PreferenceRow> {
    return this.#rowsBy((row) => {
      const margin = this.#margins[row];
      const [prompt, chosen, rejected] = [0, 1, 2].map((side) => this.#tokens.get(3 * row + side));
      return { prompt, chosen, rejected, ...(margin === undefined ? {} : { margin }) };
    });
  }

  #rowsBy<Row>(read: (row: number) => Row): Rows<Row> {
    const length = this.#rows;
    const at = (index: number) => {
      const row = index < 0 ? index + length : index;
      return Number.isInteger(row) && row >= 0 && row < length ? read(row) : undefined;
    };
    return { length, at };
  }
}
