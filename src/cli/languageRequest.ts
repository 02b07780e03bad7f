/** From the flags of `ascent train` to the request of a run that trains a language model. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { AscentError } from "../errors.ts";
import { readJson } from "../node/jsonFile.ts";
import { exactLanguageOptions, placeOf } from "../node/language/runConfig.ts";
import type { LanguageRunRequest } from "../node/language/runRequest.ts";
import { languageAlgorithmNamed } from "../training/language/languageAlgorithmNamed.ts";
import { withLists } from "./settings.ts";
import type { TrainFlags } from "./trainFlags.ts";

type FromFile = Partial<
  Pick<LanguageRunRequest, "model" | "world" | "worldRows" | "data" | "reference" | "lora" | "steps">
> & {
  options: Record<string, unknown>;
  /** Whether it is a run's config.json, and not a list of settings that a user wrote. */
  isRun?: boolean;
};

export interface LanguageTrainRequest {
  request: LanguageRunRequest;
  /** Names of the settings that the user chose one by one. */
  chosen: ReadonlySet<string>;
  /** The config.json that the others come from, where one was given. */
  source?: string;
}

/** Flags that mean nothing to a language model, with what they are of. */
const OTHERS: readonly (readonly [keyof TrainFlags, string])[] = [
  ["env", "--env"],
  ["envs", "--envs"],
  ["envWorkers", "--env-workers"],
  ["import", "--import"],
  ["init", "--init"],
  ["newCritic", "--new-critic"],
  ["change", "--change"],
];

/** @throws AscentError for flags of policies, an unreadable --config, or where there is nothing to name the folder by. */
export function languageRequestFrom(algorithmName: string, flags: TrainFlags): LanguageTrainRequest {
  const algorithm = languageAlgorithmNamed(algorithmName);
  const { name } = algorithm;
  for (const [flag, written] of OTHERS) {
    if (flags[flag] === undefined) continue;
    throw new AscentError("option", {
      what: `${name} trains a language model: ${written} is for policies over environments`,
      fix: "Leave it out; --model, --world and --data say what is trained, and on what.",
    });
  }
  const file: FromFile = flags.config === undefined ? { options: {} } : fromFile(flags.config, name);
  const own = {
    ...withLists(algorithm, flags.set ?? {}),
    ...(flags.seed !== undefined && { seed: flags.seed }),
  };
  const options = { ...file.options, ...own };
  const given: Partial<FromFile> = flags.resume ? {} : file;
  const places = {
    model: flags.model ?? given.model,
    world: flags.world ?? given.world,
    data: flags.data ?? given.data,
    reference: flags.reference ?? given.reference,
    worldRows: flags.rows ?? given.worldRows,
    lora: flags.lora === undefined ? given.lora : { rank: flags.lora },
    steps: flags.steps ?? given.steps,
    checkpointEvery: flags.checkpointEvery,
    sampleEvery: flags.sampleEvery,
    evaluationSamples: flags.evalEpisodes,
  };
  const request: LanguageRunRequest = {
    algorithm: name,
    out: flags.out ?? defaultFolder(name, places, options["seed"]),
    options,
    kernels: flags.kernels,
    ...(!flags.monitor && { monitor: false }),
    ...(flags.resume && { resume: true }),
    ...defined(places),
  };
  const chosen = new Set(Object.keys(file.isRun ? own : options));
  return { request, chosen, ...(file.isRun && { source: flags.config }) };
}

type Defined<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

function defined<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;
}

function defaultFolder(
  algorithm: string,
  { world, data }: { world: string | undefined; data: string | undefined },
  seed: unknown,
): string {
  if (world === undefined && data === undefined) {
    throw new AscentError("option", {
      what: `${algorithm} has nothing to learn from`,
      fix: "Give a file with --data, or a world of text with --world.",
    });
  }
  const place = placeOf({ world, ...(data !== undefined && { data: { path: data, sha256: "" } }) });
  return join("runs", `${algorithm}-${place.replace(/\.(jsonl|json|ndjson|parquet)(\.gz)?$/, "")}-${seed ?? 0}`);
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
      fix: 'Write them as in { "beta": 0.2, "learningRate": 1e-4 }.',
    });
  }
  const { options, steps, model, data, reference, world, worldRows, lora } = content;
  if (!isObject(options) || typeof content["algorithm"] !== "string") return { options: content };
  if (content["algorithm"] !== algorithm) {
    throw new AscentError("option", {
      what: `${path} is of another algorithm`,
      got: content["algorithm"],
      expected: algorithm,
      fix: `Run \`ascent train ${content["algorithm"]}\` with it.`,
    });
  }
  const { annealSteps } = options;
  // Schedules that ran over all of the old run run over all of the new one, however long that is.
  const free = annealSteps === steps ? { annealSteps: undefined } : {};
  return {
    ...defined({
      model: pathOf(model) ?? (isObject(model) && typeof model["world"] === "string" ? model["world"] : undefined),
      data: pathOf(data),
      reference: pathOf(reference),
      world: typeof world === "string" ? world : undefined,
      worldRows: typeof worldRows === "number" ? worldRows : undefined,
      lora: isObject(lora) && typeof lora["rank"] === "number" ? { ...lora, rank: lora["rank"] } : undefined,
      steps: typeof steps === "number" ? steps : undefined,
    }),
    options: exactLanguageOptions(algorithm, { ...options, ...free }),
    isRun: true,
  };
}

function pathOf(file: unknown): string | undefined {
  return isObject(file) && typeof file["path"] === "string" ? file["path"] : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
