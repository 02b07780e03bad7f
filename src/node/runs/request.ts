/** What a run is asked for, what it says as it starts, and what the request means beside the config.json of the run it continues. */

import type { AlgorithmName, MetricsFor, OptionsFor } from "../../algorithms/byName.ts";
import {
  anything,
  callback,
  checkOptions,
  listOf,
  named,
  type OptionChecks,
  optional,
  seed as seedCheck,
  signal as signalCheck,
  text,
  trueOrFalse,
  wholeNumber,
} from "../../arguments/checks.ts";
import { batchOptionNames } from "../../envs/batchFromFactory.ts";
import { AscentError } from "../../errors.ts";
import type { PlayProgress } from "../../rollout/playEpisodes.ts";
import type { KernelBuild } from "../../tensor/index.ts";
import type { InitialPolicy } from "../../training/initialSettings.ts";
import type { TrainOptions } from "../../training/train.ts";
import type { RefusedCheckpoint } from "../checkpoints.ts";
import { inWorkers } from "../workers/inWorkers.ts";
import type { RunConfig } from "./config.ts";
import type { Timing } from "./recorder.ts";

export interface RunRequest<Name extends AlgorithmName = AlgorithmName> {
  algorithm: Name;
  /** May be left out on resume when it is a registered one. */
  environment?: TrainOptions["environment"];
  /** For environments of your own; on resume what is left out is as the run has it. */
  environmentOptions?: TrainOptions["environmentOptions"];
  /**
   * The environments that are trained in live in this many worker threads; default: in this one. The environment must be a registered
   * one. Not kept in the run's settings: its results are the same bits, and a resumed run may have another number.
   */
  environmentWorkers?: number;
  /** Files to import first, here and in every worker thread, such as one that calls `registerEnvironment`. */
  imports?: readonly string[];
  /** A file of recorded episodes, for algorithms that learn from data; the environment may then be left out. */
  data?: string;
  /** As in TrainOptions; on resume those the run was started with. */
  steps?: number;
  /** Default 0; the same as the option of that name. */
  seed?: number;
  /** The algorithm's options (seed among them); what is not given comes from the preset, then from the defaults. */
  options?: OptionsFor<Name>;
  /** Settings that change in the midst of the run, as in TrainOptions; on resume those the run was started with. */
  changes?: TrainOptions<Name>["changes"];
  /** A trained policy to start from: a run's folder, a policy.safetensors, or a policy; as in TrainOptions. */
  initialPolicy?: string | InitialPolicy;
  initialCritic?: boolean;
  kernels?: KernelBuild | "auto";
  /** The run's folder: new or empty, and on resume the run's own. */
  out: string;
  resume?: boolean;
  /** Steps between checkpoints; default: every 30 seconds or tenth of the run, whichever comes first. */
  checkpointEvery?: number;
  /** Default 100. */
  evaluationEpisodes?: number;
  /** Ends the run after the iteration under way, everything saved, or in the midst of the evaluation. */
  signal?: AbortSignal;
  /** As in TrainOptions. */
  monitor?: boolean;
  onWarning?: TrainOptions["onWarning"];
  onStart?: (start: RunStart) => void;
  onIteration?(metrics: MetricsFor<Name>, timing: Timing): void;
  onCheckpoint?: (steps: number) => void;
  /** Called when all is trained and saved, before the evaluation; the signal then leaves that to a resume. */
  onEvaluate?: () => void;
  /** How far the evaluation has got, some times a second while it takes that long. */
  onEvaluation?: (progress: PlayProgress) => void;
}

/** What is left to others is whatever makes a learner or an evaluation: they say more of it. */
const requestChecks: OptionChecks<RunRequest> = {
  algorithm: text,
  environment: optional(anything),
  environmentOptions: optional(named("an object of options")),
  environmentWorkers: optional(wholeNumber(1)),
  imports: optional(listOf(text, "a list of files")),
  data: optional(text),
  steps: optional(wholeNumber(1)),
  seed: optional(seedCheck),
  options: optional(named("an object of options")),
  changes: optional(anything),
  initialPolicy: optional(anything),
  initialCritic: optional(trueOrFalse),
  kernels: optional(anything),
  out: text,
  resume: optional(trueOrFalse),
  checkpointEvery: optional(wholeNumber(1)),
  evaluationEpisodes: optional(wholeNumber(1)),
  signal: optional(signalCheck),
  monitor: optional(trueOrFalse),
  onWarning: optional(callback),
  onStart: optional(callback),
  onIteration: optional(callback),
  onCheckpoint: optional(callback),
  onEvaluate: optional(callback),
  onEvaluation: optional(callback),
};

/** @throws AscentError "option" for a request of another kind or a key that it does not have. */
export function checkRequest(request: unknown): void {
  checkOptions("trainRun", requestChecks, request, { environmentOptions: batchOptionNames });
}

export interface RunStart {
  config: RunConfig;
  /** Where a resumed run goes on from; undefined for a new run. */
  resumeFromStep?: number;
  /** Newer checkpoints that could not be loaded. */
  refused: readonly RefusedCheckpoint[];
  /** False with an environment that cannot save its state: a resumed run then starts new episodes. */
  exactResume: boolean;
}

/** The algorithm's options that the request gives, the seed among them. */
export function settingsOf({ options, seed }: RunRequest): Readonly<Record<string, unknown>> {
  return { ...options, ...(seed !== undefined && { seed }) };
}

/** What config.json calls the environment. */
export function environmentId(
  source: NonNullable<RunRequest["environment"]>,
  options: TrainOptions["environmentOptions"],
): string {
  if (typeof source === "function") return options?.id ?? "custom";
  return typeof source === "string" ? source : source.id;
}

/** Where a run trains: in worker threads if it is asked to. @throws AscentError "option" for a function that makes environments. */
export function trainedIn(
  source: NonNullable<RunRequest["environment"]>,
  { environmentWorkers: workers, imports }: RunRequest,
): NonNullable<RunRequest["environment"]> {
  if (workers === undefined) return source;
  if (typeof source !== "function")
    return inWorkers(environmentId(source, {}), { workers, ...(imports && { imports }) });
  throw new AscentError("option", {
    what: "trainRun: environmentWorkers needs an environment that worker threads can make too",
    got: "a function, which cannot go to another thread",
    expected: "the id of a registered one",
    fix: "Register it in a file of its own, name that in imports, and give the id.",
  });
}

/** The part of config.json on the time limit of an environment of one's own. */
export function limitOf({ environmentOptions }: RunRequest): Pick<RunConfig, "maxEpisodeSteps"> {
  const limit = environmentOptions?.maxEpisodeSteps;
  return limit === undefined || limit === Number.POSITIVE_INFINITY ? {} : { maxEpisodeSteps: limit };
}

/** What an environment of one's own is called, and its time limit, as the run in `config` has them. */
export function environmentOptionsOf(
  { environment, environmentOptions }: RunRequest,
  { env, maxEpisodeSteps }: RunConfig,
): Pick<TrainOptions, "environmentOptions"> {
  if (typeof environment !== "function") return environmentOptions === undefined ? {} : { environmentOptions };
  return {
    environmentOptions: { ...environmentOptions, id: env, ...(maxEpisodeSteps !== undefined && { maxEpisodeSteps }) },
  };
}
