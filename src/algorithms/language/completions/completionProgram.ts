/**
 * The program of a loss on completions: a part of an update's rows in, loss, gradient and figures out. Inputs exist where the graph
 * asks for them; one program is compiled for each number of rows and each length in use.
 */

import { blocksOf, type LanguageModel } from "../../../language/model/languageModel.ts";
import { tokenEntropy } from "../../../language/model/tokenEntropy.ts";
import { masked } from "../../../objectives/preferences/sequences.ts";
import type { Work } from "../../../pauses.ts";
import { compiling } from "../../../tensor/compile.ts";
import { differentiating } from "../../../tensor/grad.ts";
import { input, type Tensor } from "../../../tensor/graph.ts";
import { div, max, mul } from "../../../tensor/ops/elementwise.ts";
import { sliceAxis } from "../../../tensor/ops/layout.ts";
import { sum } from "../../../tensor/ops/reduce.ts";
import type { ParameterBlock } from "../../../tensor/parameters.ts";
import type { Program } from "../../../tensor/program.ts";
import { trainedBlock } from "../partProgram.ts";
import { type CompletionBatch, firstPlace } from "./completionBatch.ts";

/** What a loss is made of, on a part of an update. */
export interface CompletionPart {
  readonly rows: number;
  /** What the tokens are predicted from [rows, length − 1, width]. */
  readonly states: Tensor;
  /** log π at the temperature [rows, length − 1]. */
  readonly logProb: Tensor;
  /** Of what comes next, at the temperature [rows, length − 1]. */
  readonly entropy: Tensor;
  /** 1 on the tokens that are learnt from [rows, length − 1]. */
  readonly mask: Tensor;
  /** A number for each token [rows, length − 1]. */
  token(name: string): Tensor;
  /** A number for each completion [rows]. */
  row(name: string): Tensor;
  /** One number. Of itself there are "share", the share of the update's rows, and "totalTokens", the update's. */
  scalar(name: string): Tensor;
}

export interface CompletionLoss {
  /** What this part adds to the loss of the update: parts add up. */
  loss: Tensor;
  /** Scalars. Of parts and updates the mean counts, of names with _min or _max in them the least or the largest. */
  figures: Readonly<Record<string, Tensor>>;
}

/** Numbers by the names a loss asks for. */
export interface CompletionValues {
  /** [rows × (length − 1)] of the batch. */
  readonly tokens?: Readonly<Record<string, ArrayLike<number>>>;
  /** [rows] of the batch. */
  readonly rows?: Readonly<Record<string, ArrayLike<number>>>;
  readonly scalars?: Readonly<Record<string, number>>;
}

export interface CompletionProgram {
  readonly program: Program;
  readonly figures: readonly string[];
  /** @param picked rows of the batch. */
  fill(batch: CompletionBatch, values: CompletionValues, mask: Float32Array, picked: Int32Array, totals: Totals): void;
}

/** Of the update that the part is one of. */
export interface Totals {
  readonly rows: number;
  readonly tokens: number;
}

export interface CompletionGraph {
  readonly name: string;
  readonly model: LanguageModel;
  readonly temperature: number;
  /** Trained beside the model's own. */
  readonly blocks?: readonly ParameterBlock[];
  loss(part: CompletionPart): CompletionLoss;
}

export function* completionProgram(graph: CompletionGraph, rows: number, length: number): Work<CompletionProgram> {
  const { model, temperature, blocks = [] } = graph;
  const { network } = model;
  const inputs = new Map<string, { kind: "token" | "row" | "scalar"; tensor: Tensor }>();
  const made = (name: string, kind: "token" | "row" | "scalar"): Tensor => {
    const shape = { token: [rows, length - 1], row: [rows], scalar: [] }[kind];
    const tensor = inputs.get(name)?.tensor ?? input(name, shape);
    inputs.set(name, { kind, tensor });
    return tensor;
  };
  const tokens = input("tokens", [rows, length], "i32");
  const states = sliceAxis(network.hidden({ tokens }), 1, 0, length - 1);
  const logProb = network.targetLogProbs(states, sliceAxis(tokens, 1, 1, length - 1), temperature);
  const entropy = tokenEntropy(mul(network.logits(states), 1 / temperature));
  const mask = made("mask", "token");
  const { loss, figures } = graph.loss({
    ...{ rows, states, logProb, entropy, mask },
    token: (name) => made(name, "token"),
    row: (name) => made(name, "row"),
    scalar: (name) => made(name, "scalar"),
  });
  const all = { ...figures, entropy: div(sum(masked(entropy, mask)), max(sum(mask), 1)) };
  const trained = [trainedBlock(model), ...blocks];
  const gradients = yield* differentiating(
    loss,
    trained.flatMap((block) => block.tensors),
  );
  const outputs: Record<string, Tensor | readonly Tensor[]> = { loss, ...all };
  let from = 0;
  trained.forEach((block, i) => {
    outputs[`gradient${i}`] = gradients.slice(from, from + block.tensors.length);
    from += block.tensors.length;
  });
  const program = yield* compiling(model.engine, {
    name: `${graph.name}, ${rows} × ${length}`,
    outputs,
    parameters: [...blocksOf(model), ...blocks],
  });
  return {
    program,
    figures: Object.keys(all),
    fill(batch, values, learnt, picked, totals) {
      const places = length - 1;
      const ids = program.inputInts("tokens");
      for (const [i, row] of picked.entries()) {
        ids.set(batch.tokens.subarray(row * length, (row + 1) * length), i * length);
      }
      for (const [name, { kind }] of inputs) {
        const target = program.input(name);
        if (kind === "scalar") {
          const own = { share: rows / totals.rows, totalTokens: totals.tokens }[name];
          target[0] = own ?? requireValue(name, values.scalars?.[name]);
          continue;
        }
        const source =
          name === "mask" ? learnt : requireValue(name, values[kind === "row" ? "rows" : "tokens"]?.[name]);
        for (const [i, row] of picked.entries()) {
          if (kind === "row") target[i] = source[row];
          else copyTokens(batch, row, source, target.subarray(i * places, (i + 1) * places));
        }
      }
    },
  };
}

/** The completion's numbers, and 0 around them: what lies there may be anything. */
function copyTokens(batch: CompletionBatch, row: number, source: ArrayLike<number>, target: Float32Array): void {
  target.fill(0);
  const first = firstPlace(batch, row);
  const offset = row * (batch.length - 1);
  for (let k = first; k < first + batch.lengths[row]; k++) target[k - offset] = source[k];
}

function requireValue<Value>(name: string, value: Value | undefined): Value {
  if (value === undefined) throw new Error(`completionProgram: no values of the input "${name}"`);
  return value;
}
