/**
 * What a language model's run starts from: for a new one its complete settings, for a resumed one those of its config.json, the
 * model in its folder and the newest good checkpoint. Reads, checks and decides; writes nothing.
 */

import { existsSync } from "node:fs";
import { describeValue } from "../../arguments/describeValue.ts";
import { AscentError } from "../../errors.ts";
import type { Checkpoint } from "../../files/checkpoint.ts";
import type { JsonValue } from "../../files/exactJson.ts";
import type { TextData } from "../../language/data/textData.ts";
import { addAdapter } from "../../language/model/adapter.ts";
import type { LanguageModel } from "../../language/model/languageModel.ts";
import type { LearnerSnapshot } from "../../learners/learner.ts";
import { createEngine } from "../../tensor/engine.ts";
import { trainingBuild } from "../../tensor/trainingBuild.ts";
import { languageAlgorithmNamed } from "../../training/language/languageAlgorithmNamed.ts";
import { WORLD_ROWS } from "../../training/language/material.ts";
import { type CreatedLanguageLearner, createLanguageLearner } from "../../training/language/trainLanguageModel.ts";
import { loadLatestCheckpoint, type RefusedCheckpoint } from "../checkpoints.ts";
import { pathsIn } from "../runs/folder.ts";
import { packageVersion } from "../version.ts";
import { fileDigest, modelDigest } from "./fileDigest.ts";
import { loadLanguageModel } from "./languageModels.ts";
import { exactLanguageOptions, type LanguageRunConfig, languageRunIdentity, readLanguageConfig } from "./runConfig.ts";
import type { LanguageRunRequest } from "./runRequest.ts";
import { completeLora, dataFrom, modelFolder, modelFrom, modelSource, referenceFrom } from "./runSources.ts";
import { worldNamed } from "./worldNamed.ts";

/** Of what a checkpoint's arrays and state mean. */
export const LANGUAGE_CHECKPOINT_VERSION = 1;

export interface LanguageStartingPoint {
  config: LanguageRunConfig;
  made: CreatedLanguageLearner;
  data: TextData | undefined;
  resumeFromStep?: number;
  refused: RefusedCheckpoint[];
}

/** State of a checkpoint: the run it belongs to, and the learner's. */
type SavedRun = { run: JsonValue; learner: JsonValue };

export function languageCheckpointOf(config: LanguageRunConfig, { arrays, state }: LearnerSnapshot) {
  const saved: SavedRun = { run: languageRunIdentity(config) as JsonValue, learner: state };
  return { version: LANGUAGE_CHECKPOINT_VERSION, arrays, state: saved };
}

function snapshotOf({ arrays, state }: Checkpoint): LearnerSnapshot {
  return { arrays, state: (state as SavedRun).learner };
}

/** @throws AscentError "option" for wrong settings, "file" when the model or the data cannot be read. */
export async function newLanguageStart(request: LanguageRunRequest): Promise<LanguageStartingPoint> {
  const algorithm = languageAlgorithmNamed(request.algorithm);
  const settings = { ...request.options, ...(request.seed !== undefined && { seed: request.seed }) };
  const { world, worldRows = WORLD_ROWS, steps } = request;
  const referenceFolder = request.reference === undefined ? undefined : modelFolder(request.reference);
  const source = modelSource(request);
  const engine = await createEngine({ build: request.kernels ?? "auto" });
  const seed = typeof settings["seed"] === "number" ? settings["seed"] : 0;
  const base = await modelFrom(source, engine, seed);
  const lora = request.lora && completeLora(request.lora, base);
  const model = lora === undefined ? base : addAdapter(base, lora, { seed });
  const data = request.data === undefined ? undefined : await dataFrom(request.data, request.algorithm, model);
  const made = await createLanguageLearner(algorithm.name, {
    ...{ model, engine, options: settings },
    ...(world !== undefined && { world: worldNamed(world), worldRows }),
    ...(data && { data }),
    ...(referenceFolder !== undefined && { reference: await referenceFrom(referenceFolder, engine) }),
    ...(steps !== undefined && { steps }),
  });
  const { options } = made;
  // A resumed run may go on to other steps than these, and its schedules must not move.
  if ("annealSteps" in algorithm.options.shape) options["annealSteps"] ??= made.steps;
  const config: LanguageRunConfig = {
    algorithm: algorithm.name,
    model: "world" in source ? source : { path: source.folder, sha256: await modelDigest(source.folder) },
    ...(lora && { lora }),
    ...(world !== undefined && { world }),
    ...(world !== undefined && data === undefined && { worldRows }),
    ...(request.data !== undefined && { data: { path: request.data, sha256: await fileDigest(request.data) } }),
    ...(referenceFolder !== undefined && {
      reference: { path: referenceFolder, sha256: await modelDigest(referenceFolder) },
    }),
    steps: made.steps,
    seed: options["seed"] as number,
    kernels: trainingBuild(engine),
    version: packageVersion(),
    options: JSON.parse(JSON.stringify(options)),
  };
  return { config, made, data, refused: [] };
}

/**
 * @throws AscentError "file" when there is no run, its checkpoints are damaged or another release's, "option" when the
 *   request asks for settings other than the run's.
 */
export async function resumedLanguageStart(request: LanguageRunRequest): Promise<LanguageStartingPoint> {
  const { out } = request;
  const stored = readLanguageConfig(out);
  requireVersion(out, stored);
  requireSameRequest(request, stored);
  const paths = pathsIn(out);
  const loaded = loadLatestCheckpoint(paths.checkpoints, LANGUAGE_CHECKPOINT_VERSION);
  if (loaded === undefined) {
    throw new AscentError("file", {
      what: `The run in ${out} has no checkpoint to go on from`,
      got: `no file in ${paths.checkpoints}`,
      fix: "Restore the checkpoints, or start a new run in another folder.",
    });
  }
  const identity = JSON.stringify(languageRunIdentity(stored));
  if (JSON.stringify((loaded.checkpoint.state as SavedRun).run) !== identity) {
    throw new AscentError("file", {
      what: `${loaded.path} belongs to a run with other settings than config.json's`,
      fix: "Restore the config.json that the run was started with.",
    });
  }
  const steps = request.steps ?? stored.steps;
  if (steps < Math.min(loaded.step, stored.steps)) {
    throw new AscentError("option", {
      what: `The run in ${out} is past these steps already`,
      got: `${steps} steps`,
      expected: `${Math.min(loaded.step, stored.steps)} or more: it has made ${loaded.step}`,
      fix: `Ask for more, or leave the steps out to go on to ${stored.steps}.`,
    });
  }
  const engine = await createEngine({ build: stored.kernels });
  // The folder's model has all but what the checkpoint holds: description, tokenizer, and with LoRA the base.
  const model = await loadLanguageModel(paths.model, { engine });
  const data = await sameData(request, stored, model);
  const reference = await sameReference(request, stored);
  const config: LanguageRunConfig = {
    ...stored,
    steps,
    ...(data && { data: data.file }),
    ...(reference && { reference }),
  };
  const { world, worldRows, algorithm, options } = config;
  const made = await createLanguageLearner(languageAlgorithmNamed(algorithm).name, {
    ...{ model, engine, steps, options: exactLanguageOptions(algorithm, options) },
    ...(world !== undefined && { world: worldNamed(world), ...(worldRows && { worldRows }) }),
    ...(data && { data: data.content }),
    ...(reference && { reference: await referenceFrom(reference.path, engine) }),
    resumeFrom: snapshotOf(loaded.checkpoint),
  });
  return { config, made, data: data?.content, resumeFromStep: made.learner.steps, refused: loaded.refused };
}

function requireVersion(folder: string, { version }: LanguageRunConfig): void {
  if (version === packageVersion()) return;
  throw new AscentError("file", {
    what: `The run in ${folder} was started by another release`,
    got: `version ${version}`,
    expected: `version ${packageVersion()}`,
    fix: `Continue it with ascent-rl@${version}, or start a new run from its model with --model ${pathsIn(folder).model}.`,
  });
}

/** Everything asked for beside the steps must be what the run has. */
function requireSameRequest(request: LanguageRunRequest, stored: LanguageRunConfig): void {
  const { world, worldRows, kernels, seed, options = {}, lora } = request;
  const ran = "path" in stored.model ? stored.model.path : stored.model.world;
  const asked: [string, unknown, unknown][] = [
    ["the algorithm", request.algorithm, stored.algorithm],
    ["the model", request.model && ("path" in stored.model ? modelFolder(request.model) : request.model), ran],
    ["LoRA", lora?.rank, stored.lora?.rank],
    ["the world", world, stored.world],
    ["the rows drawn from the world", worldRows, stored.worldRows],
    ["the kernels", kernels === "auto" ? undefined : kernels, stored.kernels],
    ["the seed", seed, stored.seed],
    ...Object.entries(parsedOptions(stored.algorithm, options)).map(([name, value]): [string, unknown, unknown] => [
      name,
      value,
      stored.options[name],
    ]),
  ];
  for (const [what, wish, is] of asked) {
    if (wish === undefined || JSON.stringify(wish) === JSON.stringify(is)) continue;
    throw new AscentError("option", {
      what: `A resumed run cannot change ${what}`,
      got: describeValue(wish),
      expected: `${JSON.stringify(is) ?? "none"}, as the run in ${request.out} was started with`,
      fix: `Leave it out, or start a new run in another folder, from this one's model with --model ${pathsIn(request.out).model}.`,
    });
  }
}

/** The options given, each as its schema makes it. */
function parsedOptions(algorithm: string, given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { shape } = languageAlgorithmNamed(algorithm).options;
  const entries = Object.entries(given).map(([name, value]) => {
    const field = Object.hasOwn(shape, name) ? shape[name] : undefined;
    return [name, field === undefined ? value : (field.safeParse(value).data ?? value)];
  });
  return Object.fromEntries(entries);
}

async function sameData(request: LanguageRunRequest, stored: LanguageRunConfig, model: LanguageModel) {
  const path = request.data ?? stored.data?.path;
  if (path === undefined) return undefined;
  requireThere("The data", path, "--data FILE", request.out);
  const file = { path, sha256: await fileDigest(path) };
  requireSameBytes("the data it learns from", file, stored.data);
  return { file, content: await dataFrom(path, stored.algorithm, model) };
}

async function sameReference(request: LanguageRunRequest, stored: LanguageRunConfig) {
  const path = request.reference === undefined ? stored.reference?.path : modelFolder(request.reference);
  if (path === undefined) return undefined;
  requireThere("The reference", path, "--reference FOLDER", request.out);
  const reference = { path, sha256: await modelDigest(path) };
  requireSameBytes("the model it is held to", reference, stored.reference);
  return reference;
}

function requireThere(what: string, path: string, flag: string, out: string): void {
  if (existsSync(path)) return;
  throw new AscentError("file", {
    what: `${what} of the run in ${out} is not where it was`,
    got: `nothing at ${path}, seen from ${process.cwd()}`,
    fix: `Say where it is now with ${flag}.`,
  });
}

function requireSameBytes(
  what: string,
  found: { path: string; sha256: string },
  stored: { path: string; sha256: string } | undefined,
): void {
  if (found.sha256 === stored?.sha256) return;
  throw new AscentError("option", {
    what: `A resumed run cannot change ${what}`,
    got: `${found.path} with SHA-256 ${found.sha256.slice(0, 12)}…`,
    expected: stored === undefined ? "none" : `${stored.path} with SHA-256 ${stored.sha256.slice(0, 12)}…`,
    fix: "Give the same, or start a new run in another folder.",
  });
}
