/**
 * The loss of one minibatch for the algorithms that climb a surrogate E[ρA] with a critic beside it: clipped (PPO), with a
 * KL penalty (PPO's other form, the Lagrangian of TRPO), or neither (A2C).
 */

import type { Distribution } from "../../distributions/distribution.ts";
import { clippedSurrogate } from "../../objectives/clippedSurrogate.ts";
import { klK3 } from "../../objectives/klEstimators.ts";
import { probabilityRatio } from "../../objectives/ratio.ts";
import { penalisedSurrogate, plainSurrogate } from "../../objectives/surrogate.ts";
import { clippedValueLoss, valueLoss } from "../../objectives/value.ts";
import type { ActorCritic } from "../../policies/actorCritic.ts";
import type { Minibatch } from "../../rollout/minibatch.ts";
import { input, label, type Tensor } from "../../tensor/graph.ts";
import { abs, add, greater, mul, neg, type Operand, sub } from "../../tensor/ops/elementwise.ts";
import { mean } from "../../tensor/ops/reduce.ts";
import { standardisedAdvantage } from "./advantage.ts";

export interface SurrogateLossOptions {
  objective?: "clip" | "penalty" | "none";
  normalizeAdvantage: boolean;
  clipRangeVf?: unknown;
  vfCoef: number;
}

/** What the loss is made of, and the figures of it that are logged: scalars. */
export interface SurrogateLoss {
  loss: Tensor;
  policyLoss: Tensor;
  valueLoss: Tensor;
  entropy: Tensor;
  approxKl: Tensor;
  clipFraction: Tensor;
}

/**
 * Reads the scalar inputs "clipRange", "entCoef", with those options "clipRangeVf" and, for a penalty, "klCoef".
 *
 * @param old the policy at the start of the update, on the same rows: needed for the penalty only.
 */
export function surrogateLoss(
  network: ActorCritic,
  batch: Omit<Minibatch, "bindings">,
  options: SurrogateLossOptions,
  old?: Distribution,
): SurrogateLoss {
  const clipRange = input("clipRange", []);
  const { memory } = batch;
  const distribution = network.distribution(batch.observations, { mask: batch.masks, memory });
  const logProb = label(distribution.logProb(batch.actions), "log-probability");
  const oldLogProb = batch.logProbs;
  const advantage = options.normalizeAdvantage ? standardisedAdvantage(batch.advantages) : batch.advantages;

  const ratios = { logProb, oldLogProb, advantage };
  const objective = surrogate(options.objective ?? "clip", ratios, clipRange, distribution, old);
  const value = label(network.value(batch.observations, memory), "value");
  const critic =
    options.clipRangeVf === undefined
      ? valueLoss(value, batch.targets)
      : clippedValueLoss(value, batch.values, batch.targets, input("clipRangeVf", []));
  const entropy = mean(distribution.entropy());
  const bonus = mul(entropy, input("entCoef", []));
  const ratio = probabilityRatio(logProb, oldLogProb);
  return {
    loss: label(sub(sub(mul(critic, options.vfCoef), objective), bonus), "loss"),
    policyLoss: neg(objective),
    valueLoss: critic,
    entropy,
    approxKl: klK3(logProb, oldLogProb),
    clipFraction: mean(greater(abs(add(ratio, -1)), clipRange)),
  };
}

function surrogate(
  objective: "clip" | "penalty" | "none",
  ratios: { logProb: Tensor; oldLogProb: Tensor; advantage: Tensor },
  clipRange: Operand,
  distribution: Distribution,
  old: Distribution | undefined,
): Tensor {
  if (objective === "clip") return clippedSurrogate(ratios, clipRange);
  if (objective === "none") return plainSurrogate(ratios);
  if (old === undefined) throw new Error("surrogateLoss: a penalty needs the old distribution");
  return penalisedSurrogate(ratios, mean(old.klDivergence(distribution)), input("klCoef", []));
}
