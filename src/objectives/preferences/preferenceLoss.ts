/**
 * The loss of the DPO family (docs/theory.md, 27): one function, and the loss as data. Which of them, with what weights, of
 * which scores, with or without a reference, for each token or each sequence are settings; pairLosses.ts has the losses,
 * referenceFree.ts the settings that make CPO, SimPO, AlphaPO and ORPO.
 */

import {
  checkArgument,
  checkOptions,
  finiteNumber,
  optional,
  positiveNumber,
  share,
  trueOrFalse,
} from "../../arguments/checks.ts";
import { describeValue } from "../../arguments/describeValue.ts";
import { AscentError } from "../../errors.ts";
import { constant, label, type Tensor } from "../../tensor/graph.ts";
import { add, div, max, mul, type Operand, stopGradient, sub } from "../../tensor/ops/elementwise.ts";
import { broadcastTo } from "../../tensor/ops/layout.ts";
import { mean } from "../../tensor/ops/reduce.ts";
import { operand, requireTensor, tensorsNamed } from "./checks.ts";
import { LOSS_NAMES, type Pair, type PairLoss, type PairLossName, pairLosses, type Side } from "./pairLosses.ts";
import { aScore, type Score, scoreOf } from "./scores.ts";
import { negativeLogLikelihood } from "./sequences.ts";

/** A completion of every pair. */
export interface CompletionLogProbs {
  /** log π_θ(y|x), summed over the completion's tokens [pairs], differentiated. */
  logProb: Tensor;
  /** log π_ref(y|x) [pairs]; no gradient flows through it. Left out by losses without a reference. */
  referenceLogProb?: Tensor;
  /** Tokens of the completion [pairs]; for `ipo`, `sigmoid_norm`, `sft` and `average`. */
  length?: Tensor;
}

export interface PreferencePairs {
  chosen: CompletionLogProbs;
  rejected: CompletionLogProbs;
  /** What `sft` minimises instead of the mean over the chosen completions' tokens, a scalar: ORPO has the prompt in it. */
  negativeLogLikelihood?: Tensor;
  /** What each pair's loss counts [pairs] (WPO, Zhou et al. 2024, eq. 2); no gradient flows through it. Default 1. */
  weight?: Tensor;
}

export interface WeightedLoss {
  loss: PairLossName;
  weight: number;
}

export interface PreferenceLossOptions {
  /** One loss, or several with their weights (MPO, Wang et al. 2024: sigmoid 0.8, bco_pair 0.2, sft 1). Default "sigmoid". */
  loss?: PairLossName | readonly WeightedLoss[];
  /** β > 0: how strongly the policy is held to the reference. Default 0.1. */
  beta?: number;
  /**
   * ε, the share of labels thought to be wrong: from 0 to 1, below ½ for `robust`, above 0 and below 1 for `exo_pair`, where the
   * default is 0.001. Default 0.
   */
  labelSmoothing?: number;
  /** What a log-ratio is worth. Default "reverse_kl", itself. */
  score?: Score;
  /** Log-ratios for each token before anything else (SimPO). Default false. */
  average?: boolean;
  /** γ, by how much rewards should differ (SimPO; a number for each pair in ODPO) [] or [pairs]. Default 0. */
  targetMargin?: Operand;
  /** τ of `discopop`. Default 0.05. */
  discopopTau?: number;
}

const checks = {
  loss: optional({
    expected: `one of ${LOSS_NAMES.join(", ")}, or a list of { loss, weight }`,
    names: LOSS_NAMES,
    fits: (x) => isLoss(x) || (Array.isArray(x) && x.length > 0 && x.every(isWeighted)),
  }),
  beta: optional(positiveNumber),
  labelSmoothing: optional(share),
  score: optional(aScore),
  average: optional(trueOrFalse),
  targetMargin: optional(operand),
  discopopTau: optional(positiveNumber),
};

function isLoss(x: unknown): x is PairLossName {
  return (LOSS_NAMES as readonly unknown[]).includes(x);
}

function isWeighted(x: unknown): boolean {
  return (
    typeof x === "object" && x !== null && "loss" in x && "weight" in x && isLoss(x.loss) && finiteNumber.fits(x.weight)
  );
}

/**
 * E[Σ_k w_k ℓ_k(pair)], a scalar to be minimised. With the default it is E[−log σ(β (l_c − l_r))], l = log π − log π_ref (Rafailov
 * et al. 2023, eq. 7): ln 2 where policy and reference agree.
 *
 * `labelSmoothing` works with `sigmoid` and `sigmoid_norm` too, where TRL ignores it.
 *
 * @throws AscentError "option" for settings that are unknown, out of range, or read by none of the losses; "shape" where
 * lengths are needed and missing, one side has a reference and the other has none, or tensors do not fit.
 */
export function preferenceLoss(pairs: PreferencePairs, options: PreferenceLossOptions = {}): Tensor {
  const terms = termsOf(options).map(({ loss, weight }) =>
    mul(mean(weighted(loss.perPair(pairOf(pairs, options, loss)), pairs.weight)), weight),
  );
  return label(terms.reduce(add), "preference loss");
}

/**
 * The rewards that a policy stands for, β log(π/π_ref) of each completion [pairs], for metrics: no gradient flows through them.
 *
 * @throws AscentError as `preferenceLoss`.
 */
export function implicitRewards(
  pairs: PreferencePairs,
  options: PreferenceLossOptions = {},
): { chosen: Tensor; rejected: Tensor } {
  checkOptions("implicitRewards", checks, options);
  const { beta = 0.1 } = options;
  const [chosen, rejected] = sidesOf(pairs, options).map((side) => mul(stopGradient(side.logRatio), beta));
  return { chosen, rejected };
}

function weighted(perPair: Tensor, weight: Tensor | undefined): Tensor {
  if (weight === undefined) return perPair;
  requireTensor("preferenceLoss: weight", weight, perPair.shape);
  return mul(perPair, stopGradient(weight));
}

function termsOf(options: PreferenceLossOptions): { loss: PairLoss; weight: number }[] {
  checkOptions("preferenceLoss", checks, options);
  const { loss = "sigmoid", labelSmoothing } = options;
  const named = typeof loss === "string" ? [{ loss, weight: 1 }] : loss;
  const terms = named.map((term) => ({ loss: pairLosses[term.loss] as PairLoss, weight: term.weight }));
  for (const key of ["labelSmoothing", "score", "targetMargin", "discopopTau"] as const) {
    const given = options[key];
    if (given === undefined || given === 0 || given === "reverse_kl") continue;
    // A divergence has to reach every loss, as the policy is held by one only; of the rest one reader is enough.
    const readers = terms.filter((term) => term.loss.reads.includes(key));
    if (key === "score" ? readers.length === terms.length : readers.length > 0) continue;
    throw unread(key, given, named);
  }
  for (const [name, low, high] of [
    ["robust", 0, 0.5],
    ["exo_pair", Number.MIN_VALUE, 1],
  ] as const) {
    if (labelSmoothing === undefined || !named.some((term) => term.loss === name)) continue;
    if (labelSmoothing >= low && labelSmoothing < high) continue;
    throw new AscentError("option", {
      what: `preferenceLoss: labelSmoothing of "${name}"`,
      got: describeValue(labelSmoothing),
      expected: low === 0 ? `at least 0 and below ${high}` : `above 0 and below ${high}`,
      fix: "Give the share of labels that are wrong, such as 0.1.",
    });
  }
  return terms;
}

function unread(key: string, given: unknown, named: readonly WeightedLoss[]): AscentError {
  const readers = LOSS_NAMES.filter((name) => (pairLosses[name] as PairLoss).reads.some((read) => read === key));
  return new AscentError("option", {
    what: `preferenceLoss: ${key} has no meaning for ${named.map(({ loss }) => `"${loss}"`).join(", ")}`,
    got: describeValue(given),
    expected: `a loss that reads it: ${readers.join(", ")}`,
    fix: `Leave ${key} out, or choose another loss.`,
  });
}

function pairOf(pairs: PreferencePairs, options: PreferenceLossOptions, loss: PairLoss): Pair {
  const { beta = 0.1, labelSmoothing = loss.labelSmoothing ?? 0, targetMargin = 0, discopopTau = 0.05 } = options;
  const [chosen, rejected] = sidesOf(pairs, options);
  return {
    chosen,
    rejected,
    beta,
    labelSmoothing,
    discopopTau,
    margin: (difference) => sub(mul(difference, beta), targetMargin),
    negativeLogLikelihood: () =>
      pairs.negativeLogLikelihood ?? negativeLogLikelihood(pairs.chosen.logProb, lengthOf(pairs.chosen, "sft")),
  };
}

function sidesOf(pairs: PreferencePairs, options: PreferenceLossOptions): [Side, Side] {
  checkArgument("preferenceLoss: pairs", tensorsNamed("chosen", "rejected"), pairs);
  const { chosen, rejected } = pairs;
  requireTensor("preferenceLoss: logProb of the chosen completions", chosen?.logProb, ["pairs"]);
  const { shape } = chosen.logProb;
  for (const [name, side] of Object.entries({ chosen, rejected })) {
    requireTensor(`preferenceLoss: logProb of the ${name} completions`, side?.logProb, shape);
    for (const key of ["referenceLogProb", "length"] as const) {
      if (side[key] !== undefined) requireTensor(`preferenceLoss: ${key} of the ${name} completions`, side[key], shape);
    }
  }
  if ((chosen.referenceLogProb === undefined) !== (rejected.referenceLogProb === undefined)) {
    throw new AscentError("shape", {
      what: "preferenceLoss: one completion has a reference, the other has none",
      got: `referenceLogProb of the ${chosen.referenceLogProb === undefined ? "rejected" : "chosen"} completion only`,
      expected: "both, or neither",
      fix: "Give referenceLogProb for both completions, or leave both out.",
    });
  }
  return [sideOf(chosen, options), sideOf(rejected, options)];
}

function sideOf(
  completion: CompletionLogProbs,
  { score = "reverse_kl", average = false }: PreferenceLossOptions,
): Side {
  const { logProb, referenceLogProb } = completion;
  const reference = referenceLogProb === undefined ? undefined : stopGradient(referenceLogProb);
  const whole = reference === undefined ? logProb : sub(logProb, reference);
  const logRatio = average ? div(whole, max(lengthOf(completion, "average"), 1)) : whole;
  const scored = scoreOf(logRatio, score);
  return {
    logProb,
    referenceLogProb: reference ?? broadcastTo(constant(0), logProb.shape),
    logRatio,
    score: scored,
    perToken: () => (average ? scored : div(scored, max(lengthOf(completion, "a score for each token"), 1))),
  };
}

function lengthOf({ length }: CompletionLogProbs, use: string): Tensor {
  if (length !== undefined) return length;
  throw new AscentError("shape", {
    what: `preferenceLoss: ${use} needs the lengths of the completions`,
    got: "nothing",
    expected: "length, a tensor [pairs] of token counts",
    fix: "Give tokenCount(mask) as the completion's length.",
  });
}
