/** Completions of a run as it went: samples.jsonl, one JSON object a line; on resume cut back to where the run goes on. */

import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { shownText } from "../../language/tokenizer/shownText.ts";
import type { TextTokenizer } from "../../language/tokenizer/textTokenizer.ts";
import type { SampleCompletion } from "../../learners/languageLearner.ts";
import { writeFileAtomic } from "../atomic.ts";
import { fileError } from "../fileError.ts";

export class SamplesLog {
  readonly #path: string;
  readonly #tokenizer: TextTokenizer | undefined;

  /** @param resumeFromStep lines of later steps are cut; undefined for a new run. */
  constructor(path: string, tokenizer: TextTokenizer | undefined, resumeFromStep?: number) {
    this.#path = path;
    this.#tokenizer = tokenizer;
    if (resumeFromStep !== undefined && existsSync(path)) cutBehind(path, resumeFromStep);
  }

  append(steps: number, samples: readonly SampleCompletion[]): void {
    const lines = samples.map(({ prompt, completion, reward }) => {
      const text = this.#tokenizer && {
        prompt: shownText(this.#tokenizer, prompt),
        completion: shownText(this.#tokenizer, completion),
      };
      return `${JSON.stringify({ steps, ...(text ?? { prompt, completion }), ...(reward !== undefined && { reward }) })}\n`;
    });
    try {
      appendFileSync(this.#path, lines.join(""));
    } catch (error) {
      throw fileError("write", this.#path, error);
    }
  }
}

/** A line that was not written to its end goes too. */
function cutBehind(path: string, step: number): void {
  const kept = readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => {
      try {
        return line !== "" && (JSON.parse(line) as { steps: number }).steps <= step;
      } catch {
        return false;
      }
    });
  writeFileAtomic(path, kept.map((line) => `${line}\n`).join(""));
}
