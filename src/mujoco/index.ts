/**
 * Tasks on MuJoCo models: the eleven of Gymnasium (v5) with their options, and environments from MJCF of one's own. An entry of its
 * own, because it names the optional package `@mujoco/mujoco`: bundlers take that along only where this is imported.
 */
import { anything, callback, checkOptions, type OptionChecks, optional } from "../arguments/checks.ts";
import { loadEngine, type MujocoPackage } from "../envs/mujoco/engine.ts";

export type { ModelFiles } from "../envs/mujoco/compile.ts";
export type { View } from "../envs/mujoco/drawing.ts";
export type { MujocoModel } from "../envs/mujoco/engine.ts";
export { models } from "../envs/mujoco/models/index.ts";
export type { Physics } from "../envs/mujoco/physics.ts";
export { mujocoSpec } from "../envs/mujoco/spec.ts";
export type { Judgement, MujocoTask } from "../envs/mujoco/task.ts";
export { type AntOptions, ant } from "../envs/mujoco/tasks/ant.ts";
export { type HalfCheetahOptions, halfCheetah } from "../envs/mujoco/tasks/halfCheetah.ts";
export {
  type HumanoidOptions,
  type HumanoidStandupOptions,
  humanoid,
  humanoidStandup,
} from "../envs/mujoco/tasks/humanoid.ts";
export {
  type InvertedDoublePendulumOptions,
  type InvertedPendulumOptions,
  invertedDoublePendulum,
  invertedPendulum,
} from "../envs/mujoco/tasks/pendulums.ts";
export { type PusherOptions, pusher } from "../envs/mujoco/tasks/pusher.ts";
export { type ReacherOptions, reacher } from "../envs/mujoco/tasks/reacher.ts";
export { type SwimmerOptions, swimmer } from "../envs/mujoco/tasks/swimmer.ts";
export { type HopperOptions, hopper, type Walker2dOptions, walker2d } from "../envs/mujoco/tasks/walkers.ts";

/** How the physics starts; what is not given here is found by the package itself. */
export interface LoadMujocoOptions {
  /** The bytes of mujoco.wasm. */
  wasmBinary?: ArrayBuffer | Uint8Array;
  /** Where the package's files lie: takes a file's name, gives its address. */
  locateFile?: (name: string, folder: string) => string;
}

const loadOptions: OptionChecks<LoadMujocoOptions> = { wasmBinary: optional(anything), locateFile: optional(callback) };

/**
 * Loads the physics, once a program; a second call costs nothing. Needed in pages that a bundler made, before anything else of
 * MuJoCo; in Node training and the commands load it by themselves.
 *
 * @throws AscentError "environment" with the line that installs the package, where it is missing.
 */
export async function loadMujoco(options: LoadMujocoOptions = {}): Promise<void> {
  checkOptions("loadMujoco", loadOptions, options);
  await loadEngine(() => import("@mujoco/mujoco") as Promise<MujocoPackage>, options);
}
