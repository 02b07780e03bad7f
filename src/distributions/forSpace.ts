/** The distribution that goes with an action space. */

import { describe, type Space } from "../envs/spaces.ts";
import { AscentError } from "../errors.ts";
import { bernoulliHead } from "./bernoulli.ts";
import { categoricalHead } from "./categorical.ts";
import type { DistributionHead } from "./distribution.ts";
import { type GaussianOptions, gaussianHead } from "./gaussian.ts";

export interface HeadOptions extends GaussianOptions {}

/**
 * Discrete → categorical, MultiDiscrete → independent categoricals, MultiBinary → Bernoulli, Box → Gaussian.
 *
 * @throws AscentError "space" for a space no head covers.
 */
export function headForSpace(space: Space, options: HeadOptions = {}): DistributionHead {
  switch (space.kind) {
    case "discrete":
      return categoricalHead([space.n], [space.start]);
    case "multiDiscrete":
      return categoricalHead(space.categories);
    case "multiBinary":
      return bernoulliHead(space.n);
    case "box":
      return gaussianHead(
        space.shape.reduce((a, b) => a * b, 1),
        options,
      );
    default:
      throw new AscentError("space", {
        what: "No policy for this action space",
        got: describe(space),
        expected: "Discrete, MultiDiscrete, MultiBinary or Box",
      });
  }
}
