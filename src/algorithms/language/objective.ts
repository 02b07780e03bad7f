/**
 * What a text algorithm says of itself: how many sequences a row of its data has, its loss as graph code on a part of a batch, what
 * the batch's inputs are filled with, and its figures. Running it is supervisedLearner.ts, the same for all.
 */

import type { LanguageNetwork } from "../../language/model/network.ts";
import type { Figures } from "../../learners/learner.ts";
import type { Work } from "../../pauses.ts";
import type { Tensor } from "../../tensor/graph.ts";
import type { EncodedSequence } from "./sequences.ts";

/** Inputs of a program for a part of a batch; each exists where the graph asks for it. */
export interface PartGraph {
  /** Of the data. */
  readonly rows: number;
  /** Of the program: those of the first kind (chosen, say) for all rows, then those of the next. */
  readonly sequences: number;
  readonly length: number;
  readonly network: LanguageNetwork;
  /** i32 [sequences, length] */
  readonly tokens: Tensor;
  /** 1 on the tokens that are learnt from [sequences, length − 1], in the frame of what predicts them. */
  mask(): Tensor;
  /** The mask times what each token counts. */
  weights(): Tensor;
  /** 1 on all tokens but the first and padding, prompts too [sequences, length − 1]. */
  real(): Tensor;
  /** i32 [sequences], the place of the last token. */
  last(): Tensor;
  /** A number for each row [rows]. */
  row(name: string): Tensor;
  /** A number for each sequence [sequences]. */
  sequence(name: string): Tensor;
  /** One number for the batch []. */
  scalar(name: string): Tensor;
  /** [count, …] → the part that holds the sequences of one kind [rows, …]. */
  kind(x: Tensor, kind: number): Tensor;
}

export interface PartLoss {
  /** What this part adds to the loss of the batch, a scalar: parts add up, whatever they are cut into. */
  loss: Tensor;
  /** Numbers for each row or each sequence, for the figures; nothing of them is differentiated. */
  vectors: Readonly<Record<string, Tensor>>;
}

/** The rows of one gradient step. */
export interface TextBatch<Row> {
  readonly rows: readonly Row[];
  /** Their numbers in the data. */
  readonly numbers: Int32Array;
  /** By kind, then by row. */
  readonly sequences: readonly EncodedSequence[];
}

/** Values of inputs by their names: a number for each row or each sequence, or one for the batch. */
export type BatchValues = Record<string, ArrayLike<number> | number>;

export interface TextObjective<Row> {
  /** Sequences of a row. */
  readonly kinds: number;
  graph(part: PartGraph): PartLoss;
  /**
   * What the inputs `row`, `sequence` and `scalar` hold for a batch. Of itself there is "share", the share of the batch's rows that the
   * part has.
   */
  values?(batch: TextBatch<Row>): BatchValues;
  /** Those of them that models have to be run for. */
  computed?(batch: TextBatch<Row>): Work<BatchValues>;
  /** @param vectors those of `graph`, of the whole batch; by kind, then by row, where they have a number for each sequence. */
  figures(batch: TextBatch<Row>, vectors: Readonly<Record<string, Float32Array>>, values: BatchValues): Figures;
}
