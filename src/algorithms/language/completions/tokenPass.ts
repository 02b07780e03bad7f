/** A forward pass over the completions of a batch, a few rows at a time: numbers for each of their tokens, nothing differentiated. */

import { blocksOf, type LanguageModel } from "../../../language/model/languageModel.ts";
import type { Work } from "../../../pauses.ts";
import { compiling } from "../../../tensor/compile.ts";
import { input, type Tensor } from "../../../tensor/graph.ts";
import { sliceAxis } from "../../../tensor/ops/layout.ts";
import type { ParameterBlock } from "../../../tensor/parameters.ts";
import type { Program } from "../../../tensor/program.ts";

import type { CompletionBatch } from "./completionBatch.ts";

export interface TokenPassOptions {
  readonly name: string;
  readonly model: LanguageModel;
  /** Of one run. */
  readonly rows: number;
  /** False: the base model, LoRA's part left out. Default true. */
  readonly adapter?: boolean;
  /** Of parameters that are not the model's. */
  readonly blocks?: readonly ParameterBlock[];
  /** @param states what the tokens are predicted from [rows, length − 1, width]. @returns each [rows, length − 1]. */
  outputs(states: Tensor, targets: Tensor): Record<string, Tensor>;
}

/** Each [rows × (length − 1)] of the batch, by name; what lies outside the completions is nobody's. */
export type TokenPass = (batch: CompletionBatch) => Work<Record<string, Float32Array>>;

export function tokenPass({ name, model, rows, adapter = true, blocks = [], outputs }: TokenPassOptions): TokenPass {
  const programs = new Map<number, Program>();
  const { engine, network } = model;
  let names: readonly string[] = [];

  function* programOf(length: number): Work<Program> {
    const known = programs.get(length);
    if (known !== undefined) return known;
    const tokens = input("tokens", [rows, length], "i32");
    const states = sliceAxis(network.hidden({ tokens }, { adapter }), 1, 0, length - 1);
    const wanted = outputs(states, sliceAxis(tokens, 1, 1, length - 1));
    names = Object.keys(wanted);
    const program = yield* compiling(engine, {
      name: `${name}, ${rows} × ${length}`,
      outputs: wanted,
      parameters: [...blocksOf(model), ...blocks],
    });
    programs.set(length, program);
    return program;
  }

  return function* (batch) {
    const { length } = batch;
    const program = yield* programOf(length);
    const places = length - 1;
    const found = Object.fromEntries(names.map((output) => [output, new Float32Array(batch.rows * places)]));
    for (let start = 0; start < batch.rows; start += rows) {
      const some = batch.tokens.subarray(start * length, Math.min(start + rows, batch.rows) * length);
      program.inputInts("tokens").fill(0).set(some);
      yield* program.running();
      program.requireFinite(name);
      for (const output of names) {
        const count = (some.length / length) * places;
        found[output].set(program.output(output).subarray(0, count), start * places);
      }
    }
    return found;
  };
}
