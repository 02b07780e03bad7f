/** From a task as data to what the registry, training and the commands take. */
import {
  aNumber,
  anything,
  type Check,
  callback,
  checkOptions,
  named,
  type OptionChecks,
  optional,
  text,
  trueOrFalse,
  wholeNumber,
} from "../../arguments/checks.ts";
import { AscentError } from "../../errors.ts";
import type { BatchedEnvironment, EnvironmentSpec } from "../batched.ts";
import { singleFromBatched } from "../singleFromBatched.ts";
import { MujocoBatch } from "./batch.ts";
import { prepareMujoco } from "./prepare.ts";
import type { MujocoTask } from "./task.ts";

const mjcf: Check = {
  expected: "MJCF, as text",
  fits: (x) => typeof x === "string" && x.includes("<mujoco"),
  fix: "Give the text itself, not its path: read the file first.",
};

const taskChecks: OptionChecks<MujocoTask> = {
  id: text,
  summary: optional(text),
  model: mjcf,
  files: optional({
    ...named("files as bytes, by name", (x) => x instanceof Uint8Array),
    fix: 'Give { "part.stl": bytes }, a Uint8Array each.',
  }),
  frameSkip: optional(wholeNumber(1)),
  maxEpisodeSteps: optional(wholeNumber(1)),
  rewardThreshold: optional(aNumber),
  contactForces: optional(trueOrFalse),
  observationSize: optional(wholeNumber(1)),
  observe: optional(callback),
  start: optional(callback),
  rememberSize: optional(wholeNumber(0)),
  remember: optional(callback),
  judge: callback,
  describeStart: optional(callback),
  view: optional(anything),
};

/**
 * An environment for registering and training, from a task: one of the eleven (`halfCheetah()` and so on) or one's own. What makes
 * environments of it must have the physics: training and the commands load it, other code awaits `prepareEnvironment(spec)`.
 *
 * @throws AscentError "option" for a task with a part missing, or of another kind.
 */
export function mujocoSpec(task: MujocoTask): EnvironmentSpec {
  checkOptions("mujocoSpec", taskChecks, task);
  return {
    id: task.id,
    summary: task.summary ?? "a model of MuJoCo",
    maxEpisodeSteps: task.maxEpisodeSteps,
    ...(task.rewardThreshold !== undefined && { rewardThreshold: task.rewardThreshold }),
    prepare: prepareMujoco,
    make: (count, firstIndex) => new MujocoBatch(task, count, firstIndex),
    makeSingle: () => singleFromBatched(new MujocoBatch(task, 1)),
    startFrom: (environment, initial) => startFrom(task.id, environment, initial),
  };
}

/** Environment 0 begins at the qpos and qvel of a recording. */
export function startFrom(
  id: string,
  environment: BatchedEnvironment,
  { qpos, qvel }: Readonly<Record<string, readonly number[]>>,
): void {
  if (qpos === undefined || qvel === undefined) {
    throw new AscentError("file", {
      what: `The recording does not say how its episode of ${id} began`,
      got: "no initial.qpos and initial.qvel",
      expected: "both",
      fix: "Record the environment's own state after reset with each episode: initial: { qpos: [...], qvel: [...] }.",
    });
  }
  (environment as MujocoBatch).startFrom(0, qpos, qvel);
}
