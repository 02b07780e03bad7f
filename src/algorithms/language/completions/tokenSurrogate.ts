/** PPO's loss on the tokens of completions: the clipped surrogate, the critic's loss and an entropy bonus, as means over tokens. */

import { clippedGains } from "../../../objectives/clippedSurrogate.ts";
import { k3Terms } from "../../../objectives/klEstimators.ts";
import { masked } from "../../../objectives/preferences/sequences.ts";
import { probabilityRatio } from "../../../objectives/ratio.ts";
import { clippedValueErrors } from "../../../objectives/value.ts";
import type { Tensor } from "../../../tensor/graph.ts";
import {
  add,
  div,
  greater,
  less,
  max,
  mul,
  neg,
  square,
  stopGradient,
  sub,
  where,
} from "../../../tensor/ops/elementwise.ts";
import { sum } from "../../../tensor/ops/reduce.ts";
import type { CompletionLoss, CompletionPart } from "./completionProgram.ts";
import type { ValueHead } from "./valueHead.ts";

export interface TokenSurrogateOptions {
  clipRange: number;
  clipRangeVf?: number;
  vfCoef: number;
  valueGradient: boolean;
  entCoef: number;
}

/** Asks for the tokens' numbers "old", "advantage", "target" and, with clipRangeVf, "oldValue". */
export function tokenSurrogate(critic: ValueHead, options: TokenSurrogateOptions) {
  const { clipRange, clipRangeVf, vfCoef, valueGradient, entCoef } = options;
  return (part: CompletionPart): CompletionLoss => {
    const { mask, entropy } = part;
    const advantage = part.token("advantage");
    const target = part.token("target");
    // Behind the mask 0 stands for whatever was there.
    const logProb = where(mask, part.logProb, 0);
    const old = part.token("old");
    const ratio = probabilityRatio(logProb, old);
    const [low, high] = [1 - clipRange, 1 + clipRange];
    // Of the whole update, so that parts add up.
    const overTokens = (x: Tensor) => div(sum(masked(x, mask)), max(part.scalar("totalTokens"), 1));
    const policyLoss = neg(overTokens(clippedGains(ratio, advantage, { low, high })));
    const value = critic.values(valueGradient ? part.states : stopGradient(part.states));
    const errors =
      clipRangeVf === undefined
        ? square(sub(value, target))
        : clippedValueErrors(value, part.token("oldValue"), target, clipRangeVf);
    const valueLoss = overTokens(errors);
    const bonus = mul(overTokens(entropy), entCoef);
    const clippedLow = mul(less(ratio, low), less(advantage, 0));
    const clippedHigh = mul(greater(ratio, high), greater(advantage, 0));
    // Figures are means over the part's own tokens.
    const own = (x: Tensor) => div(sum(masked(x, mask)), max(sum(mask), 1));
    return {
      loss: sub(add(policyLoss, mul(valueLoss, vfCoef)), bonus),
      figures: {
        "loss/policy_avg": neg(own(clippedGains(ratio, advantage, { low, high }))),
        "loss/value_avg": own(errors),
        "policy/approxkl_avg": own(k3Terms(sub(logProb, old))),
        "val/ratio": own(ratio),
        "clip_ratio/low_mean": own(clippedLow),
        "clip_ratio/high_mean": own(clippedHigh),
        "clip_ratio/region_mean": own(add(clippedLow, clippedHigh)),
      },
    };
  };
}
