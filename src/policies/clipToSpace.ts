/** From what a policy sampled to what an environment accepts: Box actions are held within their bounds. */

import type { Space } from "../envs/spaces.ts";

/**
 * Writes rows of `actions` into `out`, each Box column clipped to [low, high]; other kinds are copied. What is stored for
 * learning stays unclipped: the log-probability is that of the sample.
 */
export function clipToSpace(space: Space, actions: Float32Array, out: Float32Array): void {
  if (space.kind !== "box") {
    out.set(actions);
    return;
  }
  const { low, high } = space;
  const size = low.length;
  for (let i = 0; i < actions.length; i++) {
    const j = i % size;
    out[i] = actions[i] < low[j] ? low[j] : actions[i] > high[j] ? high[j] : actions[i];
  }
}
