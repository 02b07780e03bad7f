/** What a learner of a language model adds to every learner: the model. */

import type { LanguageModel } from "../language/model/languageModel.ts";
import type { Learner, Metrics } from "./learner.ts";

/** A completion to be looked at, as tokens. */
export interface SampleCompletion {
  readonly prompt: readonly number[];
  readonly completion: readonly number[];
  /** What it was worth, where something says so. */
  readonly reward?: number;
}

/** A learner of a language model: of the model it was made with, in place. `steps` counts samples. */
export interface LanguageLearner<Own extends Metrics = Metrics> extends Learner<Own> {
  /** The model as it is now; in the midst of an iteration, one on its way. */
  model(): LanguageModel;
  /** Rows of the data that there is nothing to learn from, and that are left out. */
  readonly dropped?: number;
  /** Models trained beside the first, of an ensemble. */
  others?(): readonly LanguageModel[];
  /** Completions that the last iteration learnt from, of one that samples. */
  samples?(): readonly SampleCompletion[];
}
