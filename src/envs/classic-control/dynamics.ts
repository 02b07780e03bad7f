/**
 * What one classic-control task is: its numbers and its equations over a flat float64 state. Nothing here knows of
 * batches, episodes or seeds: that is batch.ts, one body for all the tasks.
 */
import type { Box, Space } from "../spaces.ts";

export interface Dynamics {
  readonly id: string;
  readonly summary: string;
  readonly maxEpisodeSteps: number;
  readonly rewardThreshold?: number;
  readonly observationSpace: Box;
  /** One column: Discrete, or a Box of one element. */
  readonly actionSpace: Space;
  /** The state starts uniform between these, element by element. */
  readonly initialLow: readonly number[];
  readonly initialHigh: readonly number[];
  /** Whether Gymnasium rounds the initial state to float32. */
  readonly initialSingle: boolean;
  /**
   * One step of the environment whose state starts at state[at] with the action actions[index]: moves the state, writes
   * rewards[index], returns whether the task ended. Numbers go through arrays, because passing or returning them as
   * arguments would allocate where the call is not inlined.
   */
  advance(state: Float64Array, at: number, actions: Float32Array, rewards: Float64Array, index: number): boolean;
  /** Writes the observation of the state at state[at] to out[to …]. */
  observe(state: Float64Array, at: number, out: Float32Array, to: number): void;
}
