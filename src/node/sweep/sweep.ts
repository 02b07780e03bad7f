/**
 * A sweep over settings: trials, each with several seeds in several environments, every run in a process and a run's folder of
 * its own. It can be stopped or killed at any moment, gone on with and extended; the folder is all it knows. What the command
 * `ascent sweep` does, without the terminal.
 */
import { existsSync, mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import {
  anything,
  callback,
  checkOptions,
  listOf,
  type OptionChecks,
  optional,
  signal as signalCheck,
  text,
  trueOrFalse,
  wholeNumber,
} from "../../arguments/checks.ts";
import { AscentError } from "../../errors.ts";
import { SweepOrder, type SweepState, type Unit } from "../../sweeps/order.ts";
import { mostTrials } from "../../sweeps/samplers/sampler.ts";
import { bestTrial } from "../../sweeps/score.ts";
import { optionsOfTrial, parseSweep, type SweepFile } from "../../sweeps/sweepFile.ts";
import type { Trial } from "../../sweeps/trial.ts";
import type { TrainingWarning } from "../../training/monitor/warning.ts";
import { removeFile, removeLeftovers, writeFileAtomic } from "../atomic.ts";
import { coresOfMachine } from "../children/inTurns.ts";
import { isLasting } from "../children/lastingFailure.ts";
import { type JobEvents, trainInChild } from "../children/trainInChild.ts";
import type { TrainingJob } from "../children/trainMessages.ts";
import { fileError } from "../fileError.ts";
import { importAll } from "../imports.ts";
import { hostName } from "../processes.ts";
import { queueAddress } from "../queue/address.ts";
import { QueueDispatcher } from "../queue/dispatcher.ts";
import { takeLock } from "../runs/lock.ts";
import { packageVersion } from "../version.ts";
import { JournalFile } from "./journalFile.ts";
import { namesIn, noteFailure, outcomeReader } from "./outcomes.ts";
import { readPlan, type SweepPlan, sweepFiles, sweepPaths, unitFolder, writePlan } from "./plan.ts";
import { bestOptions, sweepCsv, sweepMarkdown } from "./tables.ts";

export interface SweepEvents {
  /** `queue`: where its runs are given out, without password; `notes`: what should be otherwise there. */
  onStart?: (start: {
    plan: SweepPlan;
    trials: readonly Trial[];
    jobs: number;
    queue?: string;
    notes: readonly string[];
  }) => void;
  /** Some times a second: a run has reached these steps. */
  onProgress?: (unit: Unit, steps: number) => void;
  onWarning?: (unit: Unit, warning: TrainingWarning) => void;
  /** A run has ended, well or not; the trials as they stand. */
  onRunEnd?: (unit: Unit, trials: readonly Trial[], error?: Error) => void;
}

export interface SweepRequest extends SweepEvents {
  /** What to sweep, as in a sweep's file; left out on resume. */
  sweep?: SweepFile;
  /** On resume: so many trials in place of as many as it has. */
  trials?: number;
  /** Files that every process imports first, such as one that calls `registerEnvironment` for an environment of yours. */
  imports?: readonly string[];
  /** The folder of the sweep: new or empty, on resume its own. */
  out: string;
  resume?: boolean;
  /** Runs at a time: processes, by default as many as the machine has cores; of a queue, runs given out. They change nothing but the time. */
  jobs?: number;
  /** The address of a Redis or Valkey server: runs are given out there, to workers on any machine (`runWorker`). */
  queue?: string;
  /** Ends it with everything saved. */
  signal?: AbortSignal;
}

const checks: OptionChecks<SweepRequest> = {
  sweep: optional(anything),
  trials: optional(wholeNumber(1)),
  imports: optional(listOf(text, "a list of files")),
  out: text,
  resume: optional(trueOrFalse),
  jobs: optional(wholeNumber(1)),
  queue: optional(text),
  signal: optional(signalCheck),
  onStart: optional(callback),
  onProgress: optional(callback),
  onWarning: optional(callback),
  onRunEnd: optional(callback),
};

export interface SweepResult {
  plan: SweepPlan;
  trials: Trial[];
  /** The complete trial of the highest score. */
  best?: Trial;
  /** Its settings with the fixed ones, for `train`. */
  bestOptions?: Record<string, unknown>;
  /** Runs that could not be done for a reason that may pass; tried again when the sweep is gone on with. */
  failures: { unit: Unit; error: Error }[];
  /** Whether the signal ended it early. */
  stopped: boolean;
}

/**
 * Runs the sweep to its end, or until the signal. Writes sweep.json, results.json, .md and .csv, best.json and optuna.log.
 *
 * @throws AscentError before a run is started for a sweep that cannot be run, or a folder in use.
 */
export async function runSweep(request: SweepRequest): Promise<SweepResult> {
  checkOptions("sweep", checks, request);
  const { out, resume } = request;
  if (resume) {
    readPlan(out);
    return locked(out, async () => sweepPlanned(request, await resumedPlan(request)));
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
    return sweepPlanned(request, plan);
  });
}

async function newPlan({ sweep, trials, imports = [] }: SweepRequest): Promise<SweepPlan> {
  if (sweep === undefined) {
    throw new AscentError("option", {
      what: "There is nothing to sweep",
      fix: "Give the sweep, or go on with one: --resume.",
    });
  }
  const urls = imports.map((file) => (file.startsWith("file:") ? file : pathToFileURL(file).href));
  await importAll(urls);
  return { version: packageVersion(), imports: urls, sweep: parseSweep({ ...sweep, ...(trials && { trials }) }) };
}

async function resumedPlan({ out, sweep, trials }: SweepRequest): Promise<SweepPlan> {
  const stored = readPlan(out);
  await importAll(stored.imports);
  if (sweep !== undefined) {
    const wanted = JSON.stringify({ ...parseSweep(sweep), trials: 0 });
    if (wanted !== JSON.stringify({ ...stored.sweep, trials: 0 })) {
      throw new AscentError("option", {
        what: "A sweep that goes on cannot change anything but its number of trials",
        got: `another sweep than the one in ${out}`,
        fix: "Start a new sweep in another folder, or go on with --out and --resume alone.",
      });
    }
  }
  const count = trials ?? sweep?.trials ?? stored.sweep.trials;
  const most = mostTrials(stored.sweep.sampler, stored.sweep.space);
  return { ...stored, sweep: { ...stored.sweep, trials: Math.min(count, most) } };
}

async function locked<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const release = takeLock(sweepPaths(folder).lock, `The sweep in ${folder}`);
  try {
    removeLeftovers(folder);
    return await work();
  } finally {
    release();
  }
}

/** @throws AscentError "file" when there is anything in the folder. */
function requireNew(folder: string): void {
  const names = namesIn(folder, sweepFiles.lock);
  if (names.length === 0) return;
  const isOne = names.includes(sweepFiles.plan);
  throw new AscentError("file", {
    what: `The folder ${folder} ${isOne ? "already holds a sweep" : "is not empty"}`,
    fix: isOne ? "Go on with it with --resume, or choose another folder with --out." : "Choose another one with --out.",
  });
}

/** More runs than there will be workers: a queue that is never empty, and never long. */
const GIVEN_OUT = 256;

async function sweepPlanned(request: SweepRequest, plan: SweepPlan): Promise<SweepResult> {
  if (request.queue === undefined || request.signal?.aborted) {
    return sweepWith(request, plan, { run: trainInChild, jobs: coresOfMachine(), notes: [] });
  }
  const address = queueAddress(request.queue);
  const dispatcher = await QueueDispatcher.open(`${hostName()}:${resolve(request.out)}`, address);
  try {
    const run = dispatcher.run.bind(dispatcher);
    return await sweepWith(request, plan, { run, jobs: GIVEN_OUT, notes: dispatcher.notes, queue: address.shown });
  } finally {
    await dispatcher.close();
  }
}

/** What does training runs. */
interface Runner {
  run(job: TrainingJob, events: JobEvents): Promise<boolean>;
  /** Runs at a time, unless the request says. */
  jobs: number;
  queue?: string;
  notes: readonly string[];
}

async function sweepWith(request: SweepRequest, plan: SweepPlan, runner: Runner): Promise<SweepResult> {
  const { out, signal } = request;
  writePlan(out, plan);
  const order = new SweepOrder({
    ...plan.sweep,
    seeds: plan.sweep.seeds.length,
  });
  const outcomeOf = outcomeReader(out, plan);
  const journal = new JournalFile(out, plan);
  const failures: SweepResult["failures"] = [];
  const look = (): SweepState => {
    const state = order.state(outcomeOf);
    journal.update(state.trials);
    return state;
  };
  let state = look();
  const jobs = request.jobs ?? runner.jobs;
  const { queue, notes } = runner;
  request.onStart?.({ plan, trials: state.trials, jobs, notes, ...(queue !== undefined && { queue }) });

  const underWay = new Map<string, Promise<void>>();
  const given = new Set<string>();
  const begin = (unit: Unit) => {
    const key = keyOf(unit);
    given.add(key);
    const work = runUnit(request, plan, unit, state.trials[unit.trial], runner).then(
      (finished) => {
        state = look();
        if (finished) request.onRunEnd?.(unit, state.trials);
      },
      (error: Error) => {
        if (isLasting(error)) noteFailure(out, plan, unit, error);
        else failures.push({ unit, error });
        state = look();
        request.onRunEnd?.(unit, state.trials, error);
      },
    );
    underWay.set(
      key,
      work.finally(() => underWay.delete(key)),
    );
  };
  while (!state.done) {
    if (!signal?.aborted) {
      for (const unit of state.open) {
        if (underWay.size >= jobs) break;
        if (!given.has(keyOf(unit))) begin(unit);
      }
    }
    if (underWay.size === 0) break;
    await Promise.race(underWay.values());
  }
  const { trials } = state;
  const best = bestTrial(trials);
  writeResults(out, plan, trials, best);
  return {
    plan,
    trials,
    ...(best && { best, bestOptions: bestOptions(plan, best) }),
    failures,
    stopped: !state.done && failures.length === 0,
  };
}

function runUnit(request: SweepRequest, plan: SweepPlan, unit: Unit, trial: Trial, runner: Runner): Promise<boolean> {
  const { sweep, imports } = plan;
  const { id, steps } = sweep.environments[unit.environment];
  const job: TrainingJob = {
    run: {
      algorithm: sweep.algorithm,
      environment: id,
      steps,
      seed: sweep.seeds[unit.seed],
      options: optionsOfTrial(sweep, trial.settings),
      evaluationEpisodes: sweep.evaluationEpisodes,
      kernels: sweep.kernels,
      out: unitFolder(request.out, plan, unit),
    },
    imports,
  };
  return runner.run(job, {
    ...(request.signal && { signal: request.signal }),
    onProgress: (made) => request.onProgress?.(unit, made),
    onWarning: (warning) => request.onWarning?.(unit, warning),
  });
}

function keyOf({ trial, seed, environment }: Unit): string {
  return `${trial}/${seed}/${environment}`;
}

/** Steps of the runs that are done or not needed any more, and of all runs that there can be. */
export function settledSteps({ sweep }: SweepPlan, trials: readonly Trial[]): { settled: number; total: number } {
  const each = sweep.environments.reduce((sum, { steps }) => sum + steps, 0);
  const seeds = trials.reduce(
    (sum, { state, scores }) => sum + (state === "running" ? scores.length : sweep.seeds.length),
    0,
  );
  return { settled: each * seeds, total: each * sweep.seeds.length * sweep.trials };
}

function writeResults(folder: string, plan: SweepPlan, trials: readonly Trial[], best: Trial | undefined): void {
  const paths = sweepPaths(folder);
  writeFileAtomic(paths.results, `${JSON.stringify({ plan, best: best?.number, trials }, null, 2)}\n`);
  writeFileAtomic(paths.runs, sweepCsv(plan, trials));
  writeFileAtomic(paths.table, sweepMarkdown(plan, trials));
  if (best !== undefined) writeFileAtomic(paths.best, `${JSON.stringify(bestOptions(plan, best), null, 2)}\n`);
  else if (existsSync(paths.best)) removeFile(paths.best);
}
