/**
 * From the name of an algorithm and an environment to a trained policy, in Node and in browsers. Files, progress bars and
 * resuming from disk are the business of node/.
 */

import type { Algorithm } from "../algorithms/algorithm.ts";
import { type Algorithms, algorithms } from "../algorithms/algorithmRegistry.ts";
import type { AlgorithmName, MetricsFor, MetricsOf, OptionsFor } from "../algorithms/byName.ts";
import {
  anything,
  type Check,
  callback,
  checkArgument,
  checkOptions,
  engine as engineCheck,
  having,
  named,
  type OptionChecks,
  optional,
  seed as seedCheck,
  signal as signalCheck,
  text,
  trueOrFalse,
  wholeNumber,
} from "../arguments/checks.ts";
import type { BatchedEnvironment } from "../envs/batched.ts";
import { batchOptionNames } from "../envs/batchFromFactory.ts";
import { requireSource } from "../envs/contract.ts";
import {
  type BatchOptions,
  type EnvironmentSource,
  makeBatched,
  prepareEnvironment,
  type Space,
  type Spaces,
  type SpacesOf,
} from "../envs/index.ts";
import { AscentError } from "../errors.ts";
import { datasetCheck, type EpisodeDataset } from "../imitation/dataset.ts";
import {
  type Learner,
  type LearnerSnapshot,
  type Metrics,
  type PolicyLearner,
  savedAnnealSteps,
} from "../learners/learner.ts";
import { didYouMean } from "../nearest.ts";
import { due, givingWay, othersFirst, type Work } from "../pauses.ts";
import { Policy } from "../policies/policy.ts";
import { requireSameSpaces } from "../policies/sameSpaces.ts";
import { type Engine, engineFor } from "../tensor/engine.ts";
import type { KernelChoice } from "../tensor/kernels/kernels.ts";
import { trainingBuild } from "../tensor/trainingBuild.ts";
import { changingLearner } from "./changingLearner.ts";
import { descriptionOf, type InitialPolicy, requireOneBeginning } from "./initialSettings.ts";
import { iterationRunner } from "./iterationRunner.ts";
import { Monitor } from "./monitor/monitor.ts";
import type { RunFacts } from "./monitor/rule.ts";
import { type TrainingWarning, warningText } from "./monitor/warning.ts";
import { resolveOptions } from "./resolveOptions.ts";
import { type ChangedOptions, checkChanges, type SettingChange } from "./settingChanges.ts";

export interface TrainOptions<
  Name extends AlgorithmName = AlgorithmName,
  Source extends EnvironmentSource | undefined = EnvironmentSource | undefined,
  Data extends EpisodeDataset = EpisodeDataset,
> {
  /** An id, a spec, or a function that makes one environment of your own; may be left out with `data`. */
  environment?: Source;
  /** Recorded episodes, for algorithms that learn from data; the environment is then checked to be of their spaces. */
  data?: Data;
  /** For environments of your own: time limit and the like. */
  environmentOptions?: BatchOptions;
  /**
   * Environment steps (samples, of an algorithm that learns from data); the run ends with the first iteration that reaches
   * them. Default: the preset's, then the algorithm's, or 100,000.
   */
  steps?: number;
  /** Default 0. */
  seed?: number;
  /** The algorithm's own options; what is not given comes from the preset, then from the defaults. */
  options?: OptionsFor<Name>;
  /**
   * Settings that change in the midst of the run, in the order of their steps: whatever is not of the network, of the sizes of a
   * rollout or of the form of what is remembered. In an environment that cannot save its state new episodes begin there.
   */
  changes?: readonly SettingChange<OptionsFor<Name>>[];
  engine?: Engine;
  /** Of an engine of its own: see `createEngine`. */
  kernels?: KernelChoice;
  /** Continue from here. Schedules go on as they were, over the steps they began with, unless `annealSteps` is given. */
  resumeFrom?: LearnerSnapshot;
  /**
   * Start from this trained policy: its weights and its statistics of observations, and as `initialCritic` says its critic.
   * Network options that are not given are the policy's; others than the policy's are an error.
   */
  initialPolicy?: InitialPolicy;
  /** Default: the critic of `initialPolicy` where it has one that fits; true: an error where it has none; false: a new one. */
  initialCritic?: boolean;
  /** Called after each iteration; may be asynchronous. */
  onIteration?(metrics: MetricsFor<Name>, learner: PolicyLearner): void | Promise<void>;
  /**
   * Ends the run within some 50 ms, as if it had ended before the iteration under way, which is undone. Where that cannot be
   * (`exactResume`), or saving the learner takes long, it is finished first.
   */
  signal?: AbortSignal;
  /** Say in words when the figures show that something goes wrong (docs/metrics.md). Default true. */
  monitor?: boolean;
  /** Takes the monitor's warnings, in place of the console. */
  onWarning?: (warning: TrainingWarning) => void;
}

const record: Check = {
  ...named("an object of settings"),
  fix: "Write them by name: options: { learningRate: 1e-3 }.",
};

const trainOptions: OptionChecks<TrainOptions> = {
  environment: optional(anything),
  data: optional(datasetCheck),
  environmentOptions: optional(anything),
  steps: optional({ ...wholeNumber(1), fix: "Give the steps of the whole run, those before a resume included." }),
  seed: optional(seedCheck),
  options: optional(record),
  changes: optional(anything),
  engine: optional(engineCheck),
  kernels: optional(anything),
  resumeFrom: optional(having("what learner.save() gave", "arrays", "state")),
  initialPolicy: optional(anything),
  initialCritic: optional(trueOrFalse),
  onIteration: optional(callback),
  signal: optional(signalCheck),
  monitor: optional(trueOrFalse),
  onWarning: optional(callback),
};

export interface TrainResult<
  Name extends AlgorithmName = AlgorithmName,
  ObservationSpace extends Space = Space,
  ActionSpace extends Space = Space,
> {
  policy: Policy<ObservationSpace, ActionSpace>;
  /** Its environments are closed: it can give its policy and figures, but not iterate. */
  learner: PolicyLearner<MetricsFor<Name>, ObservationSpace, ActionSpace>;
  /** Of the last iteration. Where there was none to make, `steps` alone, and NaN for what is always there. */
  metrics: LastMetrics<Name>;
  /** Whether the signal ended the run early. */
  stopped: boolean;
}

/** The figures that every run ends with, and those that an iteration adds. */
export type LastMetrics<Name extends AlgorithmName = AlgorithmName> = AlgorithmName extends Name
  ? Metrics
  : Pick<MetricsOf[Name], keyof MetricsOf[Name] & ("steps" | keyof typeof noEpisodes)> & Partial<MetricsOf[Name]>;

const noEpisodes = { episodes: Number.NaN, episodeReturn: Number.NaN, episodeLength: Number.NaN };

/** The spaces of a policy: those of its environment; where that is left out, which undefined stands for, of its data. */
type LearntSpaces<Source, Data extends EpisodeDataset> = undefined extends Source
  ? Spaces<Data["observationSpace"], Data["actionSpace"]>
  : SpacesOf<Source>;
type LearntObservations<Source, Data extends EpisodeDataset> = LearntSpaces<Source, Data>["observationSpace"];
type LearntActions<Source, Data extends EpisodeDataset> = LearntSpaces<Source, Data>["actionSpace"];

/** @throws AscentError "option", naming the nearest known name. */
export function algorithmNamed(name: string): Algorithms[AlgorithmName] {
  checkArgument("train: algorithm", text, name);
  if (isAlgorithmName(name)) return algorithms[name];
  const known = Object.keys(algorithms);
  throw new AscentError("option", {
    what: `There is no algorithm "${name}"`,
    expected: `one of ${known.join(", ")}`,
    fix: `${didYouMean(name, known)}\`ascent algorithms\` lists them.`,
  });
}

function isAlgorithmName(name: string): name is AlgorithmName {
  return Object.hasOwn(algorithms, name);
}

/** The steps of a run that does not say. */
export function defaultSteps(algorithm: Algorithm, environmentId: string): number {
  return algorithm.presets[environmentId]?.steps ?? algorithm.steps ?? 100_000;
}

export interface CreatedLearner<
  Name extends AlgorithmName = AlgorithmName,
  ObservationSpace extends Space = Space,
  ActionSpace extends Space = Space,
> {
  learner: PolicyLearner<MetricsFor<Name>, ObservationSpace, ActionSpace>;
  engine: Engine;
  /** The run's length. */
  steps: number;
  /** Complete, those that hold now. */
  readonly options: Record<string, unknown>;
  /** Whether the critic is that of `initialPolicy`. */
  initialCritic: boolean;
  /** Those given and those made by `change`: given to a run of the same settings and seed, they repeat this one. */
  readonly changes: readonly SettingChange[];
  /**
   * Changes settings from the next iteration on, or from a step on that is still to come, so that runs that are not equally far
   * change at the same one.
   *
   * @throws AscentError "option" for a wrong setting, one that cannot change, or a step that has been made; nothing has
   *   changed then.
   */
  change(options: ChangedOptions, atStep?: number): SettingChange;
}

/**
 * A learner, ready to iterate. Who is done with it calls its `close`, which closes the environments.
 *
 * @throws AscentError as `train`; "file" when the state to resume from is of another learner, "space" or "option" when
 *   the policy to start from is of other spaces or of another network.
 */
export async function createLearner<
  Name extends AlgorithmName,
  Source extends EnvironmentSource | undefined,
  Data extends EpisodeDataset,
>(
  algorithmName: Name,
  given: TrainOptions<Name, Source, Data>,
): Promise<CreatedLearner<Name, LearntObservations<Source, Data>, LearntActions<Source, Data>>> {
  const algorithm = algorithmNamed(algorithmName);
  checkOptions("train", trainOptions, given, {
    options: Object.keys(algorithm.options.shape),
    environmentOptions: batchOptionNames,
  });
  const { environment, data, steps, seed, options = {}, changes = [], resumeFrom } = given;
  if (environment !== undefined) requireSource("train", environment);
  const from = environment ?? data?.environment ?? "";
  const id = typeof from === "string" ? from : typeof from === "function" ? "" : from.id;
  const total = steps ?? defaultSteps(algorithm, id);
  requireOneBeginning(given);
  const { initialPolicy, initialCritic } = given;
  const initial = initialPolicy && descriptionOf(initialPolicy);
  const complete = resolveOptions(algorithm, id, { ...options, ...(seed !== undefined && { seed }) }, initial);
  const annealSteps = resumeFrom && savedAnnealSteps(resumeFrom);
  if (annealSteps !== undefined) complete["annealSteps"] ??= annealSteps;
  checkChanges(algorithm, complete, changes);
  if (environment !== undefined) await prepareEnvironment(environment);
  const used = await engineFor(given);
  trainingBuild(used);
  await othersFirst();
  const making = makingFor(algorithm, used, given, complete["nEnvs"] as number, total);
  const changing = changingLearner({
    algorithm,
    learner: await givingWay(making(complete)),
    options: complete,
    changes,
    making,
  });
  const { learner } = changing;
  try {
    if (resumeFrom !== undefined) learner.load(resumeFrom);
    const taken = initial && learner.startFrom(initial, { critic: initialCritic });
    // What its figures and spaces are is said by the names of its algorithm and environment; tests compare them with types.
    const named = learner as PolicyLearner<
      MetricsFor<Name>,
      LearntObservations<Source, Data>,
      LearntActions<Source, Data>
    >;
    return {
      learner: named,
      engine: used,
      steps: total,
      get options() {
        return changing.options();
      },
      initialCritic: taken?.critic ?? false,
      get changes() {
        return changing.changes();
      },
      change: changing.change,
    };
  } catch (error) {
    learner.close?.();
    throw error;
  }
}

type Sources = Pick<TrainOptions, "environment" | "environmentOptions" | "data">;

/** Learners of the algorithm with other options, all of them in the same environments or on the same data. */
function makingFor(
  algorithm: Algorithm,
  engine: Engine,
  given: Sources,
  count: number,
  steps: number,
): (options: Readonly<Record<string, unknown>>) => Work<PolicyLearner> {
  if (algorithm.learnsFrom === "data") {
    const data = dataFor(algorithm, given);
    return (options) => algorithm.making(engine, data, options, steps);
  }
  const environment = environmentFor(algorithm, given, count);
  return (options) => algorithm.making(engine, environment, options, steps);
}

function environmentFor(algorithm: Algorithm, given: Sources, count: number): BatchedEnvironment {
  const { environment, environmentOptions, data } = given;
  if (data !== undefined) {
    throw new AscentError("option", {
      what: `${algorithm.name} learns by acting, not from recorded episodes`,
      fix: "Leave the data out, or use bc.",
    });
  }
  if (environment !== undefined) return makeBatched(environment, count, environmentOptions);
  throw new AscentError("environment", { what: `${algorithm.name} needs an environment`, fix: "Name one." });
}

function dataFor(algorithm: Algorithm, { environment, environmentOptions, data }: Sources): EpisodeDataset {
  if (data === undefined) {
    throw new AscentError("option", {
      what: `${algorithm.name} learns from recorded episodes, and there are none`,
      fix: "Give them with --data FILE (in code: data); `ascent record` writes such files.",
    });
  }
  if (environment !== undefined) {
    const one = makeBatched(environment, 1, environmentOptions);
    try {
      requireSameSpaces("The recorded episodes", data, one);
    } finally {
      one.close?.();
    }
  }
  return data;
}

export interface RunOptions<Own extends Metrics = Metrics, Kind extends Learner = Learner<Own>> {
  /** Called after each iteration; may be asynchronous. */
  onIteration?(metrics: Own, learner: Kind): void | Promise<void>;
  /** As of `train`. */
  signal?: AbortSignal;
  /** Watches the figures. */
  monitor?: Monitor;
  /** Takes the monitor's warnings, in place of the console. */
  onWarning?: (warning: TrainingWarning) => void;
}

const runOptions: OptionChecks<RunOptions> = {
  onIteration: optional(callback),
  onWarning: optional(callback),
  signal: optional(signalCheck),
  monitor: optional(having("a Monitor", "watch")),
};
const learnerCheck: Check = {
  ...having("a learner", "iterate", "steps"),
  fix: "Give the learner of createLearner: const { learner } = await createLearner(…).",
};

function warnOnConsole(warning: TrainingWarning): void {
  console.warn(`ascent: ${warningText(warning)}`);
}

/**
 * Iterates until `steps` are made, the learner has finished or the signal says stop. Gives way to other work at least every
 * 50 ms: timers, messages and, in a browser, the page have their turn, also in the midst of an iteration.
 */
export async function runLearner<Own extends Metrics, Kind extends Learner>(
  learner: Kind & Learner<Own>,
  steps: number,
  options: RunOptions<Own, Kind> = {},
): Promise<{ metrics: Pick<Own, "steps"> & Partial<Own>; stopped: boolean }> {
  checkArgument("runLearner: learner", learnerCheck, learner);
  checkArgument("runLearner: steps", wholeNumber(0), steps);
  checkOptions("runLearner", runOptions, options);
  const { onIteration, onWarning = warnOnConsole, signal, monitor } = options;
  let last: Own | undefined;
  const iterate = iterationRunner(learner, signal);
  while (learner.steps < steps && !learner.finished && !signal?.aborted) {
    const begun = iterate();
    const found = begun instanceof Promise ? await begun : begun;
    if (found === undefined) break;
    last = found;
    for (const warning of monitor?.watch(last) ?? []) onWarning(warning);
    const pending = onIteration?.(last, learner);
    if (pending !== undefined) await pending;
    if (due()) await othersFirst();
  }
  const metrics = last ?? ({ steps: learner.steps } as Pick<Own, "steps"> & Partial<Own>);
  return { metrics, stopped: learner.steps < steps && !learner.finished };
}

/**
 * Trains a policy. The environments it made are closed when it is done, or failed.
 *
 * @example const { policy } = await train("ppo", { environment: "CartPole-v1" });
 * @throws AscentError for an unknown algorithm, environment or option, and at the first number that is not finite.
 */
export async function train<
  Name extends AlgorithmName,
  Source extends EnvironmentSource | undefined,
  Data extends EpisodeDataset,
>(
  algorithmName: Name,
  given: TrainOptions<Name, Source, Data>,
): Promise<TrainResult<Name, LearntObservations<Source, Data>, LearntActions<Source, Data>>> {
  const created = await createLearner(algorithmName, given);
  const { learner, engine, steps, options } = created;
  try {
    const { metrics, stopped } = await runLearner<Metrics, PolicyLearner>(learner, steps, {
      onIteration: given.onIteration,
      onWarning: given.onWarning,
      signal: given.signal,
      monitor: given.monitor === false ? undefined : new Monitor(factsOf(algorithmName, created)),
    });
    if (algorithms[algorithmName].learnsFrom === "environment" && metrics.episodes === undefined) {
      Object.assign(metrics, noEpisodes);
    }
    const policy = new Policy(engine, learner.policy(), { seed: options["seed"] as number });
    return { policy, learner, metrics: metrics as LastMetrics<Name>, stopped };
  } finally {
    learner.close?.();
  }
}

/** What a monitor goes by: the settings that hold when it looks. */
export function factsOf(algorithm: string, created: Pick<CreatedLearner, "options">): RunFacts {
  return {
    algorithm,
    get options() {
      return created.options;
    },
  };
}
