/**
 * The clipped surrogate of PPO (Schulman et al. 2017, eq. 7; docs/theory.md, 22): E[min(ρA, clip(ρ, 1 − ε, 1 + ε) A)]. Positive
 * advantages stop paying above ρ = 1 + ε, negative ones below 1 − ε.
 */

import type { Tensor } from "../tensor/graph.ts";
import { label } from "../tensor/graph.ts";
import { add, clip, min, mul, type Operand, sub } from "../tensor/ops/elementwise.ts";
import { mean } from "../tensor/ops/reduce.ts";
import { probabilityRatio, type RatioInputs } from "./ratio.ts";

/** The objective, a scalar to be maximised. @param clipRange ε > 0. */
export function clippedSurrogate({ logProb, oldLogProb, advantage }: RatioInputs, clipRange: Operand): Tensor {
  const ratio = probabilityRatio(logProb, oldLogProb);
  const bounded = clip(ratio, sub(1, clipRange), add(1, clipRange));
  return label(mean(min(mul(ratio, advantage), mul(bounded, advantage))), "clipped surrogate");
}
