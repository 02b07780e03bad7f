/** From what a policy sampled to what an environment accepts: Box actions are held within their bounds. */

import { flatSize, type Space } from "../envs/spaces.ts";

/** Bounds of each flat column; infinite where a column is no number of a Box. */
interface Bounds {
  low: Float64Array;
  high: Float64Array;
}

const known = new WeakMap<Space, Bounds>();

function boundsOf(space: Space): Bounds {
  const found = known.get(space);
  if (found !== undefined) return found;
  const size = flatSize(space);
  const bounds = { low: new Float64Array(size).fill(-Infinity), high: new Float64Array(size).fill(Infinity) };
  if (space.kind === "box") {
    bounds.low.set(space.low);
    bounds.high.set(space.high);
  } else if (space.kind === "dict") {
    let column = 0;
    for (const field of Object.values(space.fields)) {
      const own = boundsOf(field);
      bounds.low.set(own.low, column);
      bounds.high.set(own.high, column);
      column += own.low.length;
    }
  }
  known.set(space, bounds);
  return bounds;
}

/**
 * Writes rows of `actions` into `out`, each Box column (also within a Dict) clipped to [low, high]; other kinds are copied.
 * What is stored for learning stays unclipped: the log-probability is that of the sample.
 */
export function clipToSpace(space: Space, actions: Float32Array, out: Float32Array): void {
  const { low, high } = boundsOf(space);
  const size = low.length;
  for (let i = 0; i < actions.length; i++) {
    const j = i % size;
    out[i] = actions[i] < low[j] ? low[j] : actions[i] > high[j] ? high[j] : actions[i];
  }
}
