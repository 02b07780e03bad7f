/** Advantages on a common scale, whatever the rewards' own, with what happens where there is none. */

import type { Tensor } from "../../tensor/graph.ts";
import { sub } from "../../tensor/ops/elementwise.ts";
import { mean, standardise } from "../../tensor/ops/reduce.ts";

/**
 * Standardised advantages [rows]; all 0 where they are equal: nothing is better than anything else. The mean is taken off
 * twice: once leaves its rounding, which is all there is when advantages are equal, and dividing it by a deviation of its own
 * size would make it ±1. A single row has no deviation: it stays as it is.
 */
export function standardisedAdvantage(advantages: Tensor): Tensor {
  return advantages.shape[0] === 1 ? advantages : standardise(sub(advantages, mean(advantages)));
}
