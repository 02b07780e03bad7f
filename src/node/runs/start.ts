/**
 * What a run starts from: for a new one its complete settings, for a resumed one those of its config.json and the newest
 * good checkpoint. Reads, checks and decides; writes nothing.
 */

import { existsSync } from "node:fs";
import { AscentError } from "../../errors.ts";
import type { Checkpoint } from "../../files/checkpoint.ts";
import type { JsonValue } from "../../files/exactJson.ts";
import type { LearnerSnapshot } from "../../learners/learner.ts";
import { createEngine, type Engine } from "../../tensor/engine.ts";
import { trainingBuild } from "../../tensor/trainingBuild.ts";
import { resolveOptions } from "../../training/resolveOptions.ts";
import { algorithmNamed, type CreatedLearner, createLearner, defaultSteps } from "../../training/train.ts";
import { loadLatestCheckpoint, type RefusedCheckpoint } from "../checkpoints.ts";
import { readDataset, type StoredDataset } from "../datasets.ts";
import { packageVersion } from "../version.ts";
import { exactly, type RunConfig, readConfig, runIdentity } from "./config.ts";
import { pathsIn } from "./folder.ts";
import { initialPolicyOf } from "./initialPolicy.ts";
import { environmentId, environmentOptionsOf, limitOf, type RunRequest, settingsOf, trainedIn } from "./request.ts";
import {
  requireGrowing,
  requireNoStart,
  requireSameRun,
  requireSameSettings,
  requireSameVersion,
} from "./resumeChecks.ts";

/** Of what a checkpoint's arrays and state mean. */
export const CHECKPOINT_VERSION = 4;

export interface StartingPoint {
  config: RunConfig;
  created: Pick<CreatedLearner, "learner" | "options">;
  /** Step of the checkpoint resumed from; 0 when a resumed run had none yet; undefined for a new run. */
  resumeFromStep?: number;
  /** Newer checkpoints that could not be loaded. */
  refused: RefusedCheckpoint[];
}

/** State of a checkpoint: the run it belongs to, and the learner's. */
type SavedRun = { run: JsonValue; learner: JsonValue };

export function checkpointOf(config: RunConfig, { arrays, state }: LearnerSnapshot) {
  const saved: SavedRun = { run: runIdentity(config) as JsonValue, learner: state };
  return { version: CHECKPOINT_VERSION, arrays, state: saved };
}

function snapshotOf({ arrays, state }: Checkpoint): LearnerSnapshot {
  return { arrays, state: (state as SavedRun).learner };
}

/** @throws AscentError "option" or "environment" for wrong settings, "file" when the data cannot be read. */
export async function newStart(request: RunRequest): Promise<StartingPoint> {
  const { environmentOptions } = request;
  const algorithm = algorithmNamed(request.algorithm);
  const stored = request.data === undefined ? undefined : readDataset(request.data);
  const environment = request.environment ?? stored?.dataset.environment;
  if (environment === undefined && algorithm.learnsFrom === "environment") {
    throw new AscentError("environment", { what: "A new run needs an environment", fix: "Name one with --env." });
  }
  const env = environment === undefined ? "" : environmentId(environment, environmentOptions);
  const steps = request.steps ?? defaultSteps(algorithm, env);
  const initial = initialPolicyOf(request);
  const options = resolveOptions(algorithm, env, settingsOf(request), initial?.policy);
  // A resumed run may go on to other steps than these, and its schedules must not move.
  if ("annealSteps" in algorithm.options.shape) options["annealSteps"] ??= steps;
  const engine = await createEngine({ build: request.kernels ?? "auto" });
  const created = await createLearner(algorithm.name, {
    ...(environment && { environment: trainedIn(environment, request) }),
    ...(initial && { initialPolicy: initial.policy }),
    ...(request.initialCritic !== undefined && { initialCritic: request.initialCritic }),
    ...(environmentOptions && { environmentOptions }),
    ...(stored && { data: stored.dataset }),
    options,
    ...(request.changes && { changes: request.changes }),
    steps,
    engine,
  });
  const { initialCritic, changes } = created;
  const config: RunConfig = {
    algorithm: algorithm.name,
    env,
    steps,
    ...limitOf(request),
    seed: options["seed"] as number,
    kernels: trainingBuild(engine),
    version: packageVersion(),
    ...(stored && { data: { file: request.data!, sha256: stored.sha256 } }),
    ...(initial && { init: { ...initial.origin, critic: initialCritic } }),
    options: JSON.parse(JSON.stringify(options)),
    ...(changes.length > 0 && { changes: JSON.parse(JSON.stringify(changes)) }),
  };
  return { config, created, refused: [] };
}

/**
 * @throws AscentError "file" when there is no run, its checkpoints are damaged or another release's, "option" when the
 *   request asks for settings other than the run's.
 */
export async function resumedStart(request: RunRequest): Promise<StartingPoint> {
  const stored = readConfig(request.out);
  requireSameVersion(request.out, stored);
  requireSameSettings(request, stored);
  const { kernels, options } = stored;
  const data = sameData(request, stored);
  const config: RunConfig = {
    ...stored,
    steps: request.steps ?? stored.steps,
    ...(data && { data: { file: data.file, sha256: data.sha256 } }),
  };
  const { algorithm, env } = config;
  const loaded = loadLatestCheckpoint(pathsIn(request.out).checkpoints, CHECKPOINT_VERSION);
  if (loaded !== undefined) requireSameRun(loaded.path, (loaded.checkpoint.state as SavedRun).run, config);
  requireGrowing(request, stored, loaded?.step ?? 0);
  if (loaded === undefined) requireNoStart(request.out, stored);

  const engine: Engine = await createEngine({ build: kernels });
  const created = await createLearner(algorithmNamed(algorithm).name, {
    environment: trainedIn(request.environment ?? env, request),
    ...environmentOptionsOf(request, config),
    ...(data && { data: data.dataset }),
    options: exactly(algorithm, options),
    ...(config.changes && { changes: config.changes }),
    steps: config.steps,
    engine,
    ...(loaded && { resumeFrom: snapshotOf(loaded.checkpoint) }),
  });
  return { config, created, resumeFromStep: created.learner.steps, refused: loaded?.refused ?? [] };
}

/** The data the run learns from, wherever they lie by now. @throws AscentError "option" when they are others. */
function sameData(request: RunRequest, { data }: RunConfig): (StoredDataset & { file: string }) | undefined {
  const file = request.data ?? data?.file;
  if (file === undefined) return undefined;
  if (request.data === undefined && !existsSync(file)) {
    throw new AscentError("file", {
      what: `The recorded episodes that the run in ${request.out} learns from are not where they were`,
      got: `no file ${file}, seen from ${process.cwd()}`,
      fix: "Say where they are now with --data FILE.",
    });
  }
  const found = readDataset(file);
  if (found.sha256 === data?.sha256) return { ...found, file };
  throw new AscentError("option", {
    what: "A resumed run cannot change the data it learns from",
    got: `${file} with SHA-256 ${found.sha256.slice(0, 12)}…`,
    expected: data === undefined ? "none" : `${data.file} with SHA-256 ${data.sha256.slice(0, 12)}…`,
    fix: "Give the same file, or start a new run in another folder.",
  });
}
