/** Finite bounds of a Box as graph constants, for distributions that live between them. */

import { type Box, describe } from "../envs/spaces.ts";
import { AscentError } from "../errors.ts";
import { log } from "../math/deterministic.ts";
import { constant, type Tensor } from "../tensor/graph.ts";
import { add, div, mul, sub } from "../tensor/ops/elementwise.ts";

export interface Interval {
  /** [rows, size] from the unit interval's 0…1 to low…high. */
  fromUnit(x: Tensor): Tensor;
  toUnit(action: Tensor): Tensor;
  /** Σ log(high − low): what the change of units adds to an entropy, and takes off a log-probability. */
  readonly logVolume: number;
}

/**
 * @param distribution for errors: the option's value.
 * @throws AscentError "space" when a bound is infinite or low = high.
 */
export function boxInterval(space: Box, distribution: string): Interval {
  const wrong = space.low.findIndex((low, i) => !(Number.isFinite(space.high[i] - low) && space.high[i] > low));
  if (wrong >= 0) {
    throw new AscentError("space", {
      what: `distribution: "${distribution}" needs finite bounds`,
      got: `element ${wrong} from ${space.low[wrong]} to ${space.high[wrong]} in ${describe(space)}`,
      expected: "finite low < high for every element",
      fix: 'Give the action space bounds, or use distribution: "gaussian".',
    });
  }
  const size = space.low.length;
  const low = constant(space.low, [size]);
  const range = constant(
    space.high.map((high, i) => high - space.low[i]),
    [size],
  );
  return {
    fromUnit: (x) => add(mul(x, range), low),
    toUnit: (action) => div(sub(action, low), range),
    logVolume: Array.from(range.attributes.values!, log).reduce((a, b) => a + b, 0),
  };
}
