/**
 * The environment contract for speed: `count` environments stepped together over flat typed arrays that stay the same
 * objects for life. Episodes restart by themselves within the step they end in (SAME_STEP autoreset), and the
 * observation they ended on is kept, so no row of any array is ever a dummy.
 */
import type { Scene } from "../scenes/scene.ts";
import type { Environment, Info, Spaces } from "./environment.ts";
import type { Space } from "./spaces.ts";

export interface BatchedEnvironment {
  readonly id: string;
  readonly count: number;
  /** Of a slice of a larger batch: the number of its first environment there, by which seeds and errors go. Absent: 0. */
  readonly firstIndex?: number;
  readonly observationSpace: Space;
  readonly actionSpace: Space;
  /** flatSize of the observation space. */
  readonly observationSize: number;
  /** flatSize of the action space. */
  readonly actionSize: number;
  /** [count × observationSize]; where an episode just ended, the first observation of the next one. */
  readonly observations: Float32Array;
  /** [count × observationSize]; row i is valid when terminated[i] or truncated[i]: the observation the episode ended on. */
  readonly finalObservations: Float32Array;
  /**
   * The same numbers as `observations` and `finalObservations`, before they were rounded to float32: what normalisers read.
   * Absent where the environment has no more digits than those.
   */
  readonly exactObservations?: Float64Array;
  readonly exactFinalObservations?: Float64Array;
  /** [count] */
  readonly rewards: Float64Array;
  /** [count], 1 where the task ended. Both flags may be 1 on one step. */
  readonly terminated: Uint8Array;
  /** [count], 1 where the episode was cut off, as by a time limit. */
  readonly truncated: Uint8Array;
  /** [count × maskSize of the action space], 1 = allowed for the current observations; absent without masks. */
  readonly actionMasks?: Uint8Array;
  /**
   * [count]; what came with `observations`: the info of the last step, or of the reset within it. Not in saved states. It may be the
   * same object at every step: copy what is to be kept.
   */
  readonly infos?: readonly (Info | undefined)[];
  /** [count]; what came with `finalObservations`, where those are valid: the info of an episode's last step. */
  readonly finalInfos?: readonly (Info | undefined)[];
  /** Starts episode 0 of every environment; all that follows depends on the seed (integer ≥ 0) and the actions alone. */
  reset(seed: number): void;
  /** actions: [count × actionSize]; discrete actions as their integer values. */
  step(actions: Float32Array): void;
  /**
   * JSON-able. Holds what the future and `observations` depend on; rewards and flags of the last step are not kept. Of batches that
   * can be cut in slices: an object, whose arrays hold as much of every environment, one environment after the other.
   */
  saveState(): unknown;
  loadState(state: unknown): void;
  /** Whether loadState resumes bit for bit; false when wrapping a user's class without saveState and loadState. */
  readonly exactState: boolean;
  /** The present state of environment `index` as a picture: that of `observations`. Changes nothing. */
  scene?(index: number): Scene;
  /**
   * The state that environment `index` ended its last episode in: that of `finalObservations`, valid where those are. A batch of
   * a user's class keeps such states from the first call of `scene` on.
   */
  finalScene?(index: number): Scene;
  close?(): void;
}

/** What the registry knows of an environment. */
export interface EnvironmentSpec<Single extends Environment = Environment> {
  /** Name and version, such as "CartPole-v1". */
  id: string;
  maxEpisodeSteps: number | undefined;
  /** Mean return from which the task counts as solved. */
  rewardThreshold?: number;
  /**
   * Loads what making one needs and is not there at once, such as physics. `prepareEnvironment` awaits it, and so do training and
   * the commands; a second call costs nothing.
   */
  prepare?(): Promise<void>;
  /**
   * @param firstIndex the number that the first of them has: random streams are keyed by it, so that several slices are together
   *   what one batch would be. Worker threads need it; what heeds it says so in the batch's `firstIndex`.
   */
  make(count: number, firstIndex?: number): BatchedEnvironment;
  makeSingle(): Single;
  /** The spaces, where they are known without making one. */
  spaces?: Spaces;
  /** One line for lists. */
  summary: string;
  /**
   * What `startFrom` needs of an episode as it was recorded, where that is not its `initial`; undefined when the episode does not
   * say how it began.
   */
  recordedInitial?(episode: Readonly<Record<string, unknown>>): Record<string, number[]> | undefined;
  /** Puts environment 0 into the initial state of a golden recording; absent where recordings cannot be replayed. */
  startFrom?(environment: BatchedEnvironment, initial: Readonly<Record<string, readonly number[]>>): void;
}
