/**
 * The one layout of the estimators: N trajectories one behind the other in flat arrays over steps, trajectory i in
 * offsets[i] … offsets[i + 1] − 1. Lengths may differ and nothing is padded. mdp/trajectories.ts makes data of this layout;
 * `episodesFromRollout` turns what a collector gathered ([time][environment]) into it.
 */

import { checkArgument, floats, having, integers, numbers, wholeNumber } from "../arguments/checks.ts";
import { describeValue } from "../arguments/describeValue.ts";
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
  checkArgument("episodesFromRollout: steps", wholeNumber(1), steps);
  checkArgument("episodesFromRollout: environments", wholeNumber(1), environments);
  requireEntries("episodesFromRollout: terminated", terminated, steps * environments, "row");
  requireEntries("episodesFromRollout: truncated", truncated, steps * environments, "row");
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
  checkArgument("gatherSteps: values", numbers, values);
  checkArgument("gatherSteps: rows", integers, rows);
  requireOutput("gatherSteps", out, rows.length);
  for (let k = 0; k < rows.length; k++) out[k] = values[rows[k]];
}

/** @throws AscentError "shape" unless an array over steps fits the offsets. */
export function requireSteps(what: string, offsets: Int32Array, values: ArrayLike<number>): void {
  requireOffsets(what, offsets);
  requireEntries(what, values, offsets[offsets.length - 1], "step");
}

/** @throws AscentError "shape" unless an array over trajectories, where there is one, fits the offsets. */
export function requireTrajectories(what: string, offsets: Int32Array, values: ArrayLike<number> | undefined): void {
  requireOffsets(what, offsets);
  if (values !== undefined) requireEntries(what, values, offsets.length - 1, "trajectory");
}

/** @throws AscentError "shape" unless two arrays over the same steps are of one length. */
export function requireSameSteps(what: string, a: ArrayLike<number>, b: ArrayLike<number>): void {
  checkArgument(what, numbers, b);
  requireEntries(what, a, b.length, "step");
}

/**
 * Where an estimator writes. Longer ones are welcome: what lies behind is left as it is.
 *
 * @throws AscentError "shape" unless it is a float array of at least `count` entries.
 */
export function requireOutput(what: string, out: Output, count: number): void {
  checkArgument(`${what}: the output`, floats, out);
  if (out.length >= count) return;
  throw new AscentError("shape", {
    what: `${what}: the output is too short`,
    got: `${out.length} entries`,
    expected: `at least ${count}`,
    fix: "Give an array of one number for each that is written.",
  });
}

/** The same for an output of one number for each step. */
export function requireStepOutput(what: string, offsets: Int32Array, out: Output): void {
  requireOffsets(what, offsets);
  requireOutput(what, out, offsets[offsets.length - 1]);
}

/** @throws AscentError "shape" unless they begin with 0 and never fall. */
export function requireOffsets(what: string, offsets: Int32Array): void {
  checkArgument(`${what}: offsets`, integers, offsets);
  const falls = offsets.findIndex((offset, i) => (i === 0 ? offset !== 0 : offset < offsets[i - 1]));
  if (falls < 0 && offsets.length > 0) return;
  throw new AscentError("shape", {
    what: `${what}: the offsets do not cut steps into trajectories`,
    got: offsets.length === 0 ? "none" : `${offsets[falls]} at entry ${falls}`,
    expected: "numbers from 0 to the number of steps that never fall, one more than trajectories",
    fix: "Give those of episodesFromRollout, or count up the lengths from 0.",
  });
}

/** @throws AscentError "option" unless episodes are an object, whose arrays are then looked at. */
export function requireEpisodes(what: string, episodes: unknown): void {
  checkArgument(`${what}: episodes`, episodesCheck, episodes);
}

const episodesCheck = having("an object with offsets and rewards", "offsets", "rewards");

/** @throws AscentError "shape" */
export function requireEntries(what: string, values: ArrayLike<number>, count: number, of: string): void {
  checkArgument(what, numbers, values);
  if (values.length === count) return;
  throw new AscentError("shape", {
    what: `${what} are not as many as they should be`,
    got: `${values.length} entries`,
    expected: `${count}, one for each ${of}`,
    fix: "Take all arrays from the same batch.",
  });
}

/** @throws AscentError "option" unless a discount or a trace's decay lies in [0, 1]. */
export function requireShare(what: string, value: number): void {
  if (typeof value === "number" && value >= 0 && value <= 1) return;
  throw new AscentError("option", {
    what: `${what} is not usable`,
    got: describeValue(value),
    expected: "a number from 0 to 1",
    fix: "Give the share that is kept from one step to the next.",
  });
}
