/** Advantages on a common scale, whatever the rewards' own, with what happens where there is none. */

import type { Tensor } from "../../tensor/graph.ts";
import { standardise } from "../../tensor/ops/reduce.ts";

/**
 * Standardised advantages [rows]; all 0 where they are equal: nothing is better than anything else. A single row has no
 * deviation to be measured by: it stays as it is.
 */
export function standardisedAdvantage(advantages: Tensor): Tensor {
  return advantages.shape[0] === 1 ? advantages : standardise(advantages);
}
