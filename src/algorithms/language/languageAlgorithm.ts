/**
 * What an algorithm that trains language models is to those who choose one: its name, options, what it learns from, and how a learner
 * of it is made.
 */

import type { TextKind } from "../../language/data/examples.ts";
import type { PreferenceRow, PromptCompletion, Rows } from "../../language/data/rows.ts";
import type { LanguageModel } from "../../language/model/languageModel.ts";
import type { RewardSource } from "../../language/rewards/rewardSource.ts";
import type { LanguageLearner } from "../../learners/languageLearner.ts";
import type { Work } from "../../pauses.ts";
import type { AlgorithmFacts } from "../algorithm.ts";

/** What a learner is made from. */
export interface LanguageMaterial<Row> {
  /** Trained in place: all of it, or with LoRA its adapter. */
  readonly model: LanguageModel;
  readonly rows: Rows<Row>;
  /** What the policy is held to; default: a copy of it as it starts, with LoRA itself with the adapter off. */
  readonly reference?: LanguageModel;
}

interface TextAlgorithm<From extends TextKind, Row, More = unknown> extends AlgorithmFacts {
  readonly unit: "samples";
  /** What its data are; in presets the settings go by worlds of text. */
  readonly learnsFrom: From;
  /** Other kinds of data that will do as well. */
  readonly alsoFrom?: readonly TextKind[];
  /** How often a run without presets goes through its data; default 3. */
  readonly epochs?: number;
  /** Of the model that it trains. */
  readonly head: "language" | "score";
  /** Whether it has a place for a reference. */
  readonly usesReference: boolean;
  /** A learner, as work that stops now and then. @param totalSteps the run's planned length in samples. */
  making(
    material: LanguageMaterial<Row> & More,
    options: Readonly<Record<string, unknown>>,
    totalSteps: number,
  ): Work<LanguageLearner>;
}

/** Learns from demonstrations, from pairs, or from completions with a label. */
export type DataLanguageAlgorithm =
  | TextAlgorithm<"prompt-completion" | "unpaired", PromptCompletion>
  | TextAlgorithm<"preference", PreferenceRow>;

/** Learns from completions of its own, and what they are worth. */
export type SamplingLanguageAlgorithm = TextAlgorithm<
  "prompt-only",
  readonly number[],
  { readonly reward: RewardSource }
>;

export type LanguageAlgorithm = DataLanguageAlgorithm | SamplingLanguageAlgorithm;
