/** The whole episodes that `Collector.collectEpisodes` left in a rollout, in the estimators' layout. */

import type { BootstrappedEpisodes } from "../estimators/bootstrapped.ts";
import type { Rollout } from "./rollout.ts";

export interface RolloutEpisodes extends BootstrappedEpisodes {
  /** Row of the rollout that each step came from [steps]. */
  readonly rows: Int32Array;
}

/**
 * @param lengths, cut as `collectEpisodes` wrote them.
 * @param bootstrap whether a cut-off episode is worth V behind its end; otherwise its return simply stops.
 */
export function episodesOfRollout(
  rollout: Rollout,
  lengths: Int32Array,
  cut: Uint8Array,
  gamma: number,
  bootstrap: boolean,
): RolloutEpisodes {
  const { environments } = rollout.shape;
  const { values: allValues } = rollout.views;
  const offsets = new Int32Array(environments + 1);
  for (let i = 0; i < environments; i++) offsets[i + 1] = offsets[i] + lengths[i];
  const steps = offsets[environments];
  const rows = new Int32Array(steps);
  const rewards = new Float64Array(steps);
  const values = new Float64Array(steps);
  const finalValues = new Float64Array(environments);
  const terminated = new Uint8Array(environments);
  for (let i = 0; i < environments; i++) {
    for (let t = 0; t < lengths[i]; t++) {
      const k = offsets[i] + t;
      const row = t * environments + i;
      rows[k] = row;
      rewards[k] = rollout.rewards[row];
      values[k] = allValues[row];
    }
    const last = (lengths[i] - 1) * environments + i;
    terminated[i] = cut[i] === 0 && rollout.terminated[last] !== 0 ? 1 : 0;
    if (terminated[i] === 1 || !bootstrap) continue;
    finalValues[i] = cut[i] === 1 ? rollout.lastValues[i] : rollout.finalValues[last];
  }
  return { offsets, rows, rewards, values, finalValues, terminated, gamma };
}
