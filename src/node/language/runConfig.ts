/**
 * config.json of a run that trains a language model: everything it was started with, so that it can be continued bit for bit, or
 * started again elsewhere.
 */

import { z } from "zod";
import { AscentError } from "../../errors.ts";
import { languageAlgorithmNamed } from "../../training/language/languageAlgorithmNamed.ts";
import { writeFileAtomic } from "../atomic.ts";
import { readJson } from "../jsonFile.ts";
import { pathsIn } from "../runs/folder.ts";

const file = z.object({ path: z.string(), sha256: z.string() });

const form = z.object({
  algorithm: z.string(),
  /** Where the model came from: a folder with the SHA-256 of its weights, or a world whose preset began from nothing. */
  model: z.union([file, z.object({ world: z.string() })]),
  /** LoRA put beside it. */
  lora: z.object({ rank: z.int().min(1), alpha: z.number(), targets: z.array(z.string()) }).optional(),
  /** The world of text that rows, and rewards, come from. */
  world: z.string().optional(),
  /** Rows drawn from it. */
  worldRows: z.int().min(1).optional(),
  /** The file of rows, and the SHA-256 of its bytes. */
  data: file.optional(),
  /** The model held to, where it is one of its own. */
  reference: file.optional(),
  /** Samples the run goes on to. */
  steps: z.int().min(1),
  seed: z.int().min(0),
  kernels: z.enum(["simd", "fma"]),
  version: z.string(),
  /** The algorithm's complete options. */
  options: z.record(z.string(), z.unknown()),
});

export type LanguageRunConfig = z.output<typeof form>;

/** What must stay the same for a checkpoint to fit: all but how far to go, and where files lie. */
export function languageRunIdentity({ steps: _, ...config }: LanguageRunConfig) {
  const { model, data, reference, ...rest } = config;
  return {
    ...rest,
    model: "sha256" in model ? model.sha256 : model,
    ...(data && { data: data.sha256 }),
    ...(reference && { reference: reference.sha256 }),
  };
}

/** What a run is on, in a word: for titles. */
export function placeOf({ world, data }: Pick<LanguageRunConfig, "world" | "data">): string {
  return world ?? data?.path.split(/[\\/]/).at(-1) ?? "data";
}

export function writeLanguageConfig(folder: string, config: LanguageRunConfig): void {
  writeFileAtomic(pathsIn(folder).config, `${JSON.stringify(config, null, 2)}\n`);
}

/** @throws AscentError "file" when config.json cannot be read, is damaged, or of a run that trains something else. */
export function readLanguageConfig(folder: string): LanguageRunConfig {
  const path = pathsIn(folder).config;
  const parsed = form.safeParse(readJson(path));
  if (parsed.success) return parsed.data;
  throw new AscentError("file", {
    what: `${path} is not what a language model's run was started with`,
    got: z.prettifyError(parsed.error).replaceAll("\n", " "),
    fix: "Restore it, or start a new run in another folder.",
  });
}

/** Options as stored: an option that is not there is unset, and must not be filled in by a preset. */
export function exactLanguageOptions(
  algorithm: string,
  stored: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const names = Object.keys(languageAlgorithmNamed(algorithm).options.shape);
  return { ...Object.fromEntries(names.map((name) => [name, undefined])), ...stored };
}
