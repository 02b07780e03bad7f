/**
 * Sample estimates of KL(π_old ‖ π_θ) from actions of π_old, with d = log π_θ(a|s) − log π_old(a|s) (Schulman 2020,
 * "Approximating KL divergence"): k1 = −d, unbiased and noisy; k2 = d²/2, biased, low variance; k3 = eᵈ − 1 − d, unbiased,
 * never negative. Means over the rows.
 */

import { requireTensors, type Tensor } from "../tensor/graph.ts";
import { expm1, mul, neg, square, sub } from "../tensor/ops/elementwise.ts";
import { mean } from "../tensor/ops/reduce.ts";

export function klK1(logProb: Tensor, oldLogProb: Tensor): Tensor {
  requireTensors("klK1", [logProb, oldLogProb]);
  return neg(mean(sub(logProb, oldLogProb)));
}

export function klK2(logProb: Tensor, oldLogProb: Tensor): Tensor {
  requireTensors("klK2", [logProb, oldLogProb]);
  return mul(mean(square(sub(logProb, oldLogProb))), 0.5);
}

export function klK3(logProb: Tensor, oldLogProb: Tensor): Tensor {
  requireTensors("klK3", [logProb, oldLogProb]);
  return mean(k3Terms(sub(logProb, oldLogProb)));
}

/** eᵈ − 1 − d of every entry, not yet averaged; expm1 keeps it from going below 0 by rounding. */
export function k3Terms(d: Tensor): Tensor {
  return sub(expm1(d), d);
}
