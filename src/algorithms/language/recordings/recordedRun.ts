/**
 * A learner held against a recorded run of another implementation: its first batch (loss, figures, norm of the gradient), a trace of
 * updates by plain gradient descent, and the parameters behind them.
 */

import { z } from "zod";
import type { BatchOrder } from "../../../language/data/batchOrder.ts";
import type { LanguageModel } from "../../../language/model/languageModel.ts";
import type { Tally } from "../../../language/recordings/tally.ts";
import type { LanguageLearner } from "../../../learners/languageLearner.ts";
import type { Encode, EncodedRows } from "../encodedRows.ts";

const numbers = { sum: z.number(), l2: z.number() };
const vector = z.array(z.number());
export const wholes = z.array(z.int());
export const tokenRows = z.array(wholes);
/** Tokens of a batch, padded. */
export const padded = z.object({ input_ids: tokenRows.min(1) });

export const parametersForm = z.object({
  ...numbers,
  tensors: z.record(z.string(), z.object({ ...numbers, first8: vector })),
});

export type RecordedParameters = z.output<typeof parametersForm>;

export const configurationForm = z.object({
  config: z.record(z.string(), z.unknown()),
  lr: z.number(),
  first_batch: z.object({ loss: z.number(), grad_norm: z.number(), metrics: z.record(z.string(), z.number()) }),
  loss_trace: vector.min(1),
  grad_norm_trace: vector,
  final_parameters: parametersForm.optional(),
  policy: z.string().optional(),
  reference: z.string().optional(),
});

export type RecordedConfiguration = z.output<typeof configurationForm>;

export const finalsForm = z.object({ configs: z.record(z.string(), parametersForm) });

/** A recording's other files, by paths that begin at its folder. */
export interface RecordingFiles {
  /** Its own name. */
  readonly file: string;
  /** @throws AscentError "file" for one that is not there, or has another form. */
  json<Form extends z.ZodType>(path: string, form: Form): z.output<Form>;
  /** A new one at each call. */
  model(path: string): LanguageModel;
}

/** The settings of plain gradient descent. */
export function plainDescent({ lr }: RecordedConfiguration, batchSize: number) {
  return { optimiser: "sgd", learningRate: lr, maxGradNorm: "none", batchSize } as const;
}

/** The rows, gone through in the recorded batches with the recorded padding. */
export function recordedRows<Row>(
  rows: readonly Row[],
  batches: readonly { numbers: readonly number[]; length: number }[],
  encode: Encode<Row>,
): EncodedRows<Row> {
  const sequences = rows.map((row, i) => encode(row, `row ${i}`) ?? []);
  const every = sequences.flat();
  const longest = Math.max(...batches.map(({ length }) => length));
  let batch = 0;
  const order: BatchOrder = {
    batchesPerEpoch: batches.length,
    lengths: [longest],
    next() {
      const { numbers, length } = batches[batch++ % batches.length];
      return { rows: Int32Array.from(numbers), length, epoch: 0 };
    },
    position: () => ({ epoch: 0, batch }),
    moveTo(position) {
      batch = position.batch;
    },
  };
  return {
    length: rows.length,
    row: (number) => rows[number],
    sequences: (number) => sequences[number],
    order,
    longest: {
      prompt: Math.max(...every.map(({ from }) => from)),
      completion: Math.max(...every.map(({ tokens, from }) => tokens.length - from)),
    },
    dropped: 0,
  };
}

/** @param absent what stands for figures that the learner does not have. */
export function compareRun(
  tally: Tally,
  name: string,
  learner: LanguageLearner,
  { first_batch, loss_trace, grad_norm_trace }: RecordedConfiguration,
  absent: Readonly<Record<string, number>> = {},
): void {
  const losses: number[] = [];
  const norms: number[] = [];
  for (const _ of loss_trace) {
    const figures = learner.iterate();
    if (losses.length === 0) {
      tally.compare(`${name}, loss`, figures["loss"], first_batch.loss);
      tally.compare(`${name}, grad_norm`, figures["gradientNorm"], first_batch.grad_norm);
      for (const [metric, recorded] of Object.entries(first_batch.metrics)) {
        tally.compare(`${name}, ${metric}`, figures[metric] ?? absent[metric] ?? Number.NaN, recorded);
      }
    }
    losses.push(figures["loss"]);
    norms.push(figures["gradientNorm"]);
  }
  tally.compare(`${name}, loss_trace`, losses, loss_trace);
  tally.compare(`${name}, grad_norm_trace`, norms, grad_norm_trace);
}

export function compareParameters(
  tally: Tally,
  name: string,
  { block }: LanguageModel,
  recorded: RecordedParameters | undefined,
): void {
  if (recorded === undefined) return;
  let [total, squares] = [0, 0];
  for (const [tensor, { sum, l2, first8 }] of Object.entries(recorded.tensors)) {
    const values = block.values(tensor);
    let [ownSum, ownSquares] = [0, 0];
    for (const value of values) {
      ownSum += value;
      ownSquares += value * value;
    }
    tally.compare(`${name}, ${tensor}, sum`, ownSum, sum);
    tally.compare(`${name}, ${tensor}, l2`, Math.sqrt(ownSquares), l2);
    tally.compare(`${name}, ${tensor}, first8`, values.slice(0, 8), first8);
    total += ownSum;
    squares += ownSquares;
  }
  tally.compare(`${name}, all parameters, sum`, total, recorded.sum);
  tally.compare(`${name}, all parameters, l2`, Math.sqrt(squares), recorded.l2);
}
