/** The probability ratio ρ = π_θ(a|s) / π_old(a|s) that every surrogate is made of. */

import { label, type Tensor } from "../tensor/graph.ts";
import { exp, sub } from "../tensor/ops/elementwise.ts";

export interface RatioInputs {
  /** log π_θ(a|s) [rows], differentiated. */
  logProb: Tensor;
  /** log π_old(a|s) [rows], as stored when the action was taken. */
  oldLogProb: Tensor;
  /** [rows] */
  advantage: Tensor;
}

/** ρ [rows]. */
export function probabilityRatio(logProb: Tensor, oldLogProb: Tensor): Tensor {
  return label(exp(sub(logProb, oldLogProb)), "ratio");
}
