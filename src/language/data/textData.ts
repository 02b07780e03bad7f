/**
 * From records to rows to learn from: what each is an example of, tokenized, joined, cut to length; what cannot be learnt from
 * is left out and counted. Reads as the records come and keeps token ids only.
 */

import {
  checkArguments,
  checkOptions,
  having,
  listOf,
  type OptionChecks,
  oneOf,
  optional,
  text,
  trueOrFalse,
  wholeNumber,
} from "../../arguments/checks.ts";
import { AscentError } from "../../errors.ts";
import { dueAfter, othersFirst } from "../../pauses.ts";
import type { TextTokenizer } from "../tokenizer/textTokenizer.ts";
import { type DataReport, describeReport, emptyReport } from "./dataReport.ts";
import { readExample, type TextKind } from "./examples.ts";
import { ExampleTokens } from "./exampleTokens.ts";
import { commonLength } from "./join.ts";
import { kindFor, TEXT_KINDS } from "./kinds.ts";
import type { TextRecord } from "./records/record.ts";
import { RowStore, type Sides } from "./rowStore.ts";
import { type PreferenceRow, type PromptCompletion, type Rows, scoredTokens } from "./rows.ts";
import { type Cut, type TruncationOptions, truncate } from "./truncate.ts";

export interface TextDataOptions<Kind extends TextKind = TextKind> extends Partial<TruncationOptions> {
  /** Kinds that will do, the first preferred. Default any. */
  kinds?: readonly Kind[];
  /** Tokens of a prompt at most; a longer one loses its beginning. Default: none but maxLength. */
  maxPromptLength?: number;
  /** Whether texts get an end of sequence unless they have one. Default true. Conversations end as their template ends them. */
  addEos?: boolean;
  /** Examples read at most. Default all. */
  limit?: number;
  /** Other fields to be kept beside the rows, such as the answers that a reward looks at. Default none. */
  keep?: readonly string[];
}

/** What rows of a kind are. Of language modelling the prompt is empty, and every token but the first is learnt. */
export type RowOf<Kind extends TextKind> = Kind extends "prompt-only"
  ? readonly number[]
  : Kind extends "preference"
    ? PreferenceRow
    : PromptCompletion;

/** All rows of a file: `kind` says which they are. */
export type TextData<Kind extends TextKind = TextKind> = Kind extends TextKind
  ? {
      readonly kind: Kind;
      readonly rows: Rows<RowOf<Kind>>;
      readonly report: DataReport;
      /** What each row's example has in the fields to `keep`. */
      readonly kept: Rows<Readonly<Record<string, unknown>>>;
    }
  : never;

const optionChecks: OptionChecks<TextDataOptions> = {
  maxLength: optional(wholeNumber(1)),
  truncation: optional(oneOf(["keep_start", "keep_end", "drop"])),
  kinds: optional(listOf(oneOf(TEXT_KINDS), `a list of any of ${TEXT_KINDS.join(", ")}`)),
  maxPromptLength: optional(wholeNumber(1)),
  addEos: optional(trueOrFalse),
  limit: optional(wholeNumber(1)),
  keep: optional(listOf(text, "a list of fields' names")),
};

const argumentChecks = {
  records: {
    expected: "records, such as those of jsonLineRecords()",
    fits: (x: unknown) => typeof x === "object" && x !== null && (Symbol.asyncIterator in x || Symbol.iterator in x),
  },
  tokenizer: having("a tokenizer", "encode", "decode", "chat"),
};

/**
 * Reads all records, of one kind.
 *
 * `maxLength` (default 1024, as TRL's) and `truncation` (default "keep_start") cut rows; a prompt alone that is longer loses its
 * beginning, or is left out with "drop". A row of which no completion is left is left out, a preference as a whole; so is one
 * whose two answers are the same. The report counts all of it.
 *
 * @throws AscentError "file" naming file, line and field of what cannot be read; where kinds are mixed, or no row is left.
 */
export async function readTextData<Kind extends TextKind = TextKind>(
  records: AsyncIterable<TextRecord> | Iterable<TextRecord>,
  tokenizer: TextTokenizer,
  options: TextDataOptions<Kind> = {},
): Promise<TextData<Kind>> {
  checkArguments("readTextData", argumentChecks, { records, tokenizer });
  checkOptions("readTextData", optionChecks, options);
  const { limit = Infinity, kinds } = options;
  const reader = new Reader(tokenizer, options);
  for await (const record of records) {
    reader.take(record, kinds);
    if (reader.report.read >= limit) break;
    if (dueAfter(reader.report.read)) await othersFirst();
  }
  // Of no other kind: each example was one of `kinds`, or stood in for one.
  return reader.result() as TextData<Kind>;
}

class Reader {
  readonly report = emptyReport();
  readonly #tokens: ExampleTokens;
  readonly #tokenizer: TextTokenizer;
  readonly #truncation: TruncationOptions;
  readonly #maxPromptLength: number;
  readonly #store: RowStore;
  readonly #keep: readonly string[];
  readonly #kept: Record<string, unknown>[] = [];
  #kind: TextKind | undefined;
  #place = "";

  constructor(tokenizer: TextTokenizer, options: TextDataOptions) {
    const {
      maxLength = 1024,
      truncation = "keep_start",
      maxPromptLength = Infinity,
      addEos = true,
      keep = [],
    } = options;
    this.#keep = keep;
    this.#tokenizer = tokenizer;
    this.#tokens = new ExampleTokens(tokenizer, addEos, this.report);
    this.#truncation = { maxLength, truncation };
    this.#maxPromptLength = maxPromptLength;
    this.#store = new RowStore(tokenizer.vocabularySize);
  }

  take(record: TextRecord, wanted: readonly TextKind[] | undefined): void {
    this.#place = record.place;
    const example = readExample(record);
    const kind = kindFor(example, wanted, record.place);
    this.#kind ??= kind;
    if (kind !== this.#kind) {
      throw new AscentError("file", {
        what: `${record.place}: an example of another kind than the first`,
        got: kind,
        expected: this.#kind,
        fix: "Put examples of different kinds into files of their own.",
      });
    }
    this.report.read++;
    try {
      for (const sides of this.#tokens.of(example, kind)) this.#add(sides, kind, record);
    } catch (error) {
      if (!(error instanceof AscentError)) throw error;
      throw new AscentError(
        "file",
        { ...error.problem, what: `${record.place}: ${error.problem.what}` },
        { cause: error },
      );
    }
  }

  #add(sides: Sides, kind: TextKind, { fields }: TextRecord): void {
    const { report } = this;
    if (kind !== "prompt-only") this.#lookAtEnds(sides);
    const cut = this.#cut(sides, kind);
    if (cut === undefined) {
      report.dropped.tooLong++;
      return;
    }
    const scored = cut.completions.map((completion) => scoredTokens(cut.prompt.length, completion.length));
    if (scored.includes(0)) report.dropped.noCompletion++;
    else if (kind === "preference" && areSame(cut.completions)) report.dropped.identical++;
    else {
      if (isShorter(cut, sides)) report.truncated++;
      report.rows++;
      report.completionTokens += scored.reduce((sum, count) => sum + count, 0);
      report.tokens += cut.completions.reduce(
        (sum, { length }) => sum + length,
        cut.prompt.length * Math.max(scored.length, 1),
      );
      this.#store.add({ ...sides, ...cut });
      if (this.#keep.length > 0) this.#kept.push(Object.fromEntries(this.#keep.map((name) => [name, fields[name]])));
    }
  }

  #lookAtEnds({ completions }: Sides): void {
    const { eosId } = this.#tokenizer;
    if (completions.some((ids) => ids.length === 0 || (ids.length === 1 && ids[0] === eosId)))
      this.report.emptyCompletions++;
    if (eosId === undefined || completions.some((ids) => !ids.includes(eosId))) this.report.withoutEos++;
  }

  #cut({ prompt, completions }: Sides, kind: TextKind): Cut | undefined {
    const { maxLength, truncation } = this.#truncation;
    const longest = kind === "prompt-only" ? Math.min(this.#maxPromptLength, maxLength) : this.#maxPromptLength;
    if (kind === "prompt-only" && prompt.length > longest && truncation === "drop") return undefined;
    const kept = prompt.length > longest ? prompt.slice(-longest) : prompt;
    if (kind === "prompt-only") return { prompt: kept.length === 0 ? this.#emptyPrompt() : kept, completions };
    return truncate({ prompt: kept, completions }, this.#truncation);
  }

  /** A model cannot go on from nothing. */
  #emptyPrompt(): number[] {
    const { bosId } = this.#tokenizer;
    if (bosId !== undefined) return [bosId];
    throw new AscentError("file", {
      what: "An empty prompt",
      got: "no tokens",
      expected: "at least one, since the tokenizer has no bos_token to begin with",
      fix: "Leave the example out, or give the tokenizer a bos_token.",
    });
  }

  result(): TextData {
    const { report } = this;
    if (this.#kind === undefined || report.rows === 0) {
      throw new AscentError("file", {
        what: "There is nothing to learn from",
        got: report.read === 0 ? "no examples" : describeReport(report).join(" "),
        expected: "at least one row",
        fix:
          report.read === 0
            ? "Give a file with examples."
            : `Raise maxLength, or look at the file (its last: ${this.#place}).`,
      });
    }
    const rest = { report, kept: this.#kept };
    switch (this.#kind) {
      case "prompt-only":
        return { kind: this.#kind, rows: this.#store.prompts(), ...rest };
      case "preference":
        return { kind: this.#kind, rows: this.#store.preferences(), ...rest };
      default:
        return { kind: this.#kind, rows: this.#store.completions(), ...rest };
    }
  }
}

function areSame([one, other]: Cut["completions"]): boolean {
  return one.length === other.length && commonLength(one, other) === one.length;
}

function isShorter(cut: Cut, sides: Sides): boolean {
  return (
    cut.prompt.length < sides.prompt.length ||
    cut.completions.some(({ length }, i) => length < sides.completions[i].length)
  );
}
