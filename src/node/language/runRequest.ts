/** What a run that trains a language model is asked for, and what it says as it goes. */

import type {
  LanguageAlgorithmName,
  LanguageMetricsFor,
  LanguageOptionsFor,
} from "../../algorithms/language/byName.ts";
import {
  callback,
  checkOptions,
  listOf,
  named,
  type OptionChecks,
  oneOf,
  optional,
  positiveNumber,
  seed as seedCheck,
  signal as signalCheck,
  text,
  trueOrFalse,
  wholeNumber,
} from "../../arguments/checks.ts";
import type { DataReport } from "../../language/data/dataReport.ts";
import type { TextTokenizer } from "../../language/tokenizer/textTokenizer.ts";
import type { SampleCompletion } from "../../learners/languageLearner.ts";
import type { KernelBuild } from "../../tensor/index.ts";
import type { LanguageEvaluation } from "../../training/language/evaluateLanguageModel.ts";
import type { TrainingWarning } from "../../training/monitor/warning.ts";
import type { RefusedCheckpoint } from "../checkpoints.ts";
import type { Timing } from "../runs/recorder.ts";
import type { LanguageRunConfig } from "./runConfig.ts";

export interface LoraRequest {
  rank: number;
  /** Default: twice the rank. */
  alpha?: number;
  /** Modules by the end of their path. Default: those of attention's queries and values. */
  targets?: readonly string[];
}

export interface LanguageRunRequest<Name extends LanguageAlgorithmName = LanguageAlgorithmName> {
  algorithm: Name;
  /** A folder as Transformers writes it, a run's, or the name of a world, whose preset starts from nothing. Default: the world's. */
  model?: string;
  /** Puts LoRA beside the model, and trains that alone. */
  lora?: LoraRequest;
  /** The name of a world of text: rows, and rewards. */
  world?: string;
  /** Rows drawn from it. Default 1,000. */
  worldRows?: number;
  /** A file of rows: .jsonl, .json or .parquet in one of TRL's formats. */
  data?: string;
  /** The folder of the model to be held to. Default: the policy as it starts. */
  reference?: string;
  /** Samples; default: the preset's, or three times the data; on resume those the run was started with. */
  steps?: number;
  /** Default 0; the same as the option of that name. */
  seed?: number;
  options?: LanguageOptionsFor<Name>;
  kernels?: KernelBuild | "auto";
  /** The run's folder: new or empty, and on resume the run's own. */
  out: string;
  resume?: boolean;
  /** Samples between checkpoints; default: every 30 seconds or tenth of the run, whichever comes first. */
  checkpointEvery?: number;
  /** Samples between looks at some completions; default: a tenth of the run. */
  sampleEvery?: number;
  /** Completions, or pairs, of the evaluation on the world at the end. Default 100. */
  evaluationSamples?: number;
  /** Ends the run before the update under way, everything saved. */
  signal?: AbortSignal;
  /** Say in words when the figures show that something goes wrong. Default true. */
  monitor?: boolean;
  onWarning?(warning: TrainingWarning): void;
  onStart?(start: LanguageRunStart): void;
  onIteration?(metrics: LanguageMetricsFor<Name>, timing: Timing): void;
  onSamples?(samples: readonly SampleCompletion[], steps: number, tokenizer: TextTokenizer | undefined): void;
  onCheckpoint?(steps: number): void;
  /** Called when all is trained and saved, before the evaluation. */
  onEvaluate?(): void;
}

const loraChecks: OptionChecks<LoraRequest> = {
  rank: wholeNumber(1),
  alpha: optional(positiveNumber),
  targets: optional(listOf(text, "a list of names")),
};

const requestChecks: OptionChecks<LanguageRunRequest> = {
  algorithm: text,
  model: optional(text),
  lora: optional(named("an object { rank, alpha, targets }")),
  world: optional(text),
  worldRows: optional(wholeNumber(1)),
  data: optional(text),
  reference: optional(text),
  steps: optional(wholeNumber(1)),
  seed: optional(seedCheck),
  options: optional(named("an object of options")),
  kernels: optional(oneOf(["auto", "simd", "fma"])),
  out: text,
  resume: optional(trueOrFalse),
  checkpointEvery: optional(wholeNumber(1)),
  sampleEvery: optional(wholeNumber(1)),
  evaluationSamples: optional(wholeNumber(1)),
  signal: optional(signalCheck),
  monitor: optional(trueOrFalse),
  onWarning: optional(callback),
  onStart: optional(callback),
  onIteration: optional(callback),
  onSamples: optional(callback),
  onCheckpoint: optional(callback),
  onEvaluate: optional(callback),
};

/** @throws AscentError "option" for a request of another kind or a key that it does not have. */
export function checkLanguageRequest(request: { lora?: LoraRequest }): void {
  checkOptions("trainLanguageRun", requestChecks, request);
  if (request.lora !== undefined) checkOptions("trainLanguageRun: lora", loraChecks, request.lora);
}

export interface LanguageRunStart {
  config: LanguageRunConfig;
  /** Numbers that are trained, and all. */
  parameters: { trained: number; all: number };
  /** Rows learnt from. */
  rows: number;
  /** Of these, rows that there is nothing to learn from, and that are left out. */
  dropped: number;
  /** What became of the data file's examples. */
  report?: DataReport;
  resumeFromStep?: number;
  /** Newer checkpoints that could not be loaded. */
  refused: readonly RefusedCheckpoint[];
}

/** summary.json. */
export interface LanguageRunSummary {
  algorithm: string;
  /** The world, or the data file's name. */
  on: string;
  seed: number;
  steps: number;
  wallSeconds: number;
  samplesPerSecond: number;
  kernels: KernelBuild;
  version: string;
  /** Figures of the last update. */
  metrics: Record<string, number | null>;
  /** On the world, where there is one. */
  evaluation?: LanguageEvaluation;
}

export interface LanguageRunOutcome {
  config: LanguageRunConfig;
  /** Samples made. */
  steps: number;
  /** Of the finished run; undefined when the signal stopped it. */
  summary?: LanguageRunSummary;
}
