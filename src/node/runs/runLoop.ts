/**
 * What every run with a folder does, whatever is trained: iterations with their figures, checkpoints now and then and at the end, one
 * process at a time. What is saved is the caller's.
 */

import type { Learner, Metrics } from "../../learners/learner.ts";
import type { Monitor } from "../../training/monitor/monitor.ts";
import type { TrainingWarning } from "../../training/monitor/warning.ts";
import { runLearner } from "../../training/train.ts";
import { RunRecorder, type Timing } from "./recorder.ts";

const CHECKPOINT_SECONDS = 30;
const CHECKPOINT_SHARE = 0.1;

export interface RunLoop<Kind extends Learner> {
  readonly out: string;
  readonly learner: Kind;
  /** That the run goes on to. */
  readonly steps: number;
  readonly resumeFromStep?: number;
  /** Steps between checkpoints; default: every 30 seconds or tenth of the run, whichever comes first. */
  readonly checkpointEvery?: number;
  readonly signal?: AbortSignal;
  readonly monitor?: Monitor;
  /** Writes all that is to be kept; a checkpoint last. */
  save(): void;
  onIteration?(metrics: Metrics, timing: Timing): void | Promise<void>;
  onCheckpoint?(steps: number): void;
  onWarning?(warning: TrainingWarning): void;
}

/** Runs until the steps are made, the learner has finished, or the signal says stop; everything is saved then. */
export async function runToEnd<Kind extends Learner>(
  loop: RunLoop<Kind>,
): Promise<{ stopped: boolean; wallSeconds: number }> {
  const { out, learner, steps, resumeFromStep, signal, monitor, onWarning } = loop;
  const recorder = new RunRecorder(out, resumeFromStep);
  const due = checkpointClock(loop.checkpointEvery, steps, learner.steps);
  let savedAt: number | undefined;
  const save = () => {
    if (savedAt === learner.steps) return;
    savedAt = learner.steps;
    recorder.flush();
    loop.save();
    loop.onCheckpoint?.(learner.steps);
  };
  try {
    const { stopped } = await runLearner<Metrics, Learner>(learner, steps, {
      ...(signal && { signal }),
      ...(onWarning && { onWarning: (warning) => onWarning(warning) }),
      ...(monitor && { monitor }),
      onIteration: (metrics) => {
        const timing = recorder.record(metrics, learner.times);
        const pending = loop.onIteration?.(metrics, timing);
        const saveWhenDue = () => {
          if (due(learner.steps)) save();
        };
        return pending === undefined ? saveWhenDue() : pending.then(saveWhenDue);
      },
    });
    const wallSeconds = Number(recorder.wallSeconds.toFixed(3));
    save();
    return { stopped, wallSeconds };
  } finally {
    recorder.close();
  }
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

/** Does the work, and gives the folder free whatever comes of it. */
export async function locked<T>(release: () => void, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    release();
  }
}
