/** Prompts through the network: programs for a few numbers of rows and lengths, each made when it is first needed. */

import type { Work } from "../../pauses.ts";
import type { Region } from "../../tensor/engine.ts";
import type { Program } from "../../tensor/program.ts";
import type { LanguageModelDescription } from "../model/description.ts";
import type { LanguageModel } from "../model/languageModel.ts";
import { promptGraph } from "./cachedNetwork.ts";
import type { ModelCompiler } from "./modelCompiler.ts";
import { doublingTo, promptSizes, sizeFor } from "./sizes.ts";

/** Tokens of one run, padding included: enough to keep the matrix products busy, of large models fewer. */
const TOKENS_AT_ONCE = 512;
/** Bytes of keys and values that a program of several rows gives at most: there are programs of several sizes. */
const BYTES_AT_ONCE = 2 ** 22;

function tokensAtOnce({ layers, keyValueHeads, headSize }: LanguageModelDescription): number {
  return Math.min(TOKENS_AT_ONCE, BYTES_AT_ONCE / (8 * layers * keyValueHeads * headSize));
}

/** What a run has given for one prompt; the memory is the program's, until its next run. */
export interface PromptResult {
  /** The row begins at `start`. */
  logits: Float32Array;
  start: number;
  /** Keys and values of each layer in turn, each [prompts, keyValueHeads, longest, headSize]. */
  layers: readonly Region[];
  prompt: number;
  longest: number;
}

interface PromptProgram {
  program: Program;
  layers: readonly Region[];
}

export class PromptRunner {
  readonly #model: LanguageModel;
  readonly #compiler: ModelCompiler;
  readonly #adapter: boolean;
  readonly #rows: number;
  readonly #lengths: readonly number[];
  readonly #programs = new Map<string, PromptProgram>();

  /** @param rows how many prompts there are at most in one call. */
  constructor(compiler: ModelCompiler, options: { adapter: boolean; rows: number; promptLength: number }) {
    this.#model = compiler.model;
    this.#compiler = compiler;
    this.#adapter = options.adapter;
    this.#rows = options.rows;
    this.#lengths = promptSizes(options.promptLength, compiler.model.network.description.contextLength);
  }

  /** Hands the result of each prompt to `visit`, in no particular order. */
  *running(prompts: readonly ArrayLike<number>[], visit: (prompt: number, result: PromptResult) => void): Work<void> {
    const { description } = this.#model.network;
    for (const longest of this.#lengths) {
      const chosen = [...prompts.keys()].filter((i) => sizeFor(this.#lengths, prompts[i].length) === longest);
      const most = Math.max(1, 2 ** Math.floor(Math.log2(tokensAtOnce(description) / longest)));
      const sizes = doublingTo(1, Math.min(most, 2 ** Math.ceil(Math.log2(this.#rows))));
      for (let first = 0; first < chosen.length; ) {
        const rows = sizeFor(sizes, chosen.length - first);
        const { program, layers } = yield* this.#program(rows, longest);
        const part = chosen.slice(first, first + rows);
        const tokens = program.inputInts("tokens");
        const last = program.inputInts("last");
        tokens.fill(0);
        last.fill(0);
        part.forEach((prompt, row) => {
          tokens.set(prompts[prompt], row * longest);
          last[row] = row * longest + prompts[prompt].length - 1;
        });
        yield* program.running();
        const logits = program.output("logits");
        part.forEach((prompt, row) => {
          visit(prompt, { logits, start: row * description.vocabularySize, layers, prompt: row, longest });
        });
        first += rows;
      }
    }
  }

  *#program(rows: number, length: number): Work<PromptProgram> {
    const key = `${rows} x ${length}`;
    const found = this.#programs.get(key);
    if (found !== undefined) return found;
    const { layers, logits } = promptGraph(this.#model.network, rows, length, this.#adapter);
    const named = layers.flatMap(({ keys, values }, i) => [
      [`keys.${i}`, keys],
      [`values.${i}`, values],
    ]);
    const program = yield* this.#compiler.compiling({
      name: `prompts, ${key}`,
      outputs: { logits, ...Object.fromEntries(named) },
    });
    const made = { program, layers: named.map(([name]) => program.outputRegion(name as string)) };
    this.#programs.set(key, made);
    return made;
  }
}
