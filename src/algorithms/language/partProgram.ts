/**
 * The program of an objective for a part of a batch of one size: its inputs as the graph asked for them, and how they are filled from
 * the batch. One is compiled for each number of rows and each length in use; the numbers it computes with are the model's own.
 */

import { blocksOf, type LanguageModel } from "../../language/model/languageModel.ts";
import type { Work } from "../../pauses.ts";
import { compiling } from "../../tensor/compile.ts";
import { differentiating } from "../../tensor/grad.ts";
import { input, type Tensor } from "../../tensor/graph.ts";
import { sliceAxis } from "../../tensor/ops/layout.ts";
import type { ParameterBlock } from "../../tensor/parameters.ts";
import type { Program } from "../../tensor/program.ts";
import type { BatchValues, PartGraph, TextBatch, TextObjective } from "./objective.ts";
import { type SequenceInputs, writeSequence } from "./sequences.ts";

export interface PartProgram {
  readonly program: Program;
  /** Names of the vectors among the outputs, with whether they have a number for each sequence rather than each row. */
  readonly vectors: readonly { name: string; perSequence: boolean }[];
  /** @param start the first row of the batch that the part has. */
  fill(batch: TextBatch<unknown>, values: BatchValues, start: number): void;
}

/** What a model's gradient is of: all of it, or its adapter alone. */
export function trainedBlock({ block, adapterBlock }: LanguageModel): ParameterBlock {
  return adapterBlock ?? block;
}

export function* partProgram(
  name: string,
  model: LanguageModel,
  objective: TextObjective<never>,
  rows: number,
  length: number,
): Work<PartProgram> {
  const inputs = new Map<string, { kind: "row" | "sequence" | "scalar" | "tokens"; tensor: Tensor }>();
  const { kinds } = objective;
  const sequences = rows * kinds;
  const made = (
    key: string,
    kind: "row" | "sequence" | "scalar" | "tokens",
    shape: readonly number[],
    dtype: "f32" | "i32" = "f32",
  ) => {
    const known = inputs.get(key);
    if (known !== undefined) return known.tensor;
    const tensor = input(key, shape, dtype);
    inputs.set(key, { kind, tensor });
    return tensor;
  };
  const part: PartGraph = {
    rows,
    sequences,
    length,
    network: model.network,
    tokens: made("tokens", "tokens", [sequences, length], "i32"),
    mask: () => made("mask", "tokens", [sequences, length - 1]),
    weights: () => made("weights", "tokens", [sequences, length - 1]),
    real: () => made("real", "tokens", [sequences, length - 1]),
    last: () => made("last", "tokens", [sequences], "i32"),
    row: (key) => made(key, "row", [rows]),
    sequence: (key) => made(key, "sequence", [sequences]),
    scalar: (key) => made(key, "scalar", []),
    kind: (x, kind) => (kinds === 1 ? x : sliceAxis(x, 0, kind * rows, rows)),
  };
  const { loss, vectors } = objective.graph(part);
  const gradient = yield* differentiating(loss, [...trainedBlock(model).tensors]);
  const program = yield* compiling(model.engine, {
    name: `${name}, ${rows} × ${length}`,
    outputs: { loss, gradient, ...vectors },
    parameters: blocksOf(model),
  });

  const names = Object.entries(vectors).map(([key, { shape }]) => ({
    name: key,
    perSequence: shape[0] === sequences && kinds > 1,
  }));
  const has = (key: string) => inputs.has(key);

  return {
    program,
    vectors: names,
    fill(batch, values, start) {
      const into: SequenceInputs = {
        tokens: program.inputInts("tokens"),
        ...(has("mask") && { mask: program.input("mask") }),
        ...(has("weights") && { weights: program.input("weights") }),
        ...(has("real") && { real: program.input("real") }),
        ...(has("last") && { last: program.inputInts("last") }),
      };
      const all = batch.rows.length;
      for (let kind = 0; kind < kinds; kind++) {
        for (let i = 0; i < rows; i++) {
          writeSequence(batch.sequences[kind * all + start + i], kind * rows + i, length, into);
        }
      }
      for (const [key, { kind }] of inputs) {
        if (kind === "tokens") continue;
        const value = key === "share" ? rows / all : values[key];
        if (value === undefined) throw new Error(`partProgram: no values of the input "${key}"`);
        const target = program.input(key);
        if (typeof value === "number") {
          target[0] = value;
        } else {
          const copies = kind === "row" ? 1 : kinds;
          for (let k = 0; k < copies; k++) {
            for (let i = 0; i < rows; i++) target[k * rows + i] = value[k * all + start + i];
          }
        }
      }
    },
  };
}
