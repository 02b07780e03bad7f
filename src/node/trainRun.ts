/**
 * A training run with everything that needs a disk: a folder with the settings, the figures, checkpoints, the policy, the
 * learning curve and the evaluation. It can be stopped or killed at any moment and resumed bit for bit. What the command
 * `ascent train` does, without the terminal.
 */
import type { AlgorithmName } from "../algorithms/byName.ts";
import { encodeCheckpoint } from "../files/checkpoint.ts";
import type { PolicyLearner } from "../learners/learner.ts";
import { encodePolicy } from "../policies/description.ts";
import { createEngine, type KernelBuild } from "../tensor/index.ts";
import { type Evaluation, evaluatePolicy } from "../training/evaluate.ts";
import { Monitor } from "../training/monitor/monitor.ts";
import { factsOf } from "../training/train.ts";
import { removeFile, writeFileAtomic } from "./atomic.ts";
import { saveCheckpoint } from "./checkpoints.ts";
import { registerGymnasium } from "./gymnasium/gymnasiumEnvironment.ts";
import { importAll, importUrls } from "./imports.ts";
import { type RunConfig, requireRun, writeConfig } from "./runs/config.ts";
import { writeCurve } from "./runs/curve.ts";
import { claimFolder, lockFolder, pathsIn } from "./runs/folder.ts";
import { checkRequest, environmentOptionsOf, type RunRequest, type RunStart } from "./runs/request.ts";
import { locked, runToEnd } from "./runs/runLoop.ts";
import { checkpointOf, newStart, resumedStart, type StartingPoint } from "./runs/start.ts";

export type { RunRequest, RunStart };

/** summary.json. */
export interface RunSummary {
  algorithm: string;
  env: string;
  seed: number;
  steps: number;
  wallSeconds: number;
  stepsPerSecond: number;
  kernels: KernelBuild;
  version: string;
  evaluation: { episodes: number; mean: number; sd: number; min: number };
}

export interface RunOutcome {
  config: RunConfig;
  /** Steps made. */
  steps: number;
  /** Of the finished run; undefined when the signal stopped it. */
  summary?: RunSummary;
}

/**
 * Runs to the end, or until the signal.
 *
 * @throws AscentError before the folder is touched for wrong settings, for an environment whose state cannot be saved exactly,
 *   or when another process is at work there; later for a
 *   full disk or a number that is not finite: the last checkpoint then stands, and the run can be resumed from it.
 */
export async function trainRun<Name extends AlgorithmName>(given: RunRequest<Name>): Promise<RunOutcome> {
  checkRequest(given);
  registerGymnasium();
  const request: RunRequest = { ...given };
  await importAll(importUrls(request.imports ?? []));
  if (!request.resume) {
    const start = await newStart(request);
    return closing(start, async () => {
      requireSavable(start);
      return locked(claimFolder(request.out), () => runFrom(request, start));
    });
  }
  requireRun(request.out);
  return locked(lockFolder(request.out), async () => {
    const start = await resumedStart(request);
    return closing(start, async () => {
      requireSavable(start);
      return runFrom(request, start);
    });
  });
}

/** Saves once before anything is trained: a state that cannot be kept must not come out at the first checkpoint. */
function requireSavable({ created }: StartingPoint): void {
  created.learner.save();
}

async function closing<T>({ created }: StartingPoint, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    created.learner.close?.();
  }
}

async function runFrom(request: RunRequest, start: StartingPoint): Promise<RunOutcome> {
  const { config, created, refused, resumeFromStep } = start;
  const { learner } = created;
  // A run that starts from a policy needs that no more once its first checkpoint is there.
  if (config.init !== undefined && resumeFromStep === undefined) saveRun(request.out, config, learner);
  writeConfig(request.out, config);
  const at = resumeFromStep === undefined ? {} : { resumeFromStep };
  request.onStart?.({ config, refused, exactResume: learner.exactResume, ...at });

  const { stopped, wallSeconds } = await trainAndSave(request, start);
  await writeCurve(request.out, config);
  const { steps } = learner;
  const evaluated = stopped ? undefined : await evaluateRun(learner, config, request);
  if (evaluated === undefined) return { config, steps };

  const { episodes, mean, sd, min } = evaluated;
  const { algorithm, env, seed, kernels, version } = config;
  const stepsPerSecond = wallSeconds > 0 ? Math.round(steps / wallSeconds) : 0;
  const evaluation = { episodes, mean, sd, min };
  const summary = { algorithm, env, seed, steps, wallSeconds, stepsPerSecond, kernels, version, evaluation };
  await writeCurve(request.out, config, { steps, ...evaluation });
  writeFileAtomic(pathsIn(request.out).summary, `${JSON.stringify(summary, null, 2)}\n`);
  return { config, steps, summary };
}

/** The run itself: iterations with their figures, checkpoints now and then and at the end. */
function trainAndSave(request: RunRequest, { config, created, resumeFromStep }: StartingPoint) {
  const { learner } = created;
  const { out, signal, checkpointEvery, onWarning, onCheckpoint } = request;
  return runToEnd({
    ...{ out, learner, steps: config.steps },
    ...(resumeFromStep !== undefined && { resumeFromStep }),
    ...(checkpointEvery !== undefined && { checkpointEvery }),
    ...(signal && { signal }),
    ...(onWarning && { onWarning }),
    ...(onCheckpoint && { onCheckpoint }),
    ...(request.monitor !== false && { monitor: new Monitor(factsOf(config.algorithm, created)) }),
    save: () => saveRun(out, config, learner),
    onIteration: (metrics, timing) => request.onIteration?.(metrics, timing),
  });
}

/**
 * The policy first: a checkpoint says that everything up to its step is on the disk. The summary of an earlier end goes
 * before the policy that it was of.
 */
function saveRun(folder: string, config: RunConfig, learner: PolicyLearner): void {
  const paths = pathsIn(folder);
  removeFile(paths.summary);
  writeFileAtomic(paths.policy, encodePolicy(learner.policy()));
  saveCheckpoint(paths.checkpoints, learner.steps, encodeCheckpoint(checkpointOf(config, learner.save())));
}

/** Undefined when the signal ended it. */
async function evaluateRun(
  learner: PolicyLearner,
  config: RunConfig,
  request: RunRequest,
): Promise<Evaluation | undefined> {
  const { signal, evaluationEpisodes = 100, onEvaluate, onEvaluation } = request;
  onEvaluate?.();
  // An engine of its own: compiling more programs would move the learner's memory.
  const engine = await createEngine({ build: config.kernels });
  try {
    return await evaluatePolicy(learner.policy(), request.environment ?? config.env, {
      ...environmentOptionsOf(request, config),
      ...(signal && { signal }),
      onProgress: onEvaluation,
      episodes: evaluationEpisodes,
      seed: config.seed,
      engine,
    });
  } catch (error) {
    if (signal?.aborted) return undefined;
    throw error;
  }
}
