/**
 * The policy gradient as a pseudo-loss (Williams 1992; docs/theory.md, 3 and 5): one backward pass of −(1/N) Σ w log π(a|s),
 * with the weights held fixed, is the whole estimator. With every weight 1 it is behaviour cloning.
 */

import { above, checkArgument } from "../arguments/checks.ts";
import { label, requireTensors, type Tensor } from "../tensor/graph.ts";
import { mul, stopGradient } from "../tensor/ops/elementwise.ts";
import { sum } from "../tensor/ops/reduce.ts";

/**
 * @param logProb log π(a|s) [rows], differentiated.
 * @param weights what each score ∇log π is worth [rows]: a return, an advantage; no gradient flows through it.
 * @param trajectories N, the trajectories that the rows belong to; rows of padding have weight 0.
 */
export function pseudoLoss(logProb: Tensor, weights: Tensor, trajectories: number): Tensor {
  requireTensors("pseudoLoss", [logProb, weights]);
  checkArgument("pseudoLoss: trajectories", above(0), trajectories);
  return label(mul(sum(mul(logProb, stopGradient(weights))), -1 / trajectories), "pseudo-loss");
}
