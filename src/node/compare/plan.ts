/**
 * plan.json: what a comparison consists of. Written when it begins, so that it can be gone on with; only its seeds may then be
 * others.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { AscentError } from "../../errors.ts";
import { writeFileAtomic } from "../atomic.ts";
import { readJson } from "../jsonFile.ts";

/** Names inside the folder of a comparison; the runs lie in folders beside them. */
export const comparisonFiles = {
  plan: "plan.json",
  findings: "comparison.json",
  runs: "comparison.csv",
  table: "comparison.md",
  picture: "comparison.svg",
  /** Only while a process is at work in the folder. */
  lock: "compare.lock",
} as const;

const form = z.object({
  version: z.string(),
  variants: z.array(
    z.object({
      name: z.string(),
      algorithm: z.string(),
      options: z.record(z.string(), z.unknown()),
      /** Names of options that are set to nothing: back from a preset to the algorithm's own default. */
      unset: z.array(z.string()),
    }),
  ),
  environments: z.array(z.object({ id: z.string(), steps: z.int().min(1), threshold: z.number().optional() })),
  seeds: z.array(z.int().min(0)),
  evaluationEpisodes: z.int().min(1),
  kernels: z.enum(["auto", "simd", "fma"]),
  /** URLs of files that each process imports first. */
  imports: z.array(z.string()),
});

export type ComparisonPlan = z.output<typeof form>;
export type PlannedVariant = ComparisonPlan["variants"][number];
export type PlannedEnvironment = ComparisonPlan["environments"][number];

/** One training run of a comparison. */
export interface PlannedRun {
  variant: PlannedVariant;
  environment: PlannedEnvironment;
  seed: number;
  folder: string;
}

export function comparisonPaths(folder: string): Record<keyof typeof comparisonFiles, string> {
  const entries = Object.entries(comparisonFiles).map(([key, name]) => [key, join(folder, name)]);
  return Object.fromEntries(entries) as Record<keyof typeof comparisonFiles, string>;
}

/** A variant's name as the name of a folder. */
export function folderName(variant: string): string {
  return variant.replace(/[^\p{L}\p{N}.+=-]+/gu, "-").replace(/^[.-]+|[.-]+$/g, "") || "variant";
}

/** All runs, seed by seed: what has been compared is of all variants alike wherever it is stopped. */
export function runsOf(plan: ComparisonPlan, folder: string): PlannedRun[] {
  return plan.environments.flatMap((environment) =>
    plan.seeds.flatMap((seed) =>
      plan.variants.map((variant) => ({
        variant,
        environment,
        seed,
        folder: join(folder, folderName(variant.name), `${environment.id}-${seed}`),
      })),
    ),
  );
}

export function writePlan(folder: string, plan: ComparisonPlan): void {
  writeFileAtomic(comparisonPaths(folder).plan, `${JSON.stringify(plan, null, 2)}\n`);
}

/** @throws AscentError "file" when there is no comparison in the folder, or its plan is damaged. */
export function readPlan(folder: string): ComparisonPlan {
  const { plan: path } = comparisonPaths(folder);
  if (!existsSync(path)) {
    throw new AscentError("file", {
      what: `There is no comparison to go on with in ${folder}`,
      got: existsSync(folder) ? `a folder without ${comparisonFiles.plan}` : "no such folder",
      fix: "Give its folder with --out, or start it without --resume.",
    });
  }
  const parsed = form.safeParse(readJson(path));
  if (parsed.success) return parsed.data;
  throw new AscentError("file", {
    what: `${path} is not the plan of a comparison`,
    got: z.prettifyError(parsed.error).replaceAll("\n", " "),
    fix: "Restore it, or start a new comparison in another folder.",
  });
}
