/** The file that describes a sweep, and what it becomes: everything that can be known to be wrong is, before a run starts. */
import { z } from "zod";
import type { AlgorithmName } from "../algorithms/byName.ts";
import { describeValue } from "../arguments/describeValue.ts";
import { environmentSpec } from "../envs/environmentRegistry.ts";
import { AscentError } from "../errors.ts";
import { didYouMean } from "../nearest.ts";
import { resolveOptions } from "../training/resolveOptions.ts";
import { algorithmNamed, defaultSteps } from "../training/train.ts";
import { prunerSchema } from "./pruners/pruner.ts";
import { mostTrials, samplerSchema } from "./samplers/sampler.ts";
import { dimensionSchema, type Settings, type SettingValue, valueAt } from "./space.ts";

const environment = z.strictObject({
  id: z.string(),
  /** Returns that are worth 0 and 1, so that several environments can be averaged. With one they may be left out: its return is the score. */
  low: z.number().optional(),
  high: z.number().optional(),
  /** Steps of a run; default: the sweep's, then the preset's. */
  steps: z.int().min(1).optional(),
});

/** Keys of the file, as users write them. */
export const sweepSchema = z.strictObject({
  algorithm: z.string(),
  environments: z.array(z.union([z.string(), environment])).min(1),
  /** How many (then 0, 1, …) or which, in the order in which every trial is run with them. */
  seeds: z.union([z.int().min(1), z.array(z.int().min(0)).min(1)]).default(3),
  steps: z.int().min(1).optional(),
  /** Settings of every trial; what is not given comes from the preset, then from the defaults. */
  settings: z.record(z.string(), z.json()).default({}),
  space: z.record(z.string(), dimensionSchema),
  sampler: samplerSchema.default({ kind: "tpe", startupTrials: 10, candidates: 24 }),
  pruner: prunerSchema.default({ kind: "none" }),
  trials: z.int().min(1).default(50),
  /** Of the sampler's random numbers. */
  seed: z.int().min(0).default(0),
  /** A sampler that learns chooses each trial knowing all but the `parallel` − 1 before it, on any number of machines. */
  parallel: z.int().min(1).default(4),
  /** What a run is worth: its evaluation at the end (most probable actions), or its last 100 training episodes (sampled ones). */
  score: z.enum(["evaluation", "trainingReturn"]).default("evaluation"),
  evaluationEpisodes: z.int().min(1).default(100),
  kernels: z.enum(["auto", "simd", "fma"]).default("auto"),
});

/** A sweep as users write it. */
export type SweepFile = z.input<typeof sweepSchema>;

export interface Sweep extends Omit<z.output<typeof sweepSchema>, "algorithm" | "environments" | "seeds" | "steps"> {
  algorithm: AlgorithmName;
  environments: { id: string; low: number; high: number; steps: number }[];
  seeds: number[];
}

/**
 * A complete sweep.
 *
 * @throws AscentError "option" or "environment" naming the key, what was got and what was expected; also for settings of the space
 *   of which no run could be made.
 */
export function parseSweep(content: unknown): Sweep {
  const parsed = sweepSchema.safeParse(content);
  if (!parsed.success) throw sweepError(content, parsed.error.issues[0]);
  const { environments, seeds, steps, ...rest } = parsed.data;
  const algorithm = algorithmNamed(rest.algorithm);
  if (algorithm.learnsFrom === "data") {
    throw new AscentError("option", {
      what: `${algorithm.name} learns from recorded episodes, which a sweep has none of`,
      fix: "Sweep an algorithm that learns from the environment.",
    });
  }
  const sweep: Sweep = {
    ...rest,
    algorithm: algorithm.name,
    environments: environments.map((one) => {
      const {
        id,
        low,
        high,
        steps: own,
      } = typeof one === "string" ? ({ id: one } as z.output<typeof environment>) : one;
      environmentSpec(id);
      return { id, ...scaleOf(id, low, high, environments.length), steps: own ?? steps ?? defaultSteps(algorithm, id) };
    }),
    seeds: typeof seeds === "number" ? Array.from({ length: seeds }, (_, i) => i) : seeds,
  };
  if (new Set(sweep.seeds).size < sweep.seeds.length) {
    throw new AscentError("option", {
      what: "sweep: seeds has a seed twice",
      got: describeValue(sweep.seeds),
      fix: "Name each seed once.",
    });
  }
  checkSpace(sweep);
  return { ...sweep, trials: Math.min(sweep.trials, mostTrials(sweep.sampler, sweep.space)) };
}

function scaleOf(id: string, low: number | undefined, high: number | undefined, environments: number) {
  if (low === undefined && high === undefined && environments === 1) return { low: 0, high: 1 };
  if (low !== undefined && high !== undefined && low < high) return { low, high };
  throw new AscentError("option", {
    what: `sweep: returns of ${id} have no scale`,
    got: `low ${low ?? "left out"}, high ${high ?? "left out"}`,
    expected: "low < high: the returns that are worth 0 and 1",
    fix: `Write { "id": "${id}", "low": …, "high": … }: such as the return of random actions, and that of a solved task.`,
  });
}

/** Every end of every dimension makes options of which a run can be made. */
function checkSpace({ algorithm: name, space, settings, environments }: Sweep): void {
  const algorithm = algorithmNamed(name);
  if (Object.keys(space).length === 0) {
    throw new AscentError("option", {
      what: "sweep: space has no settings to choose",
      fix: 'Name some, as in "space": { "learningRate": { "logUniform": [1e-5, 1e-2] } }.',
    });
  }
  for (const [key, dimension] of Object.entries(space)) {
    if (key in settings || key === "seed") {
      throw new AscentError("option", {
        what:
          key === "seed" ? "sweep: the seed is no setting to choose" : `sweep: "${key}" is both fixed and to be chosen`,
        fix: key === "seed" ? 'Write "seeds".' : "Remove it from settings or from space.",
      });
    }
    const values =
      "choice" in dimension ? dimension.choice : [valueAt(dimension, 0), valueAt(dimension, 1 - Number.EPSILON)];
    for (const value of values) {
      for (const { id } of environments) resolveOptions(algorithm, id, { ...settings, [key]: value });
    }
  }
}

/** Settings of a trial's run: the fixed ones and the chosen ones. */
export function optionsOfTrial({ settings }: Pick<Sweep, "settings">, chosen: Settings): Record<string, SettingValue> {
  return { ...settings, ...chosen };
}

function sweepError(content: unknown, issue: z.core.$ZodIssue): AscentError {
  const known = Object.keys(sweepSchema.shape);
  if (issue.code === "unrecognized_keys" && issue.path.length === 0) {
    const [key] = issue.keys;
    return new AscentError("option", {
      what: `A sweep has no key "${key}"`,
      fix: `${didYouMean(key, known)}All keys: ${known.join(", ")}.`,
    });
  }
  const got = issue.path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key],
    content,
  );
  return new AscentError("option", {
    what: issue.path.length === 0 ? "A sweep is an object" : `sweep: ${issue.path.join(".")} is not usable`,
    got: describeValue(got),
    expected: expectedAt(String(issue.path[0] ?? ""), issue.message),
    fix: "docs/scale.md describes every key.",
  });
}

/** Where a key may have several forms, all of them. */
function expectedAt(key: string, message: string): string {
  switch (key) {
    case "space":
      return 'a choice, uniform, logUniform, integer or logInteger for each setting: { "choice": [1, 2] }, { "uniform": [0, 1] } …';
    case "sampler":
      return 'grid, random, sobol or tpe, alone or as { "kind": … } with settings of it';
    case "pruner":
      return 'none, median or asha, alone or as { "kind": … } with settings of it';
    default:
      return message;
  }
}
