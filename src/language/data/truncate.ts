/** Rows that are longer than a model is given: cut, or left out whole. Rules of TRL, stated where they differ. */

export interface TruncationOptions {
  /** Tokens of a row at most, prompt and completion together. */
  maxLength: number;
  /**
   * "keep_start" cuts the end off, so from the completion; "keep_end" the beginning, so from the prompt; "drop" leaves a row that
   * is too long out.
   */
  truncation: "keep_start" | "keep_end" | "drop";
}

export interface Cut {
  readonly prompt: readonly number[];
  /** One for each completion given. */
  readonly completions: readonly (readonly number[])[];
}

/**
 * One prompt with one completion, or two of a preference, within `maxLength`. Both sides of a preference keep the same prompt: with
 * "keep_end" it is cut as the longer side needs (TRL cuts each side by itself, and then compares answers to different
 * prompts).
 *
 * @returns undefined for a row that is dropped: too long with "drop".
 */
export function truncate(row: Cut, { maxLength, truncation }: TruncationOptions): Cut | undefined {
  const longest = Math.max(...row.completions.map((completion) => completion.length));
  if (row.prompt.length + longest <= maxLength) return row;
  if (truncation === "drop") return undefined;
  if (truncation === "keep_start") {
    const left = Math.max(maxLength - row.prompt.length, 0);
    return {
      prompt: row.prompt.slice(0, maxLength),
      completions: row.completions.map((completion) => completion.slice(0, left)),
    };
  }
  const promptLength = Math.max(maxLength - longest, 0);
  return {
    prompt: promptLength === 0 ? [] : row.prompt.slice(-promptLength),
    completions: row.completions.map((completion) => completion.slice(-maxLength)),
  };
}
