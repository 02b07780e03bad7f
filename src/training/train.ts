/**
 * From the name of an algorithm and an environment to a trained policy, in Node and in browsers. Files, progress bars and
 * resuming from disk are the business of node/.
 */

import { closest } from "fastest-levenshtein";
import { type Algorithm, algorithms } from "../algorithms/registry.ts";
import type { BatchedEnvironment } from "../envs/batched.ts";
import { type BatchOptions, type EnvironmentFactory, type EnvironmentSpec, makeBatched } from "../envs/index.ts";
import { AscentError } from "../errors.ts";
import type { EpisodeDataset } from "../imitation/dataset.ts";
import { requireSameSpaces } from "../imitation/datasetChecks.ts";
import { Policy } from "../policies/policy.ts";
import { createEngine, type Engine } from "../tensor/engine.ts";
import type { Learner, LearnerSnapshot, Metrics } from "./learner.ts";
import { resolveOptions } from "./options.ts";
import { pauses } from "./pauses.ts";

export interface TrainOptions {
  /** An id, a spec, or a function that makes one environment of your own; may be left out with `data`. */
  environment?: string | EnvironmentSpec | EnvironmentFactory;
  /** Recorded episodes, for algorithms that learn from data; the environment is then checked to be of their spaces. */
  data?: EpisodeDataset;
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
  options?: Readonly<Record<string, unknown>>;
  engine?: Engine;
  /** Continue from here. */
  resumeFrom?: LearnerSnapshot;
  /** Called after each iteration; may be asynchronous. */
  onIteration?: (metrics: Metrics, learner: Learner) => void | Promise<void>;
  /** Ends the run after the current iteration. */
  signal?: AbortSignal;
}

export interface TrainResult {
  policy: Policy;
  learner: Learner;
  /** Of the last iteration. */
  metrics: Metrics;
  /** Whether the signal ended the run early. */
  stopped: boolean;
}

/** @throws AscentError "option", naming the nearest known name. */
export function algorithmNamed(name: string): Algorithm {
  const found = Object.hasOwn(algorithms, name) ? algorithms[name] : undefined;
  if (found !== undefined) return found;
  const known = Object.keys(algorithms);
  throw new AscentError("option", {
    what: `There is no algorithm "${name}"`,
    expected: `one of ${known.join(", ")}`,
    fix: `Did you mean "${closest(name, known)}"?`,
  });
}

/** The steps of a run that does not say. */
export function defaultSteps(algorithm: Algorithm, environmentId: string): number {
  return algorithm.presets[environmentId]?.steps ?? algorithm.steps ?? 100_000;
}

/** A learner, ready to iterate. */
export async function createLearner(
  algorithmName: string,
  given: TrainOptions,
): Promise<{ learner: Learner; engine: Engine; steps: number; options: Record<string, unknown> }> {
  const { environment, data, steps, seed, options = {}, engine, resumeFrom } = given;
  const algorithm = algorithmNamed(algorithmName);
  const named = environment ?? data?.environment ?? "";
  const id = typeof named === "string" ? named : typeof named === "function" ? "" : named.id;
  const total = steps ?? defaultSteps(algorithm, id);
  if (!Number.isInteger(total) || total < 1) {
    throw new AscentError("option", { what: "train: steps", got: String(total), expected: "a whole number ≥ 1" });
  }
  const complete = resolveOptions(algorithm, id, { ...options, ...(seed !== undefined && { seed }) });
  const used = engine ?? (await createEngine());
  const learner =
    algorithm.learnsFrom === "data"
      ? algorithm.create(used, dataFor(algorithm, given), complete, total)
      : algorithm.create(used, environmentFor(algorithm, given, complete["nEnvs"] as number), complete, total);
  if (resumeFrom !== undefined) learner.load(resumeFrom);
  return { learner, engine: used, steps: total, options: complete };
}

function environmentFor(algorithm: Algorithm, given: TrainOptions, count: number): BatchedEnvironment {
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

function dataFor(algorithm: Algorithm, { environment, environmentOptions, data }: TrainOptions): EpisodeDataset {
  if (data === undefined) {
    throw new AscentError("option", {
      what: `${algorithm.name} learns from recorded episodes, and there are none`,
      fix: "Give them with --data FILE (in code: data); `ascent record` writes such files.",
    });
  }
  if (environment !== undefined) {
    const one = makeBatched(environment, 1, environmentOptions);
    requireSameSpaces("The recorded episodes", data, one);
    one.close?.();
  }
  return data;
}

/** Iterates until `steps` are made, the learner has finished or the signal says stop. Gives way to other work as it goes. */
export async function runLearner(
  learner: Learner,
  steps: number,
  { onIteration, signal }: Pick<TrainOptions, "onIteration" | "signal"> = {},
): Promise<{ metrics: Metrics; stopped: boolean }> {
  let metrics: Metrics = { steps: learner.steps };
  const pause = pauses();
  while (learner.steps < steps && !learner.finished && !signal?.aborted) {
    metrics = learner.iterate();
    const pending = onIteration?.(metrics, learner);
    if (pending !== undefined) await pending;
    const turn = pause();
    if (turn !== undefined) await turn;
  }
  return { metrics, stopped: learner.steps < steps && !learner.finished };
}

/**
 * Trains a policy.
 *
 * @example const { policy } = await train("ppo", { environment: "CartPole-v1" });
 * @throws AscentError for an unknown algorithm, environment or option, and at the first number that is not finite.
 */
export async function train(algorithmName: string, options: TrainOptions): Promise<TrainResult> {
  const { learner, engine, steps } = await createLearner(algorithmName, options);
  const { metrics, stopped } = await runLearner(learner, steps, options);
  return { policy: new Policy(engine, learner.policy(), { seed: options.seed ?? 0 }), learner, metrics, stopped };
}
