/**
 * What one classic-control task is: its numbers and its equations over a flat float64 state. Nothing here knows of
 * batches, episodes or seeds: that is batch.ts, one body for all the tasks.
 */
import type { Scene } from "../../scenes/scene.ts";
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
   * One step of every environment: for i below count, the state of environment i (at state[i × stateSize]) under the
   * action actions[i] moves on, rewards[i] and terminated[i] (0 or 1) are written. The loop is here and not in the
   * shared body, because a call for each environment would neither be inlined nor keep numbers unboxed once the process
   * has run several tasks.
   */
  advance(
    state: Float64Array,
    actions: Float32Array,
    rewards: Float64Array,
    terminated: Uint8Array,
    count: number,
  ): void;
  /** Writes the observations of the environments from … to - 1 to their rows of out. */
  observe(state: Float64Array, out: Float32Array, from: number, to: number): void;
  /**
   * One state [stateSize] as a picture, with the action that led to it; undefined where an episode begins or a saved state was
   * put back.
   */
  scene?(state: Float64Array, action: number | undefined): Scene;
}
