/**
 * The clipped surrogate of PPO (Schulman et al. 2017, eq. 7; docs/theory.md, 22): E[min(ρA, clip(ρ, 1 − ε, 1 + ε) A)]. Positive
 * advantages stop paying above ρ = 1 + ε, negative ones below 1 − ε.
 */

import type { Tensor } from "../tensor/graph.ts";
import { label } from "../tensor/graph.ts";
import { add, clip, min, mul, type Operand, sub } from "../tensor/ops/elementwise.ts";
import { mean } from "../tensor/ops/reduce.ts";
import { probabilityRatio, type RatioInputs, requireRatioInputs } from "./ratio.ts";

export interface ClipRange {
  /** The ratio below which a bad action stops costing, 1 − ε. */
  low: Operand;
  /** The ratio above which a good action stops paying, 1 + ε. */
  high: Operand;
  /** Beyond it a bad action stops costing too (a two-sided clip). Default: none, its cost grows without end. */
  cap?: Operand;
}

/** The objective, a scalar to be maximised. @param clipRange ε > 0. */
export function clippedSurrogate(inputs: RatioInputs, clipRange: Operand): Tensor {
  requireRatioInputs("clippedSurrogate", inputs);
  const { logProb, oldLogProb, advantage } = inputs;
  const ratio = probabilityRatio(logProb, oldLogProb);
  const range = { low: sub(1, clipRange), high: add(1, clipRange) };
  return label(mean(clippedGains(ratio, advantage, range)), "clipped surrogate");
}

/** min(ρA, clip(ρ, low, high) A) of every entry, not yet averaged; the two sides need not be equally wide. */
export function clippedGains(ratio: Tensor, advantage: Tensor, { low, high, cap }: ClipRange): Tensor {
  const held = cap === undefined ? ratio : min(ratio, cap);
  return min(mul(held, advantage), mul(clip(ratio, low, high), advantage));
}
