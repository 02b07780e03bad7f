/** What is accepted as an observation: sensors may pass their stated range, indices must not. */

import { box, dict, type Space } from "../envs/spaces.ts";

const LARGEST_FLOAT = 3.4028234663852886e38;

/** The space with every Box, also within a Dict, as wide as float32. */
export function withoutBounds(space: Space): Space {
  if (space.kind === "dict") {
    return dict(Object.fromEntries(Object.entries(space.fields).map(([name, field]) => [name, withoutBounds(field)])));
  }
  return space.kind === "box" ? box({ shape: space.shape, low: -LARGEST_FLOAT, high: LARGEST_FLOAT }) : space;
}
