/**
 * What is looked at beside a loss of groups, under TRL's names: how far the policy is from its reference, and which share of
 * the completions' tokens the clip holds back.
 */

import type { Tensor } from "../../tensor/graph.ts";
import { add, div, greater, less, max, min, mul, stopGradient, where } from "../../tensor/ops/elementwise.ts";
import { broadcastTo, reshape } from "../../tensor/ops/layout.ts";
import { maximum, mean, minimum, sum } from "../../tensor/ops/reduce.ts";
import { type GroupBatch, type GroupLossOptions, gammaWeight, hasClip, requireGroupBatch } from "./groupLoss.ts";
import { groupKlTerms, groupRatio } from "./groupRatio.ts";
import { masked, tokenCount } from "./sequences.ts";

/**
 * Scalars of the batch: `kl` where there is a KL term; of losses with a clip `clip_ratio/low_mean` (tokens of bad completions whose
 * ratio is below 1 − ε), `high_mean` (of good ones, above 1 + ε_high), `region_mean` (either), `low_min` and `high_max` (the least
 * and the largest share of a completion); of `cispo` `cispo_clip_ratio`, of `vespo` `vespo/phi_seq_mean`. With a ratio of whole
 * completions each of them counts once, however long.
 *
 * @throws AscentError as `groupLoss`.
 */
export function groupFigures(batch: GroupBatch, options: GroupLossOptions = {}): Record<string, Tensor> {
  requireGroupBatch("groupFigures", batch, options);
  const { loss = "dapo", ratio: level = "token", clipRange = 0.2, clipRangeHigh = clipRange } = options;
  const { mask } = batch;
  const { shape } = batch.logProb;
  const logProb = where(mask, batch.logProb, 0);
  const oldLogProb = stopGradient(where(mask, batch.oldLogProb ?? batch.logProb, 0));
  const ratio = groupRatio(logProb, oldLogProb, mask, level);
  const advantage = broadcastTo(reshape(batch.advantage, [shape[0], 1]), shape);
  const ofTokens = (x: Tensor) => div(sum(masked(x, mask)), max(sum(mask), 1));
  const ofRows = (x: Tensor) => div(sum(masked(x, mask), 1), tokenCount(mask));
  const overall = level === "token" ? ofTokens : (x: Tensor) => mean(ofRows(x));
  const figures: Record<string, Tensor> = {};
  if ((options.klCoefficient ?? 0) !== 0) {
    figures["kl"] = ofTokens(groupKlTerms(logProb, ratio, batch, options.klCorrection));
  }
  if (hasClip(loss)) {
    const held = options.ratioCap === undefined ? ratio : min(ratio, options.ratioCap);
    const low = mul(less(held, 1 - clipRange), less(advantage, 0));
    const high = mul(greater(held, 1 + clipRangeHigh), greater(advantage, 0));
    figures["clip_ratio/low_mean"] = overall(low);
    figures["clip_ratio/high_mean"] = overall(high);
    figures["clip_ratio/region_mean"] = overall(add(low, high));
    // A completion without tokens has no share: it is not the least.
    figures["clip_ratio/low_min"] = minimum(where(sum(mask, 1), ofRows(low), 1));
    figures["clip_ratio/high_max"] = maximum(ofRows(high));
  }
  if (loss === "cispo") {
    figures["cispo_clip_ratio"] = overall(mul(greater(ratio, clipRangeHigh), greater(advantage, 0)));
  }
  if (loss === "vespo") {
    figures["vespo/phi_seq_mean"] = mean(ofRows(gammaWeight(logProb, oldLogProb, mask, advantage, options)));
  }
  return figures;
}
