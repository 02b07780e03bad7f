/**
 * KTO (Ethayarajh et al. 2024): completions that are good or bad each by itself, no pairs. With the reference point at 0
 * it is APO-zero for single completions.
 */

import { checkArgument, checkOptions, notNegativeNumber, optional, positiveNumber } from "../../arguments/checks.ts";
import { label, type Tensor } from "../../tensor/graph.ts";
import { max, mul, neg, type Operand, sigmoid, stopGradient, sub, where } from "../../tensor/ops/elementwise.ts";
import { mean } from "../../tensor/ops/reduce.ts";
import { operand, requireTensor, tensorsNamed } from "./checks.ts";

export interface LabelledCompletions {
  /** log π_θ(y|x) [rows], differentiated. */
  logProb: Tensor;
  /** log π_ref(y|x) [rows] */
  referenceLogProb: Tensor;
  /** 1 where a completion is desirable, 0 where it is not [rows]. All of one kind is allowed. */
  desirable: Tensor;
  /** z₀, what `ktoReferencePoint` gives; 0 makes it APO-zero. No gradient flows through it. Default 0. */
  referencePoint?: Operand;
}

export interface KtoOptions {
  /** β. Default 0.1. */
  beta?: number;
  /** λ_D. Default 1. */
  desirableWeight?: number;
  /** λ_U. Default 1. */
  undesirableWeight?: number;
}

const checks = {
  beta: optional(positiveNumber),
  desirableWeight: optional(notNegativeNumber),
  undesirableWeight: optional(notNegativeNumber),
};

/**
 * E[λ (1 − σ(±β (l − z₀)))] with l = log π − log π_ref, + for desirable completions: λ/2 where policy and reference agree.
 *
 * @throws AscentError "option" for options that are unknown or out of range, "shape" for tensors that do not fit.
 */
export function ktoLoss(completions: LabelledCompletions, options: KtoOptions = {}): Tensor {
  checkOptions("ktoLoss", checks, options);
  checkArgument("ktoLoss: completions", tensorsNamed("logProb", "referenceLogProb", "desirable"), completions);
  const { logProb, referenceLogProb, desirable, referencePoint = 0 } = completions;
  requireTensor("ktoLoss: logProb", logProb, ["rows"]);
  requireTensor("ktoLoss: referenceLogProb", referenceLogProb, logProb.shape);
  requireTensor("ktoLoss: desirable", desirable, logProb.shape);
  checkArgument("ktoLoss: referencePoint", operand, referencePoint);
  const { beta = 0.1, desirableWeight = 1, undesirableWeight = 1 } = options;
  const point = typeof referencePoint === "number" ? referencePoint : stopGradient(referencePoint);
  const gain = mul(sub(sub(logProb, stopGradient(referenceLogProb)), point), beta);
  const unhappy = where(desirable, mul(sigmoid(neg(gain)), desirableWeight), mul(sigmoid(gain), undesirableWeight));
  return label(mean(unhappy), "KTO loss");
}

/**
 * z₀ = max(0, mean(log π − log π_ref)) over prompts with completions of other prompts (`mismatchedRows`): an estimate of
 * KL(π ‖ π_ref), from 0 on as the divergence is, and fixed for the gradient.
 *
 * @param logProb log π_θ(y_other|x) [rows]
 * @param referenceLogProb log π_ref(y_other|x) [rows]
 * @throws AscentError "shape" for tensors that do not fit.
 */
export function ktoReferencePoint(logProb: Tensor, referenceLogProb: Tensor): Tensor {
  requireTensor("ktoReferencePoint: logProb", logProb, ["rows"]);
  requireTensor("ktoReferencePoint: referenceLogProb", referenceLogProb, logProb.shape);
  return label(stopGradient(max(mean(sub(logProb, referenceLogProb)), 0)), "KTO reference point");
}
