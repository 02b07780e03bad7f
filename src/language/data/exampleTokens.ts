/** The tokens of one example, as rows of the kind that is wanted: joined, and split where a prompt is implicit; not yet cut. */

import type { ChatMessage } from "../tokenizer/chatTemplate.ts";
import type { TextTokenizer } from "../tokenizer/textTokenizer.ts";
import type { DataReport } from "./dataReport.ts";
import type { TextExample, TextKind } from "./examples.ts";
import { commonLength, type TurnsTokenizer, turnsTokenizer } from "./join.ts";
import type { Sides } from "./rowStore.ts";
import type { PreferenceRow } from "./rows.ts";

export class ExampleTokens {
  readonly #turns: TurnsTokenizer;
  readonly #report: DataReport;

  /** @param report counts completions that are tokenized by themselves. */
  constructor(tokenizer: TextTokenizer, addEos: boolean, report: DataReport) {
    this.#turns = turnsTokenizer(tokenizer, addEos);
    this.#report = report;
  }

  /** The tokens of an example's rows; two where a preference is read as labelled answers. */
  *of(example: TextExample, kind: TextKind): Generator<Sides> {
    switch (example.kind) {
      case "language-modelling":
        yield { prompt: [], completions: [this.#turns.whole(example.text)] };
        return;
      case "prompt-only":
        yield { prompt: this.#turns.prompt(example.prompt), completions: [] };
        return;
      case "preference": {
        const { prompt, chosen, rejected } = this.#pair(example);
        if (kind === "prompt-only") yield { prompt, completions: [] };
        else if (kind === "prompt-completion") yield { prompt, completions: [chosen] };
        else if (kind === "unpaired") {
          yield { prompt, completions: [chosen], label: true };
          yield { prompt, completions: [rejected], label: false };
        } else yield { prompt, completions: [chosen, rejected], margin: example.margin };
        return;
      }
      default: {
        if (kind === "prompt-only") {
          yield { prompt: this.#turns.prompt(example.prompt), completions: [] };
          return;
        }
        const joined = this.#turns.join(example.prompt, example.completion);
        if (joined.crossed) this.#report.crossedBoundaries++;
        const label = example.kind === "unpaired" ? example.label : undefined;
        yield { prompt: joined.prompt, completions: [joined.completion], label };
      }
    }
  }

  /** Both answers after one prompt: that given, or what both begin with, which ends at a token's end and not within one. */
  #pair({ prompt, chosen, rejected }: TextExample & { kind: "preference" }): PreferenceRow {
    if (prompt === undefined) {
      if (typeof chosen !== "string" && typeof rejected !== "string")
        return this.#pair(splitConversations(chosen, rejected));
      const [one, other] = [this.#turns.whole(chosen), this.#turns.whole(rejected)];
      return splitAt(Math.min(commonLength(one, other), one.length - 1, other.length - 1), one, other);
    }
    const [better, worse] = [this.#turns.join(prompt, chosen), this.#turns.join(prompt, rejected)];
    if (better.crossed || worse.crossed) this.#report.crossedBoundaries++;
    if (
      commonLength(better.prompt, worse.prompt) === better.prompt.length &&
      better.prompt.length === worse.prompt.length
    )
      return { prompt: better.prompt, chosen: better.completion, rejected: worse.completion };
    // A template that opens the answers in different ways: the prompt is what both have.
    const [one, other] = [
      [...better.prompt, ...better.completion],
      [...worse.prompt, ...worse.completion],
    ];
    return splitAt(commonLength(better.prompt, worse.prompt), one, other);
  }
}

/** Conversations that begin with the same messages: these are the prompt, and the rest of each, at least its last message, an answer. */
function splitConversations(
  chosen: readonly ChatMessage[],
  rejected: readonly ChatMessage[],
): TextExample & { kind: "preference" } {
  const most = Math.min(chosen.length, rejected.length) - 1;
  let common = 0;
  while (common < most && JSON.stringify(chosen[common]) === JSON.stringify(rejected[common])) common++;
  return {
    kind: "preference",
    prompt: chosen.slice(0, common),
    chosen: chosen.slice(common),
    rejected: rejected.slice(common),
  };
}

function splitAt(end: number, chosen: readonly number[], rejected: readonly number[]): PreferenceRow {
  const from = Math.max(end, 0);
  return { prompt: chosen.slice(0, from), chosen: chosen.slice(from), rejected: rejected.slice(from) };
}
