/** From the flags of `ascent train` to the request of a run. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { environmentSpec } from "../envs/environmentRegistry.ts";
import { AscentError } from "../errors.ts";
import { readDataset } from "../node/datasets.ts";
import { readJson } from "../node/jsonFile.ts";
import { exactly } from "../node/runs/config.ts";
import type { RunRequest } from "../node/trainRun.ts";
import { algorithmNamed } from "../training/train.ts";
import { withLists } from "./settings.ts";
import type { TrainFlags } from "./trainFlags.ts";

/** What a --config file says. */
interface FromFile {
  environment?: string;
  data?: string;
  steps?: number;
  init?: Pick<RunRequest, "initialPolicy" | "initialCritic">;
  options: Record<string, unknown>;
  changes?: RunRequest["changes"];
  /** Whether it is the config.json of a run, with complete settings, and not a list of some that a user wrote. */
  isRun?: boolean;
}

export interface TrainRequest {
  request: RunRequest;
  /** Names of the settings that the user chose one by one. */
  chosen: ReadonlySet<string>;
  /** The config.json that the others come from, where one was given. */
  source?: string;
}

/** @throws AscentError for an unknown algorithm or environment, an unreadable --config, or no environment at all. */
export function requestFrom(algorithmName: string, flags: TrainFlags): TrainRequest {
  const { name: algorithm } = algorithmNamed(algorithmName);
  requireNoLanguage(algorithm, flags);
  const file: FromFile = flags.config === undefined ? { options: {} } : fromFile(flags.config, algorithm);
  const data = flags.data ?? file.data;
  const environment = flags.env ?? file.environment;
  if (environment !== undefined) environmentSpec(environment);
  const steps = flags.steps ?? (flags.resume ? undefined : file.steps);
  const own = {
    ...withLists(algorithmNamed(algorithm), flags.set ?? {}),
    ...(flags.envs !== undefined && { nEnvs: flags.envs }),
    ...(flags.seed !== undefined && { seed: flags.seed }),
  };
  const options = { ...file.options, ...own };
  const changes = flags.change?.map((change) => ({
    ...change,
    options: withLists(algorithmNamed(algorithm), change.options),
  }));
  const request: RunRequest = {
    algorithm,
    out: flags.out ?? defaultFolder(algorithm, environment ?? recordedIn(data), options["seed"]),
    options,
    kernels: flags.kernels,
    ...(!flags.monitor && { monitor: false }),
    ...(environment !== undefined && { environment }),
    ...(flags.envWorkers !== undefined && { environmentWorkers: flags.envWorkers }),
    ...(flags.import && { imports: flags.import }),
    ...(data !== undefined && { data }),
    ...(steps !== undefined && { steps }),
    ...(flags.init === undefined ? !flags.resume && file.init : { initialPolicy: flags.init }),
    ...(changes === undefined ? !flags.resume && file.changes && { changes: file.changes } : { changes }),
    ...(flags.newCritic && { initialCritic: false }),
    ...(flags.resume && { resume: true }),
    ...(flags.checkpointEvery !== undefined && { checkpointEvery: flags.checkpointEvery }),
    ...(flags.evalEpisodes !== undefined && { evaluationEpisodes: flags.evalEpisodes }),
  };
  const chosen = new Set(Object.keys(file.isRun ? own : options));
  return { request, chosen, ...(file.isRun && { source: flags.config }) };
}

/** @throws AscentError "option" for a flag that only language models have. */
function requireNoLanguage(algorithm: string, flags: TrainFlags): void {
  for (const flag of ["model", "world", "rows", "reference", "lora", "sampleEvery"] as const) {
    if (flags[flag] === undefined) continue;
    const written = flag === "sampleEvery" ? "--sample-every" : `--${flag}`;
    throw new AscentError("option", {
      what: `${algorithm} trains a policy: ${written} is for language models`,
      fix: "Leave it out, or choose an algorithm for language models; `ascent algorithms` lists them.",
    });
  }
}

function recordedIn(data: string | undefined): string | undefined {
  return data === undefined ? undefined : readDataset(data).dataset.environment;
}

function defaultFolder(algorithm: string, environment: string | undefined, seed: unknown): string {
  if (environment !== undefined)
    return join("runs", `${algorithm}-${environment.replaceAll(/[:/]/g, "-")}-${seed ?? 0}`);
  if (algorithmNamed(algorithm).learnsFrom === "data") {
    throw new AscentError("option", {
      what: `${algorithm} learns from recorded episodes, and there are none`,
      fix: "Give them with --data FILE; `ascent record` writes such files.",
    });
  }
  throw new AscentError("environment", {
    what: "The environment is missing",
    fix: "Name one with --env; `ascent envs` lists them.",
  });
}

/** An object of options, or a whole config.json, whose options then count exactly, presets aside. */
function fromFile(path: string, algorithm: string): FromFile {
  if (!existsSync(path)) {
    throw new AscentError("file", { what: `There is no file ${path}`, fix: "Check the path given with --config." });
  }
  const content = readJson(path);
  if (!isObject(content)) {
    throw new AscentError("file", {
      what: `${path} holds no settings`,
      got: JSON.stringify(content).slice(0, 60),
      expected: "a JSON object of settings, or a run's config.json",
      fix: 'Write them as in { "gamma": 0.98, "hidden": [64, 64] }.',
    });
  }
  const { options, env, steps, data, init, changes } = content;
  if (!isObject(options) || typeof content["algorithm"] !== "string") return { options: content };
  if (content["algorithm"] !== algorithm) {
    throw new AscentError("option", {
      what: `${path} is of another algorithm`,
      got: content["algorithm"],
      expected: algorithm,
      fix: `Run \`ascent train ${content["algorithm"]}\` with it.`,
    });
  }
  return {
    ...(typeof env === "string" && { environment: env }),
    ...(isObject(data) && typeof data["file"] === "string" && { data: data["file"] }),
    ...(typeof steps === "number" && { steps }),
    options: exactly(algorithm, { ...options, ...freeSchedules(options, steps) }),
    ...(isObject(init) && typeof init["path"] === "string" && { init: startOf(init["path"], init["critic"]) }),
    ...(changes !== undefined && { changes: changes as RunRequest["changes"] }),
    isRun: true,
  };
}

function startOf(initialPolicy: string, critic: unknown): FromFile["init"] {
  return { initialPolicy, ...(typeof critic === "boolean" && { initialCritic: critic }) };
}

/** Schedules that ran over all of the old run run over all of the new one, however long that is. */
function freeSchedules({ annealSteps }: Record<string, unknown>, steps: unknown): { annealSteps?: undefined } {
  return annealSteps === steps ? { annealSteps: undefined } : {};
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
