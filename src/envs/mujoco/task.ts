/**
 * What a task on a MuJoCo model is, as data: the model, how an episode starts, what is seen, and how a step is judged. Batches,
 * seeds, time limits and saved states are batch.ts, once for all tasks.
 */
import type { RandomStream } from "../../random/stream.ts";
import type { ModelFiles } from "./compile.ts";
import type { View } from "./drawing.ts";
import type { Physics } from "./physics.ts";

export interface MujocoTask {
  /** Name and version, such as "Balance-v0". */
  id: string;
  /** One line for lists. */
  summary?: string;
  /** The model as MJCF text. Every actuator needs a ctrlrange: actions are those. */
  model: string;
  /** Files that the model names, such as meshes. */
  files?: ModelFiles;
  /** Physics steps of one environment step; default 1. */
  frameSkip?: number;
  maxEpisodeSteps?: number;
  /** Mean return from which the task counts as solved. */
  rewardThreshold?: number;
  /** Whether observations or rewards read `cfrc_ext`. */
  contactForces?: boolean;
  /** Columns that `observe` writes. Default, with `observe`: qpos and qvel. */
  observationSize?: number;
  /** Writes an observation to out[at], out[at + 1], … */
  observe?(physics: Physics, out: Float64Array, at: number): void;
  /** An episode starts: changes qpos and qvel, which are the model's own (qpos0 and 0). Default: leaves them so. */
  start?(physics: Physics, random: RandomStream): void;
  /** Numbers that `remember` writes at an episode's start and after each step, for the judgement of the next one. */
  rememberSize?: number;
  remember?(physics: Physics, out: Float64Array): void;
  /** After a step: sets its reward, and whether the task ended with it. */
  judge(physics: Physics, step: Judgement): void;
  /** What is told of an episode's start. Sets numbers by name, as `judge` does in `step.info`. */
  describeStart?(physics: Physics, info: Record<string, number>): void;
  /** From where pictures are drawn; default the side, x to the right and z up. */
  view?: View;
}

/** A step to be judged. The same object at every step of one environment; reward 0 and not terminated until set. */
export interface Judgement {
  /** The action, float32: actions[from] to actions[from + count - 1]. */
  readonly actions: Float32Array;
  readonly from: number;
  readonly count: number;
  /** What `remember` wrote before the step. */
  readonly before: Float64Array;
  /** Seconds that a step takes. */
  readonly seconds: number;
  reward: number;
  terminated: boolean;
  /** Numbers about the step, such as parts of its reward. */
  readonly info: Record<string, number>;
}
