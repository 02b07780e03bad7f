/**
 * The environment contract for people: one environment, typed values, after Gymnasium. Training runs the batched form
 * (batched.ts); batchFromFactory.ts and singleFromBatched.ts adapt each to the other.
 */
import type { Scene } from "../scenes/scene.ts";
import type { Space } from "./spaces.ts";

/** Whatever else an environment has to tell. Adapters and batches hand it on; nothing in the library reads it. */
export type Info = Record<string, unknown>;

export interface ResetResult<Observation> {
  observation: Observation;
  info?: Info;
}

export interface StepResult<Observation> {
  observation: Observation;
  /** A finite number. */
  reward: number;
  /** The task itself ended here: no value follows. */
  terminated: boolean;
  /** The episode was cut off here (a time limit): a value would have followed. Both may be true. */
  truncated: boolean;
  info?: Info;
}

/** The two spaces of an environment, a policy or recorded episodes. */
export interface Spaces<ObservationSpace extends Space = Space, ActionSpace extends Space = Space> {
  readonly observationSpace: ObservationSpace;
  readonly actionSpace: ActionSpace;
}

export interface Environment<
  Observation = unknown,
  Action = unknown,
  ObservationSpace extends Space = Space,
  ActionSpace extends Space = Space,
> extends Spaces<ObservationSpace, ActionSpace> {
  /** Starts an episode. The same seed must give the same episode for the same actions; without one, go on as you were. */
  reset(options?: { seed?: number }): ResetResult<Observation>;
  /** One step. To be called after reset, and not after an episode's end. */
  step(action: Action): StepResult<Observation>;
  /**
   * For Discrete and MultiDiscrete actions, and those parts of a Dict: 1 where an action is allowed now, categories one
   * after the other.
   */
  actionMask?(): Uint8Array;
  /** Everything the future depends on, as JSON-able data; gives exact resume. */
  saveState?(): unknown;
  /** Puts back what saveState gave, also into an environment that was never reset. */
  loadState?(state: unknown): void;
  /**
   * The present state as a picture (`sceneToSvg` draws it); after an episode's end, the state it ended in. To be called after
   * reset. It changes nothing, and no training calls it.
   */
  scene?(): Scene;
  close?(): void;
}

export type EnvironmentFactory = () => Environment;
