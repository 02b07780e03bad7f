/** What `compare` is asked for, and how that becomes a plan: everything that can be known to be wrong is, before a run starts. */
import type { AlgorithmName, AnyOptions, OptionsFor } from "../../algorithms/byName.ts";
import {
  anything,
  callback,
  checkOptions,
  finiteNumber,
  having,
  listOf,
  type OptionChecks,
  oneOf,
  optional,
  signal as signalCheck,
  text,
  trueOrFalse,
  wholeNumber,
} from "../../arguments/checks.ts";
import { describeValue } from "../../arguments/describeValue.ts";
import { environmentSpec } from "../../envs/environmentRegistry.ts";
import type { EnvironmentId } from "../../envs/known.ts";
import { AscentError } from "../../errors.ts";
import { resolveOptions } from "../../training/resolveOptions.ts";
import { algorithmNamed, defaultSteps } from "../../training/train.ts";
import { importAll, importUrls } from "../imports.ts";
import { packageVersion } from "../version.ts";
import type { ComparisonEvents } from "./events.ts";
import { type ComparisonPlan, folderName, type PlannedVariant } from "./plan.ts";

/** One of the things compared: an algorithm with some options of its own. */
export interface Variant<Name extends AlgorithmName = AlgorithmName> {
  /** What it is called in tables, pictures and folders. Default: the algorithm and its options, as "ppo gamma=0.98". */
  name?: string;
  algorithm: Name;
  /** What is not given comes from the environment's preset, then from the defaults. No seed: that is the comparison's. */
  options?: OptionsFor<Name>;
}

/** With the options of its algorithm, where that is known as the program is written. */
export type AnyVariant = { [Name in AlgorithmName]: Variant<Name> }[AlgorithmName] | Variant;

export interface CompareRequest extends ComparisonEvents {
  /** At least one; all others are set against the first. May be left out on resume. */
  variants?: readonly AnyVariant[];
  /** Ids of one or more registered environments: the runs are in processes of their own. May be left out on resume. */
  environment?: EnvironmentId | readonly EnvironmentId[];
  /** How many (then 0, 1, …) or which, the same for every variant. Default 5; on resume those of the comparison. */
  seeds?: number | readonly number[];
  /** Environment steps of every run. Default: of what the variants would each train for by themselves, the most. */
  steps?: number;
  /** Training return whose first reaching is reported. Default: at which the environment counts as solved, if it has that. */
  threshold?: number;
  /** Episodes of the evaluation at the end of each run. Default 100. */
  evaluationEpisodes?: number;
  kernels?: "auto" | "simd" | "fma";
  /** Files that every process imports first, such as one that calls `registerEnvironment` for an environment of yours. */
  imports?: readonly string[];
  /** The folder of the comparison, with a run's folder in it for each run: new or empty, on resume the comparison's own. */
  out: string;
  /** Go on: finished runs are not repeated, begun ones go on bit for bit. Seeds may be others, or more. */
  resume?: boolean;
  /** Processes at a time. Default: the machine's cores. */
  jobs?: number;
  /** Ends it with everything saved. */
  signal?: AbortSignal;
}

/** Which they may be is asked where they are counted. */
const seedsCheck = {
  expected: "how many (1 or more), or a list of different whole numbers of 0 or more",
  fits: (x: unknown) => typeof x === "number" || Array.isArray(x),
  fix: "Give a number, such as 5, or a list, such as [0, 1, 2].",
};

const checks: OptionChecks<CompareRequest> = {
  variants: optional(anything),
  environment: optional(anything),
  seeds: optional(seedsCheck),
  steps: optional(wholeNumber(1)),
  threshold: optional(finiteNumber),
  evaluationEpisodes: optional(wholeNumber(1)),
  kernels: optional(oneOf(["auto", "simd", "fma"])),
  imports: optional(listOf(text, "a list of files")),
  out: text,
  resume: optional(trueOrFalse),
  jobs: optional(wholeNumber(1)),
  signal: optional(signalCheck),
  onStart: optional(callback),
  onProgress: optional(callback),
  onWarning: optional(callback),
  onRunEnd: optional(callback),
};

const variantChecks: OptionChecks<Variant> = {
  name: optional({ ...text, fits: (x) => typeof x === "string" && x.trim() !== "" }),
  algorithm: text,
  options: optional(having("an object of settings")),
};

/** @throws AscentError "option" for a key that is unknown or of another type. */
export function checkRequest(request: CompareRequest): void {
  checkOptions("compare", checks, request);
}

/** @throws AscentError "option" or "environment" for what no run of the comparison could be made from. */
export async function newPlan(request: CompareRequest): Promise<ComparisonPlan> {
  await importAll(importUrls(request.imports ?? []));
  const { steps, threshold, evaluationEpisodes = 100, kernels = "auto" } = request;
  const variants = variantsOf(request.variants);
  const environments = environmentsOf(request.environment).map((id) => {
    for (const { algorithm, options } of variants) resolveOptions(algorithmNamed(algorithm), id, options);
    const level = threshold ?? environmentSpec(id).rewardThreshold;
    return {
      id,
      steps: steps ?? Math.max(...variants.map(({ algorithm }) => defaultSteps(algorithmNamed(algorithm), id))),
      ...(level !== undefined && { threshold: level }),
    };
  });
  return {
    version: packageVersion(),
    variants,
    environments,
    seeds: seedsOf(request.seeds ?? 5),
    evaluationEpisodes,
    kernels,
    imports: importUrls(request.imports ?? []),
  };
}

/** The plan of a comparison that is gone on with. @throws AscentError "option" for a change of anything but the seeds. */
export function resumedPlan(request: CompareRequest, stored: ComparisonPlan): ComparisonPlan {
  const { out, steps, threshold } = request;
  if (stored.version !== packageVersion()) {
    throw new AscentError("file", {
      what: `The comparison in ${out} was started by another release`,
      got: `version ${stored.version}`,
      expected: `version ${packageVersion()}`,
      fix: `Continue it with ascent-rl@${stored.version}, or start a new one in another folder.`,
    });
  }
  const wanted: [string, unknown, unknown][] = [
    ["the variants", request.variants && variantsOf(request.variants), stored.variants],
    [
      "the environments",
      request.environment && environmentsOf(request.environment),
      stored.environments.map(({ id }) => id),
    ],
    ["the steps", steps && stored.environments.map(() => steps), stored.environments.map((one) => one.steps)],
    [
      "the threshold",
      threshold === undefined ? undefined : stored.environments.map(() => threshold),
      stored.environments.map((one) => one.threshold),
    ],
    ["the episodes of the evaluation", request.evaluationEpisodes, stored.evaluationEpisodes],
    ["the files to import", request.imports && importUrls(request.imports), stored.imports],
    ["the kernels", request.kernels === "auto" ? undefined : request.kernels, stored.kernels],
  ];
  for (const [what, wish, is] of wanted) {
    if (wish === undefined || JSON.stringify(wish) === JSON.stringify(is)) continue;
    throw new AscentError("option", {
      what: `A comparison that goes on cannot change ${what}`,
      got: JSON.stringify(wish),
      expected: `${JSON.stringify(is)}, as the one in ${out} was started with`,
      fix: "Leave it out, or start a new comparison in another folder.",
    });
  }
  return request.seeds === undefined ? stored : { ...stored, seeds: seedsOf(request.seeds) };
}

function variantsOf(given: CompareRequest["variants"]): PlannedVariant[] {
  if (!Array.isArray(given) || given.length === 0) {
    throw new AscentError("option", {
      what: "compare: variants",
      got: describeValue(given),
      expected: "a list of what to compare, such as [{ algorithm: 'ppo' }, { algorithm: 'a2c' }]",
      fix: "Name at least one algorithm.",
    });
  }
  const variants = given.map((variant: Variant, index): PlannedVariant => {
    checkOptions(`compare: variants[${index}]`, variantChecks, variant);
    const { algorithm, options = {}, name = variantName(algorithm, options) } = variant;
    const { learnsFrom } = algorithmNamed(algorithm);
    if (learnsFrom === "data") {
      throw new AscentError("option", {
        what: `${algorithm} learns from recorded episodes, which a comparison has none of`,
        fix: "Compare algorithms that learn from the environment.",
      });
    }
    if ("seed" in options) {
      throw new AscentError("option", {
        what: `Variant "${name}" has a seed of its own`,
        got: describeValue(options["seed"]),
        fix: "Leave it out: every variant is run with each of the comparison's seeds.",
      });
    }
    const entries = Object.entries(options);
    return {
      name,
      algorithm,
      options: JSON.parse(JSON.stringify(options)) as AnyOptions,
      unset: entries.filter(([, value]) => value === undefined).map(([key]) => key),
    };
  });
  requireDifferentNames(variants);
  return variants;
}

/** Folders too must differ, also where capitals do not count. */
function requireDifferentNames(variants: readonly PlannedVariant[]): void {
  const seen = new Map<string, string>();
  for (const { name } of variants) {
    const folder = folderName(name).toLowerCase();
    const other = seen.get(folder);
    if (other !== undefined) {
      throw new AscentError("option", {
        what: "Two variants have the same name, or ones that differ in signs alone",
        got: `"${other}" and "${name}"`,
        fix: "Give each a name of its own.",
      });
    }
    seen.set(folder, name);
  }
}

/** "ppo gamma=0.98 hidden=64,64". */
export function variantName(algorithm: string, options: AnyOptions): string {
  const settings = Object.entries(options).map(([key, value]) => {
    const shown = typeof value === "string" ? value : Array.isArray(value) ? value.join() : JSON.stringify(value);
    return `${key}=${shown ?? "default"}`;
  });
  return [algorithm, ...settings].join(" ");
}

function environmentsOf(given: CompareRequest["environment"]): string[] {
  const ids = typeof given === "string" ? [given] : given;
  if (Array.isArray(ids) && ids.length > 0 && ids.every((id) => typeof id === "string")) {
    for (const id of ids) environmentSpec(id);
    return [...new Set(ids as string[])];
  }
  throw new AscentError("environment", {
    what: "compare: the environment is missing, or is no id",
    got: describeValue(given),
    expected: "the id of a registered environment, or several: runs are in processes of their own",
    fix: "Name one with --env; `ascent envs` lists them.",
  });
}

function seedsOf(given: number | readonly number[]): number[] {
  const seeds = Number.isSafeInteger(given) ? Array.from({ length: given as number }, (_, i) => i) : given;
  const isList =
    Array.isArray(seeds) && seeds.length > 0 && seeds.every((seed) => Number.isSafeInteger(seed) && seed >= 0);
  if (isList && new Set(seeds).size === seeds.length) return [...seeds];
  throw new AscentError("option", {
    what: "compare: seeds",
    got: describeValue(given),
    expected: seedsCheck.expected,
    fix: seedsCheck.fix,
  });
}

/** The options of a variant as the run's request takes them. */
export function optionsOf({ options, unset }: PlannedVariant): AnyOptions {
  return { ...Object.fromEntries(unset.map((name) => [name, undefined])), ...options };
}
