/**
 * config.json: everything a run was started with, so that it can be continued bit for bit, or started again elsewhere.
 */
import { existsSync } from "node:fs";
import { z } from "zod";
import { AscentError } from "../../errors.ts";
import { algorithmNamed } from "../../training/train.ts";
import { writeFileAtomic } from "../atomic.ts";
import { readJson } from "../jsonFile.ts";
import { pathsIn } from "./folder.ts";

const form = z.object({
  algorithm: z.string(),
  env: z.string(),
  /** Steps the run goes on to: of the environments, or samples of the data. */
  steps: z.int().min(1),
  /** Time limit given for an environment of one's own. */
  maxEpisodeSteps: z.int().min(1).optional(),
  seed: z.int().min(0),
  kernels: z.enum(["simd", "fma"]),
  version: z.string(),
  /** The recorded episodes learnt from: their file, and the SHA-256 of its bytes. */
  data: z.object({ file: z.string(), sha256: z.string() }).optional(),
  /** The trained policy it started from: what trained it, in what, where it lay, the SHA-256 of its file, and its critic's use. */
  init: z
    .object({
      algorithm: z.string(),
      env: z.string(),
      path: z.string().optional(),
      sha256: z.string(),
      critic: z.boolean(),
    })
    .optional(),
  /** The algorithm's complete options. */
  options: z.record(z.string(), z.unknown()),
  /** Those of them that change in the midst of the run, in the order of their steps. */
  changes: z.array(z.object({ atStep: z.int().min(0), options: z.record(z.string(), z.unknown()) })).optional(),
});

export type RunConfig = z.output<typeof form>;

/** What must stay the same for a checkpoint to fit: all but how far to go, and where the data lie. */
export function runIdentity({ steps: _, data, ...rest }: RunConfig) {
  return { ...rest, ...(data !== undefined && { data: data.sha256 }) };
}

export function writeConfig(folder: string, config: RunConfig): void {
  writeFileAtomic(pathsIn(folder).config, `${JSON.stringify(config, null, 2)}\n`);
}

/** @throws AscentError "file" when the folder holds no run. */
export function requireRun(folder: string): void {
  if (existsSync(pathsIn(folder).config)) return;
  throw new AscentError("file", {
    what: `There is no run to resume in ${folder}`,
    got: existsSync(folder) ? "a folder without config.json" : "no such folder",
    fix: "Give the run's folder with --out, or start a new run without --resume.",
  });
}

/** @throws AscentError "file" when config.json cannot be read, or is damaged. */
export function readConfig(folder: string): RunConfig {
  const path = pathsIn(folder).config;
  const parsed = form.safeParse(readJson(path));
  if (parsed.success) return parsed.data;
  throw new AscentError("file", {
    what: `${path} is not what a run was started with`,
    got: z.prettifyError(parsed.error).replaceAll("\n", " "),
    fix: "Restore it, or start a new run in another folder.",
  });
}

/** Options as stored: an option that is not there is unset, and must not be filled in by a preset. */
export function exactly(algorithmName: string, stored: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const names = Object.keys(algorithmNamed(algorithmName).options.shape);
  return { ...Object.fromEntries(names.map((name) => [name, undefined])), ...stored };
}
