/** What an algorithm is to those who choose one: its name, options, presets, and how a learner of it is made. */

import type { z } from "zod";
import type { BatchedEnvironment } from "../envs/batched.ts";
import type { EpisodeDataset } from "../imitation/dataset.ts";
import type { PolicyLearner } from "../learners/learner.ts";
import type { Work } from "../pauses.ts";
import type { Engine } from "../tensor/engine.ts";

export interface Preset<Options = Readonly<Record<string, unknown>>> {
  /** Environment steps (samples, of an algorithm that learns from data) that the settings were chosen for. */
  steps: number;
  options: Options;
}

export interface AlgorithmFacts {
  readonly name: string;
  /** One line for lists. */
  readonly summary: string;
  /** Checks options and fills in defaults; unknown keys are errors. */
  readonly options: z.ZodObject;
  /** Tuned settings by environment id. */
  readonly presets: Readonly<Record<string, Preset>>;
  /** How long a run is without a preset; default 100,000. */
  readonly steps?: number;
  /** What `steps` counts. */
  readonly unit: "environment steps" | "samples";
  /** The figure of its learning curve, and what that is called there; the first of them that has numbers is drawn. */
  readonly curves: readonly { figure: string; label: string }[];
}

/** Learns by acting. */
export interface EnvironmentAlgorithm extends AlgorithmFacts {
  readonly learnsFrom: "environment";
  create(
    engine: Engine,
    environment: BatchedEnvironment,
    options: Readonly<Record<string, unknown>>,
    totalSteps: number,
  ): PolicyLearner;
  /** As `create`, as work that stops now and then. */
  making(
    engine: Engine,
    environment: BatchedEnvironment,
    options: Readonly<Record<string, unknown>>,
    totalSteps: number,
  ): Work<PolicyLearner>;
}

/** Learns from recorded episodes; the environment is only for evaluation. */
export interface DataAlgorithm extends AlgorithmFacts {
  readonly learnsFrom: "data";
  create(
    engine: Engine,
    data: EpisodeDataset,
    options: Readonly<Record<string, unknown>>,
    totalSteps: number,
  ): PolicyLearner;
  /** As `create`, as work that stops now and then. */
  making(
    engine: Engine,
    data: EpisodeDataset,
    options: Readonly<Record<string, unknown>>,
    totalSteps: number,
  ): Work<PolicyLearner>;
}

export type Algorithm = EnvironmentAlgorithm | DataAlgorithm;
