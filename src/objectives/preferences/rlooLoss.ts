/**
 * RLOO's loss (Ahmadian et al. 2024): PPO's clip on whole completions, whose ratio is that of the products of their tokens'
 * probabilities. The KL divergence is in the rewards, the baseline in the advantages (`leaveOneOutAdvantages`).
 */

import { checkArgument, notNegativeNumber, optional } from "../../arguments/checks.ts";
import { label, type Tensor } from "../../tensor/graph.ts";
import { add, greater, less, mul, neg, stopGradient } from "../../tensor/ops/elementwise.ts";
import { maximum, mean, minimum } from "../../tensor/ops/reduce.ts";
import { clippedSurrogate } from "../clippedSurrogate.ts";
import { probabilityRatio } from "../ratio.ts";
import { requireTensor, tensorsNamed } from "./checks.ts";
import { sequenceLogProb } from "./sequences.ts";

export interface RlooBatch {
  /** log π_θ of every token [rows, tokens], differentiated. */
  logProb: Tensor;
  /** log π of the policy that sampled them [rows, tokens]. Default: the policy itself, a ratio of 1 whose gradient is kept. */
  oldLogProb?: Tensor;
  /** One for each completion [rows]. */
  advantage: Tensor;
  /** 1 on the tokens of a completion, its end of sequence included, 0 behind it [rows, tokens]. */
  mask: Tensor;
}

/**
 * The loss, a scalar to be minimised.
 *
 * @param clipRange ε. Default 0.2.
 * @throws AscentError "shape" for tensors that do not fit, "option" for a negative ε.
 */
export function rlooLoss(batch: RlooBatch, clipRange = 0.2): Tensor {
  checkArgument("rlooLoss: clipRange", optional(notNegativeNumber), clipRange);
  const { logProb, oldLogProb } = sequencesOf("rlooLoss", batch);
  return label(neg(clippedSurrogate({ logProb, oldLogProb, advantage: batch.advantage }, clipRange)), "rloo loss");
}

/**
 * TRL's figures of the clip, of whole completions: which share of them is held back from below, from above, and either; the least and the
 * largest of the first two are 0 or 1.
 *
 * @throws as `rlooLoss`.
 */
export function rlooFigures(batch: RlooBatch, clipRange = 0.2): Record<string, Tensor> {
  checkArgument("rlooFigures: clipRange", optional(notNegativeNumber), clipRange);
  const { logProb, oldLogProb } = sequencesOf("rlooFigures", batch);
  const ratio = probabilityRatio(stopGradient(logProb), oldLogProb);
  const low = mul(less(ratio, 1 - clipRange), less(batch.advantage, 0));
  const high = mul(greater(ratio, 1 + clipRange), greater(batch.advantage, 0));
  return {
    "clip_ratio/low_mean": mean(low),
    "clip_ratio/high_mean": mean(high),
    "clip_ratio/region_mean": mean(add(low, high)),
    "clip_ratio/low_min": minimum(low),
    "clip_ratio/high_max": maximum(high),
  };
}

function sequencesOf(caller: string, batch: RlooBatch): { logProb: Tensor; oldLogProb: Tensor } {
  checkArgument(`${caller}: batch`, tensorsNamed("logProb", "advantage", "mask"), batch);
  const { mask, advantage } = batch;
  const logProb = sequenceLogProb(batch.logProb, mask);
  requireTensor(`${caller}: advantage`, advantage, logProb.shape);
  const old = batch.oldLogProb === undefined ? logProb : sequenceLogProb(batch.oldLogProb, mask);
  return { logProb, oldLogProb: stopGradient(old) };
}
