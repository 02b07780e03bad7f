/**
 * From the name of an algorithm, a model and data to a trained language model, in Node and in browsers. Files, progress bars and
 * resuming from disk are the business of node/language.
 */

import type {
  LanguageAlgorithmName,
  LanguageMetricsFor,
  LanguageOptionsFor,
} from "../../algorithms/language/byName.ts";
import type {
  DataLanguageAlgorithm,
  LanguageAlgorithm,
  SamplingLanguageAlgorithm,
} from "../../algorithms/language/languageAlgorithm.ts";
import {
  anything,
  callback,
  checkOptions,
  engine as engineCheck,
  having,
  named,
  type OptionChecks,
  optional,
  seed as seedCheck,
  signal as signalCheck,
  trueOrFalse,
  wholeNumber,
} from "../../arguments/checks.ts";
import { AscentError } from "../../errors.ts";
import type { Rows } from "../../language/data/rows.ts";
import { type LanguageModel, languageModelCheck } from "../../language/model/languageModel.ts";
import type { RewardSource } from "../../language/rewards/rewardSource.ts";
import type { TextWorld } from "../../language/worlds/textWorld.ts";
import type { LanguageLearner, SampleCompletion } from "../../learners/languageLearner.ts";
import { type LearnerSnapshot, type Metrics, savedAnnealSteps } from "../../learners/learner.ts";
import { parseOptions } from "../../options/parse.ts";
import { givingWay, othersFirst, type Work } from "../../pauses.ts";
import { type Engine, engineFor } from "../../tensor/engine.ts";
import type { KernelChoice } from "../../tensor/kernels/kernels.ts";
import { trainingBuild } from "../../tensor/trainingBuild.ts";
import { Monitor } from "../monitor/monitor.ts";
import type { TrainingWarning } from "../monitor/warning.ts";
import { runLearner } from "../train.ts";
import { completionSampler } from "./completionSampler.ts";
import { languageAlgorithmNamed } from "./languageAlgorithmNamed.ts";
import { isWorld, type LanguageData, modelFor, rowsFor, WORLD_ROWS, type WorldSource, worldOf } from "./material.ts";

export interface LanguageTrainOptions<Name extends LanguageAlgorithmName = LanguageAlgorithmName> {
  /** Trained in place: all of it, or with LoRA its adapter. Default: the world's preset, from scratch. */
  model?: LanguageModel;
  /** Rows of tokens, or what `readTextData` gives. Default: drawn from the world. */
  data?: LanguageData;
  /** A world of text, or its name: rows, a model and a reward where they are not given. */
  world?: WorldSource;
  /** Rows drawn from the world. Default 1,000. */
  worldRows?: number;
  /** What the policy is held to, of algorithms with a reference; default: the policy as it starts, with LoRA its base. */
  reference?: LanguageModel;
  /** Of algorithms that learn from completions of their own. Default: the world's. */
  reward?: RewardSource;
  /** Samples; the run ends with the first update that reaches them. Default: the preset's, or three times the data. */
  steps?: number;
  /** Default 0. */
  seed?: number;
  /** The algorithm's own options; what is not given comes from the world's preset, then from the defaults. */
  options?: LanguageOptionsFor<Name>;
  /** Default: the model's. */
  engine?: Engine;
  /** Of an engine of its own: see `createEngine`. */
  kernels?: KernelChoice;
  /** Continue from here, with a model of the same description. Schedules go on as they were. */
  resumeFrom?: LearnerSnapshot;
  /** Called after each update; may be asynchronous. */
  onIteration?(metrics: LanguageMetricsFor<Name>, learner: LanguageLearner): void | Promise<void>;
  /** Samples between looks at some completions; default: never. */
  sampleEvery?: number;
  /** Takes these completions. */
  onSamples?: (samples: readonly SampleCompletion[], steps: number) => void;
  /** Ends the run within some 50 ms, as if it had ended before the update under way, which is undone. */
  signal?: AbortSignal;
  /** Say in words when the figures show that something goes wrong (docs/metrics.md). Default true. */
  monitor?: boolean;
  /** Takes the monitor's warnings, in place of the console. */
  onWarning?: (warning: TrainingWarning) => void;
}

const trainOptions: OptionChecks<LanguageTrainOptions> = {
  model: optional(languageModelCheck),
  data: optional({
    ...named("a list of rows, or what readTextData gave"),
    fits: (x) => typeof x === "object" && x !== null && ("at" in x || "kind" in x),
  }),
  world: optional({
    ...named("a world of text, or the name of one"),
    fits: (x) => typeof x === "string" || isWorld(x),
  }),
  worldRows: optional(wholeNumber(1)),
  reference: optional(languageModelCheck),
  reward: optional({
    expected: "a function of (prompts, completions), a model that scores, or a list of both",
    fits: (x) => callback.fits(x) || (typeof x === "object" && x !== null),
  }),
  steps: optional({ ...wholeNumber(1), fix: "Give the samples of the whole run, those before a resume included." }),
  seed: optional(seedCheck),
  options: optional(named("an object of settings")),
  engine: optional(engineCheck),
  kernels: optional(anything),
  resumeFrom: optional(having("what learner.save() gave", "arrays", "state")),
  onIteration: optional(callback),
  sampleEvery: optional(wholeNumber(1)),
  onSamples: optional(callback),
  signal: optional(signalCheck),
  monitor: optional(trueOrFalse),
  onWarning: optional(callback),
};

export interface CreatedLanguageLearner<Name extends LanguageAlgorithmName = LanguageAlgorithmName> {
  learner: LanguageLearner<LanguageMetricsFor<Name>>;
  model: LanguageModel;
  world: TextWorld | undefined;
  /** What is learnt from. */
  rows: Rows<unknown>;
  engine: Engine;
  /** The run's length. */
  steps: number;
  /** Complete. */
  options: Record<string, unknown>;
}

/**
 * A learner, ready to iterate.
 *
 * @throws AscentError as `trainLanguageModel`; "file" when the state to resume from is of another learner.
 */
export async function createLanguageLearner<Name extends LanguageAlgorithmName>(
  algorithmName: Name,
  given: LanguageTrainOptions<Name>,
): Promise<CreatedLanguageLearner<Name>> {
  const algorithm: LanguageAlgorithm = languageAlgorithmNamed(algorithmName);
  checkOptions("trainLanguageModel", trainOptions, given, { options: Object.keys(algorithm.options.shape) });
  const world = worldOf(given.world);
  const preset = world && algorithm.presets[world.name];
  const { seed = 0, options = {}, resumeFrom } = given;
  const complete = parseOptions(algorithm.name, algorithm.options, {
    ...preset?.options,
    ...(given.seed !== undefined && { seed }),
    ...options,
  });
  const annealSteps = resumeFrom && savedAnnealSteps(resumeFrom);
  if (annealSteps !== undefined) complete["annealSteps"] ??= annealSteps;
  const runSeed = complete["seed"] as number;
  const rows = rowsFor(algorithm, { ...given, world, count: given.worldRows ?? WORLD_ROWS, seed: runSeed });
  const engine = given.engine ?? given.model?.engine ?? (await engineFor(given));
  trainingBuild(engine);
  const model = modelFor(algorithm, engine, { ...given, world, seed: runSeed });
  // Without rows it is the learner that says so.
  const steps = given.steps ?? preset?.steps ?? Math.max(1, (algorithm.epochs ?? 3) * rows.length);
  await othersFirst();
  const learner = await givingWay(makingLearner(algorithm, { ...given, model, rows, world }, complete, steps));
  if (resumeFrom !== undefined) learner.load(resumeFrom);
  // What its figures are is said by the name of its algorithm; tests compare them with the types.
  const own = learner as LanguageLearner<LanguageMetricsFor<Name>>;
  return { learner: own, model, world, rows, engine, steps, options: complete };
}

interface Sources {
  model: LanguageModel;
  rows: Rows<never>;
  world: TextWorld | undefined;
  reference?: LanguageModel;
  reward?: RewardSource;
}

function makingLearner(
  algorithm: LanguageAlgorithm,
  { model, rows, world, reference, reward }: Sources,
  options: Readonly<Record<string, unknown>>,
  steps: number,
): Work<LanguageLearner> {
  if (reference !== undefined && !algorithm.usesReference) {
    throw new AscentError("option", { what: `${algorithm.name} has no reference`, fix: "Leave the reference out." });
  }
  const material = { model, rows, ...(reference && { reference }) };
  if (samples(algorithm)) {
    return algorithm.making({ ...material, reward: reward ?? rewardOf(algorithm, world) }, options, steps);
  }
  if (reward !== undefined) {
    throw new AscentError("option", {
      what: `${algorithm.name} learns from data alone, not from a reward`,
      fix: "Leave the reward out.",
    });
  }
  return (algorithm as DataLanguageAlgorithm).making(material, options, steps);
}

function samples(algorithm: LanguageAlgorithm): algorithm is SamplingLanguageAlgorithm {
  return algorithm.learnsFrom === "prompt-only";
}

function rewardOf({ name }: LanguageAlgorithm, world: TextWorld | undefined): RewardSource {
  if (world !== undefined) {
    return [
      { name: world.name, reward: (prompts, completions) => prompts.map((x, i) => world.reward(x, completions[i])) },
    ];
  }
  throw new AscentError("option", {
    what: `${name} learns from what completions are worth, and nothing says it`,
    fix: "Give a reward, or a world with one of its own.",
  });
}

export interface LanguageTrainResult<Name extends LanguageAlgorithmName = LanguageAlgorithmName> {
  /** The trained one: the one given, or one made from it or from the world's preset. */
  model: LanguageModel;
  learner: LanguageLearner<LanguageMetricsFor<Name>>;
  /** Of the last update. Where there was none to make, `steps` alone. */
  metrics: Pick<LanguageMetricsFor<Name>, "steps"> & Partial<LanguageMetricsFor<Name>>;
  /** Whether the signal ended the run early. */
  stopped: boolean;
}

/**
 * Trains a language model.
 *
 * @example const { model } = await trainLanguageModel("dpo", { model, data: await readTextData(records, model.tokenizer) });
 * @throws AscentError for an unknown algorithm, world or option, for data that cannot be learnt from, and at the first number that is
 *   not finite.
 */
export async function trainLanguageModel<Name extends LanguageAlgorithmName>(
  algorithmName: Name,
  given: LanguageTrainOptions<Name> = {},
): Promise<LanguageTrainResult<Name>> {
  const made = await createLanguageLearner(algorithmName, given);
  const { learner, model, steps, options } = made;
  const { sampleEvery, onSamples } = given;
  const sampler =
    sampleEvery === undefined || onSamples === undefined
      ? undefined
      : completionSampler(made, sampleEvery, learner.steps);
  const { metrics, stopped } = await runLearner<Metrics, LanguageLearner>(learner, steps, {
    onIteration: (figures) => {
      const look = async () => {
        const found = learner.samples?.() ?? (await sampler?.sample(learner.steps));
        if (found !== undefined) onSamples?.(found, learner.steps);
      };
      const lookWhenDue = () => (sampler?.due(learner.steps) ? look() : undefined);
      const pending = given.onIteration?.(figures as LanguageMetricsFor<Name>, learner);
      return pending === undefined ? lookWhenDue() : pending.then(lookWhenDue);
    },
    onWarning: given.onWarning,
    signal: given.signal,
    monitor:
      given.monitor === false ? undefined : new Monitor({ algorithm: algorithmName, options, of: "language model" }),
  });
  return { model, learner, metrics: metrics as LanguageTrainResult<Name>["metrics"], stopped };
}
