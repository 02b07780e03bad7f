/**
 * A training run with everything that needs a disk: a folder with the settings, the figures, checkpoints, the policy, the
 * learning curve and the evaluation. It can be stopped or killed at any moment and resumed bit for bit. What the command
 * `ascent train` does, without the terminal.
 */
import { batchFromFactory, type EnvironmentSpec } from "../envs/index.ts";
import { encodeCheckpoint } from "../files/checkpoint.ts";
import { encodePolicy } from "../policies/description.ts";
import { createEngine, type KernelBuild } from "../tensor/index.ts";
import { type Evaluation, evaluatePolicy } from "../training/evaluate.ts";
import type { Learner, Metrics } from "../training/learner.ts";
import { runLearner, type TrainOptions } from "../training/train.ts";
import { writeFileAtomic } from "./atomic.ts";
import { type RefusedCheckpoint, saveCheckpoint } from "./checkpoints.ts";
import { type RunConfig, writeConfig } from "./runs/config.ts";
import { writeCurve } from "./runs/curve.ts";
import { evaluationSeed } from "./runs/evaluationSeed.ts";
import { claimFolder, pathsIn } from "./runs/folder.ts";
import { RunRecorder, type Timing } from "./runs/recorder.ts";
import { checkpointOf, newStart, resumedStart, type StartingPoint } from "./runs/start.ts";

export interface RunRequest {
  algorithm: string;
  /** May be left out on resume when it is a registered one. */
  environment?: TrainOptions["environment"];
  environmentOptions?: TrainOptions["environmentOptions"];
  /** A file of recorded episodes, for algorithms that learn from data; the environment may then be left out. */
  data?: string;
  /** As in TrainOptions; on resume those the run was started with. */
  steps?: number;
  /** The algorithm's options (seed among them); what is not given comes from the preset, then from the defaults. */
  options?: Readonly<Record<string, unknown>>;
  kernels?: KernelBuild | "auto";
  /** The run's folder: new or empty, and on resume the run's own. */
  out: string;
  resume?: boolean;
  /** Steps between checkpoints; default: every 30 seconds or tenth of the run, whichever comes first. */
  checkpointEvery?: number;
  /** Default 100. */
  evaluationEpisodes?: number;
  /** Ends the run after the iteration under way, everything saved. */
  signal?: AbortSignal;
  onStart?: (start: RunStart) => void;
  onIteration?: (metrics: Metrics, timing: Timing) => void;
  onCheckpoint?: (steps: number) => void;
}

export interface RunStart {
  config: RunConfig;
  /** Where a resumed run goes on from; undefined for a new run. */
  resumeFromStep?: number;
  /** Newer checkpoints that could not be loaded. */
  refused: readonly RefusedCheckpoint[];
  /** False with an environment that cannot save its state: a resumed run then starts new episodes. */
  exactResume: boolean;
}

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

const CHECKPOINT_SECONDS = 30;
const CHECKPOINT_SHARE = 0.1;

/**
 * Runs to the end, or until the signal.
 *
 * @throws AscentError before the folder is touched for wrong settings; later for a full disk or a number that is not
 *   finite: the last checkpoint then stands, and the run can be resumed from it.
 */
export async function trainRun(request: RunRequest): Promise<RunOutcome> {
  const start = request.resume ? await resumedStart(request) : await newStart(request);
  const { config, learner, refused, resumeFromStep } = start;
  if (!request.resume) claimFolder(request.out);
  writeConfig(request.out, config);
  const at = resumeFromStep === undefined ? {} : { resumeFromStep };
  request.onStart?.({ config, refused, exactResume: learner.exactResume, ...at });

  const { stopped, wallSeconds } = await trainAndSave(request, start);
  await writeCurve(request.out, config);
  if (stopped) return { config, steps: learner.steps };

  const { episodes, mean, sd, min } = await evaluateRun(learner, config, request);
  const { algorithm, env, seed, kernels, version } = config;
  const { steps } = learner;
  const stepsPerSecond = wallSeconds > 0 ? Math.round(steps / wallSeconds) : 0;
  const evaluation = { episodes, mean, sd, min };
  const summary = { algorithm, env, seed, steps, wallSeconds, stepsPerSecond, kernels, version, evaluation };
  writeFileAtomic(pathsIn(request.out).summary, `${JSON.stringify(summary, null, 2)}\n`);
  return { config, steps, summary };
}

/** The run itself: iterations with their figures, checkpoints now and then and at the end. */
async function trainAndSave(
  request: RunRequest,
  { config, learner, resumeFromStep }: StartingPoint,
): Promise<{ stopped: boolean; wallSeconds: number }> {
  const recorder = new RunRecorder(request.out, resumeFromStep);
  const due = checkpointClock(request.checkpointEvery, config.steps, learner.steps);
  let savedAt: number | undefined;
  const save = () => {
    if (savedAt === learner.steps) return;
    savedAt = learner.steps;
    recorder.flush();
    saveRun(request.out, config, learner);
    request.onCheckpoint?.(learner.steps);
  };
  try {
    const { stopped } = await runLearner(learner, config.steps, {
      ...(request.signal && { signal: request.signal }),
      onIteration: (metrics) => {
        const timing = recorder.record(metrics, learner.times);
        request.onIteration?.(metrics, timing);
        if (due(learner.steps)) save();
      },
    });
    const wallSeconds = Number(recorder.wallSeconds.toFixed(3));
    save();
    return { stopped, wallSeconds };
  } finally {
    recorder.close();
  }
}

/** The policy first: a checkpoint says that everything up to its step is on the disk. */
function saveRun(folder: string, config: RunConfig, learner: Learner): void {
  const paths = pathsIn(folder);
  writeFileAtomic(paths.policy, encodePolicy(learner.policy()));
  saveCheckpoint(paths.checkpoints, learner.steps, encodeCheckpoint(checkpointOf(config, learner.save())));
}

/** Says, iteration by iteration, whether a checkpoint is due. */
function checkpointClock(every: number | undefined, total: number, start: number): (steps: number) => boolean {
  let lastSteps = start;
  let lastTime = performance.now();
  return (steps) => {
    const now = performance.now();
    const moved = steps - lastSteps;
    const late = every === undefined && now - lastTime >= CHECKPOINT_SECONDS * 1000;
    if (!late && moved < (every ?? total * CHECKPOINT_SHARE)) return false;
    lastSteps = steps;
    lastTime = now;
    return true;
  };
}

async function evaluateRun(learner: Learner, config: RunConfig, request: RunRequest): Promise<Evaluation> {
  // An engine of its own: compiling more programs would move the learner's memory.
  const engine = await createEngine({ build: config.kernels });
  return evaluatePolicy(learner.policy(), evaluationSource(request, config), {
    episodes: request.evaluationEpisodes ?? 100,
    seed: evaluationSeed(config.seed),
    engine,
  });
}

/** A user's own environment keeps its time limit in evaluation. */
function evaluationSource(request: RunRequest, config: RunConfig): string | EnvironmentSpec {
  const { environment = config.env, environmentOptions } = request;
  if (typeof environment !== "function") return environment;
  return {
    id: config.env,
    summary: "",
    maxEpisodeSteps: environmentOptions?.maxEpisodeSteps,
    make: (count) => batchFromFactory(environment, count, environmentOptions),
    makeSingle: environment,
  };
}
