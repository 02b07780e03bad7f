/** Bounds of a Box as a change of units in the graph: for distributions that live between them, and for those that do not. */

import { type Box, describe } from "../envs/spaces.ts";
import { AscentError } from "../errors.ts";
import { log } from "../math/deterministic.ts";
import { constant, type Tensor } from "../tensor/graph.ts";
import { add, div, mul, sub } from "../tensor/ops/elementwise.ts";

/** Between a distribution's own units and the environment's, column by column. */
export interface Interval {
  /** [rows, size] from an interval such as 0…1 to low…high. */
  fromUnit(x: Tensor): Tensor;
  toUnit(action: Tensor): Tensor;
  /** Σ log(environment's units for one of its own): what the change adds to an entropy, and takes off a log-probability. */
  readonly logVolume: number;
}

/** From here on a bound stands for none, as float32's largest number often does: a few widths beyond, float32 ends. */
const LARGEST_HALF_WIDTH = 1e30;
/** Below it float32 has no ordinary numbers to divide by. */
const SMALLEST_HALF_WIDTH = 2 ** -126;

/**
 * Between 0…1 and low…high.
 *
 * @param distribution for errors: the option's value.
 * @throws AscentError "space" when a bound is infinite or low = high, in float32.
 */
export function boxInterval(space: Box, distribution: string): Interval {
  const wrong = space.low.findIndex((low, i) => {
    const range = Math.fround(space.high[i] - low);
    return !(Number.isFinite(range) && range > 0);
  });
  if (wrong >= 0) {
    throw new AscentError("space", {
      what: `distribution: "${distribution}" needs finite bounds`,
      got: `element ${wrong} from ${space.low[wrong]} to ${space.high[wrong]} in ${describe(space)}`,
      expected: "finite low < high for every element, no farther apart than float32 can say",
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

/**
 * Between −1…1 and low…high, for numbers that may also lie outside. A column without two finite bounds stays as it is; one
 * whose bounds are equal, or too near for float32, is only moved there.
 *
 * @returns undefined where nothing is to be changed.
 */
export function boxRescaling(space: Box): Interval | undefined {
  const size = space.low.length;
  const centres = new Array<number>(size).fill(0);
  const halfWidths = new Array<number>(size).fill(1);
  space.low.forEach((low, i) => {
    const halfWidth = Math.fround((space.high[i] - low) / 2);
    if (!(halfWidth <= LARGEST_HALF_WIDTH)) return;
    centres[i] = Math.fround((low + space.high[i]) / 2);
    if (halfWidth >= SMALLEST_HALF_WIDTH) halfWidths[i] = halfWidth;
  });
  if (centres.every((x) => x === 0) && halfWidths.every((x) => x === 1)) return undefined;
  const [centre, halfWidth] = [constant(centres, [size]), constant(halfWidths, [size])];
  return {
    fromUnit: (x) => add(mul(x, halfWidth), centre),
    toUnit: (action) => div(sub(action, centre), halfWidth),
    logVolume: halfWidths.reduce((total, x) => total + log(x), 0),
  };
}
