/**
 * The one layout of the estimators: N trajectories one behind the other in flat arrays over steps, trajectory i in
 * offsets[i] … offsets[i + 1] − 1. Lengths may differ and nothing is padded. mdp/trajectories.ts makes data of this layout;
 * `episodesFromRollout` turns what a collector gathered ([time][environment]) into it.
 */

import { AscentError } from "../errors.ts";

export interface Episodes {
  /** [N + 1], from 0 to the number of steps, never falling. */
  readonly offsets: Int32Array;
  /** r_t [steps] */
  readonly rewards: ArrayLike<number>;
}

/** Numbers an estimator writes. */
export type Output = Float32Array | Float64Array;

export interface EpisodesFromRollout {
  /** [N + 1] */
  readonly offsets: Int32Array;
  /** Row (time × environments + environment) of each step [steps]: `gatherSteps` reads any rollout array by it. */
  readonly rows: Int32Array;
  /** 1 where the MDP ended the trajectory, 0 where it was cut: by its clock or by the end of the rollout [N]. */
  readonly terminated: Uint8Array;
  /** 1 where the trajectory has no end inside the rollout [N]: its return is not known without bootstrapping. */
  readonly unfinished: Uint8Array;
}

/**
 * Cuts [time][environment] flags into trajectories, environment by environment. If both flags are set, terminated wins.
 *
 * @param terminated, truncated 1 or 0 [steps × environments]
 */
export function episodesFromRollout(
  steps: number,
  environments: number,
  terminated: ArrayLike<number>,
  truncated: ArrayLike<number>,
): EpisodesFromRollout {
  const offsets = [0];
  const ends: number[] = [];
  const open: number[] = [];
  const rows = new Int32Array(steps * environments);
  let next = 0;
  for (let env = 0; env < environments; env++) {
    for (let t = 0; t < steps; t++) {
      const row = t * environments + env;
      rows[next++] = row;
      const ended = terminated[row] !== 0 || truncated[row] !== 0;
      if (!ended && t < steps - 1) continue;
      offsets.push(next);
      ends.push(terminated[row] !== 0 ? 1 : 0);
      open.push(ended ? 0 : 1);
    }
  }
  return {
    offsets: Int32Array.from(offsets),
    rows,
    terminated: Uint8Array.from(ends),
    unfinished: Uint8Array.from(open),
  };
}

/** out[k] = values[rows[k]]: a rollout's array in the order of the trajectories. */
export function gatherSteps(values: ArrayLike<number>, rows: Int32Array, out: Output): void {
  for (let k = 0; k < rows.length; k++) out[k] = values[rows[k]];
}

/** @throws AscentError "shape" unless an array over steps fits the offsets. */
export function requireSteps(what: string, offsets: Int32Array, values: ArrayLike<number>): void {
  const steps = offsets[offsets.length - 1];
  if (values.length === steps) return;
  throw new AscentError("shape", {
    what: `${what} does not fit the trajectories`,
    got: `${values.length} entries`,
    expected: `${steps}, one for each step`,
  });
}
