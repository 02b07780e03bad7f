/**
 * Algorithms or settings compared over seeds: each run in a process of its own and in a run's folder of its own, several at a
 * time; then means with intervals, paired differences, and one picture. It can be stopped or killed at any moment and gone on
 * with. What the command `ascent compare` does, without the terminal.
 */
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { AscentError } from "../../errors.ts";
import { algorithmNamed } from "../../training/train.ts";
import { isTemporary, removeLeftovers, writeFileAtomic } from "../atomic.ts";
import { coresOfMachine, inTurns } from "../children/inTurns.ts";
import { trainInChild } from "../children/trainInChild.ts";
import type { TrainingJob } from "../children/trainMessages.ts";
import { fileError } from "../fileError.ts";
import { importAll } from "../imports.ts";
import { takeLock } from "../runs/lock.ts";
import type { RunFailure } from "./events.ts";
import { type EnvironmentFindings, findingsOf } from "./findings.ts";
import { comparisonSvg } from "./picture.ts";
import {
  type ComparisonPlan,
  comparisonFiles,
  comparisonPaths,
  type PlannedRun,
  readPlan,
  runsOf,
  writePlan,
} from "./plan.ts";
import { type CompareRequest, checkRequest, newPlan, optionsOf, resumedPlan } from "./request.ts";
import { type RunResult, readRunResult, stepsMade } from "./runResult.ts";
import { markdownOf, runsCsv } from "./tables.ts";

export interface Comparison {
  plan: ComparisonPlan;
  /** An entry for each environment, over the runs that are finished. */
  findings: EnvironmentFindings[];
  /** The finished runs, in the order of the plan. */
  runs: RunResult[];
  failures: RunFailure[];
  /** Whether the signal ended it early; no files are written then but those of the runs. */
  stopped: boolean;
}

/**
 * Runs every variant with every seed, the same seeds for all, and compares the evaluations at the end of the runs: of the most
 * probable actions, from start states that depend on the seed alone. Writes comparison.json, .csv, .md and .svg to the folder.
 *
 * A run that fails does not end the others: it is in `failures`, and tried again when the comparison is gone on with.
 *
 * @throws AscentError before a run is started for wrong variants, options, environments, seeds, or a folder in use.
 */
export async function compare(request: CompareRequest): Promise<Comparison> {
  checkRequest(request);
  const { out, resume } = request;
  if (resume) {
    readPlan(out);
    return locked(out, async () => {
      const stored = readPlan(out);
      await importAll(stored.imports);
      return comparePlanned(request, resumedPlan(request, stored));
    });
  }
  const plan = await newPlan(request);
  requireNew(out);
  try {
    mkdirSync(out, { recursive: true });
  } catch (error) {
    throw fileError("make the folder", out, error);
  }
  return locked(out, () => {
    requireNew(out);
    return comparePlanned(request, plan);
  });
}

async function locked<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const release = takeLock(comparisonPaths(folder).lock, `The comparison in ${folder}`);
  try {
    removeLeftovers(folder);
    return await work();
  } finally {
    release();
  }
}

/** @throws AscentError "file" when there is anything in the folder. */
function requireNew(folder: string): void {
  if (!existsSync(folder)) return;
  const names = readdirSync(folder).filter((name) => name !== comparisonFiles.lock && !isTemporary(name));
  if (names.length === 0) return;
  const isOne = names.includes(comparisonFiles.plan);
  throw new AscentError("file", {
    what: `The folder ${folder} ${isOne ? "already holds a comparison" : "is not empty"}`,
    fix: isOne ? "Go on with it with --resume, or choose another folder with --out." : "Choose another one with --out.",
  });
}

async function comparePlanned(request: CompareRequest, plan: ComparisonPlan): Promise<Comparison> {
  const { out, signal } = request;
  writePlan(out, plan);
  const runs = runsOf(plan, out);
  const open = runs.filter((run) => readRunResult(run) === undefined);
  const jobs = request.jobs ?? coresOfMachine();
  request.onStart?.({ plan, runs: runs.length, open: new Map(open.map((run) => [run, stepsMade(run)])), jobs });
  const failures: RunFailure[] = [];
  await inTurns(
    open,
    jobs,
    async (run) => {
      try {
        if (!(await trainPlanned(request, plan, run))) return;
        request.onRunEnd?.(run, readRunResult(run)!);
      } catch (error) {
        const failure = failureOf(run, error as Error);
        failures.push(failure);
        request.onRunEnd?.(run, failure);
      }
    },
    signal,
  );
  const results = runs.map(readRunResult).filter((result) => result !== undefined);
  const stopped = (signal?.aborted ?? false) && results.length + failures.length < runs.length;
  const comparison = { plan, findings: findingsOf(plan, results), runs: results, failures, stopped };
  if (!stopped) writeComparison(out, comparison);
  return comparison;
}

/** False when the signal stopped it. */
function trainPlanned(request: CompareRequest, plan: ComparisonPlan, run: PlannedRun): Promise<boolean> {
  const { variant, environment, seed, folder } = run;
  const job: TrainingJob = {
    run: {
      algorithm: algorithmNamed(variant.algorithm).name,
      environment: environment.id,
      steps: environment.steps,
      seed,
      options: optionsOf(variant),
      evaluationEpisodes: plan.evaluationEpisodes,
      kernels: plan.kernels,
      out: folder,
    },
    imports: plan.imports,
  };
  return trainInChild(job, {
    ...(request.signal && { signal: request.signal }),
    onProgress: (steps, episodeReturn) => request.onProgress?.(run, steps, episodeReturn),
    onWarning: (warning) => request.onWarning?.(run, warning),
  });
}

/** Names the run, which the child's own words do not. */
function failureOf({ variant, environment, seed }: PlannedRun, error: Error): RunFailure {
  const where = `${variant.name} on ${environment.id}, seed ${seed}`;
  const named =
    error instanceof AscentError
      ? new AscentError(error.code, { ...error.problem, what: `${where}: ${error.problem.what}` }, { cause: error })
      : new Error(`${where}: ${error.message}`, { cause: error });
  return { variant: variant.name, environment: environment.id, seed, error: named };
}

function writeComparison(folder: string, { plan, findings, runs, failures }: Comparison): void {
  const paths = comparisonPaths(folder);
  const told = {
    plan,
    findings,
    runs: runs.map(({ curve: _, ...run }) => run),
    failures: failures.map(({ error, ...run }) => ({ ...run, error: error.message })),
  };
  writeFileAtomic(paths.findings, `${JSON.stringify(told, null, 2)}\n`);
  writeFileAtomic(paths.runs, runsCsv(runs));
  writeFileAtomic(paths.table, markdownOf(plan, findings, comparisonFiles.picture));
  if (runs.length > 0) writeFileAtomic(paths.picture, comparisonSvg(plan, runs));
}
