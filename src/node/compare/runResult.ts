/** What a finished run of a comparison came to, read from its folder: nothing is kept that is not on the disk. */
import { existsSync } from "node:fs";
import { z } from "zod";
import { AscentError } from "../../errors.ts";
import { readJson } from "../jsonFile.ts";
import { pathsIn } from "../runs/folder.ts";
import { readFigure } from "../runs/recorder.ts";
import type { PlannedRun } from "./plan.ts";

export interface RunResult {
  variant: string;
  environment: string;
  seed: number;
  /** Steps made: of the last iteration, so a little more than asked for. */
  steps: number;
  /** Mean return of the evaluation at the end, with the most probable actions. */
  evaluation: number;
  /** Sample deviation over its episodes, and the lowest of them. */
  evaluationSd: number;
  evaluationMin: number;
  evaluationEpisodes: number;
  /** Mean return of the last 100 training episodes at the end: sampled actions. NaN when none ended. */
  trainingReturn: number;
  /** Steps at which that first was at the threshold or above; undefined when it never was. */
  reachedAt?: number;
  wallSeconds: number;
  /** The run's folder. */
  folder: string;
  /** The training return over the steps. */
  curve: { x: number[]; y: number[] };
}

const summary = z.object({
  steps: z.number(),
  wallSeconds: z.number(),
  evaluation: z.object({ episodes: z.number(), mean: z.number(), sd: z.number(), min: z.number() }),
});

/** Undefined while the run is not finished. @throws AscentError "file" when its summary is damaged. */
export function readRunResult({ variant, environment, seed, folder }: PlannedRun): RunResult | undefined {
  const { summary: path } = pathsIn(folder);
  if (!existsSync(path)) return undefined;
  const parsed = summary.safeParse(readJson(path));
  if (!parsed.success) {
    throw new AscentError("file", {
      what: `${path} is not the summary of a run`,
      got: z.prettifyError(parsed.error).replaceAll("\n", " "),
      fix: "Remove it: the run then goes on from its last checkpoint.",
    });
  }
  const { steps, wallSeconds, evaluation } = parsed.data;
  const curve = readFigure(folder, "episodeReturn");
  const at = environment.threshold === undefined ? -1 : curve.y.findIndex((value) => value >= environment.threshold!);
  return {
    variant: variant.name,
    environment: environment.id,
    seed,
    steps,
    evaluation: evaluation.mean,
    evaluationSd: evaluation.sd,
    evaluationMin: evaluation.min,
    evaluationEpisodes: evaluation.episodes,
    trainingReturn: curve.y.findLast(Number.isFinite) ?? Number.NaN,
    ...(at >= 0 && { reachedAt: curve.x[at] }),
    wallSeconds,
    folder,
    curve,
  };
}

/** Steps that a begun run has made, as far as its figures tell. */
export function stepsMade({ folder }: PlannedRun): number {
  return readFigure(folder, "episodeReturn").x.at(-1) ?? 0;
}
