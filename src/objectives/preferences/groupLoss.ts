/**
 * Policy gradients on groups of completions (docs/theory.md, 26): GRPO and its relatives differ in what the ratio is of, how a
 * token's gain is bounded, what the sum over tokens is divided by, and how the KL divergence enters; each is a setting. The
 * advantages are `groupAdvantages` or `leaveOneOutAdvantages`. RLOO itself is `clippedSurrogate` of whole sequences: its KL is
 * in the reward.
 */

import {
  checkArgument,
  checkOptions,
  finiteNumber,
  notNegativeNumber,
  oneOf,
  optional,
  positiveNumber,
  trueOrFalse,
} from "../../arguments/checks.ts";
import { label, type Tensor } from "../../tensor/graph.ts";
import {
  add,
  clip,
  div,
  exp,
  greater,
  greaterEqual,
  max,
  min,
  mul,
  neg,
  type Operand,
  sigmoid,
  stopGradient,
  sub,
  where,
} from "../../tensor/ops/elementwise.ts";
import { broadcastTo, reshape } from "../../tensor/ops/layout.ts";
import { mean, sum } from "../../tensor/ops/reduce.ts";
import { clippedGains } from "../clippedSurrogate.ts";
import { operand, requireTensor, tensorsNamed } from "./checks.ts";
import { groupKlTerms, groupRatio } from "./groupRatio.ts";
import { masked, tokenCount } from "./sequences.ts";

export interface GroupBatch {
  /** log π_θ of every token [rows, tokens], differentiated. */
  logProb: Tensor;
  /** log π of the policy that sampled them [rows, tokens]. Default: the policy itself, a ratio of 1 whose gradient is kept. */
  oldLogProb?: Tensor;
  /** log π_ref [rows, tokens]; where the KL coefficient is not 0. */
  referenceLogProb?: Tensor;
  /** One for each completion [rows]. */
  advantage: Tensor;
  /** 1 on the tokens of a completion, its end of sequence included, 0 behind it [rows, tokens]. */
  mask: Tensor;
  /** Weights of the tokens' gains, not of their KL terms nor in the divisor [rows, tokens]; for corrections and selections. */
  gainWeight?: Tensor;
  /**
   * The tokens that `dapo` and `cispo` divide by, of the whole batch where this is a part of it, a scalar; so the gradients of
   * parts add up to that of the whole. Default: those of the mask.
   */
  totalTokens?: Operand;
}

/** Of VESPO's reference implementation. */
const LARGEST_LOG_RATIO = 20;
/** log 1e-8 */
const LEAST_LOG_WEIGHT = -18.420680743952367;

type GainName = "clipped" | "capped" | "soft" | "weighted";
type DivisorName = "sequenceMeans" | "allTokens" | "ownTokens" | "constant" | "sequenceSums";

const LOSSES = {
  /** Mean over completions of means over tokens (Shao et al. 2024, eq. 3): long wrong answers cost less for each token. */
  grpo: { gain: "clipped", divisor: "sequenceMeans" },
  /** Sum over all tokens of the batch (Yu et al. 2025, eq. 8). */
  dapo: { gain: "clipped", divisor: "allTokens" },
  /** The same over the tokens of this part of the batch. */
  bnpo: { gain: "clipped", divisor: "ownTokens" },
  /** A constant in place of lengths, rows × completionLength (Liu et al. 2025, "Dr. GRPO"): no length bias. */
  dr_grpo: { gain: "clipped", divisor: "constant" },
  /** Sums over tokens, means over completions (LUSPO). */
  luspo: { gain: "clipped", divisor: "sequenceSums" },
  /** −min(ρ, cap) A log π with the ratio held fixed (MiniMax 2025, CISPO). The cap is `clipRangeHigh` itself, not 1 + it. */
  cispo: { gain: "capped", divisor: "allTokens" },
  /** A sigmoid gate in place of the clip (Gao et al. 2025, SAPO). */
  sapo: { gain: "soft", divisor: "sequenceMeans" },
  /** −φ(w) A log π with w the ratio of the whole completion and φ(w) = w^k e^{λ(1 − w)} held fixed (VESPO): 1 at w = 1, 0 far off. */
  vespo: { gain: "weighted", divisor: "allTokens" },
} as const satisfies Record<string, { gain: GainName; divisor: DivisorName }>;

export type GroupLossName = keyof typeof LOSSES;

export const groupLossNames = Object.keys(LOSSES) as readonly GroupLossName[];

/** Whether gains are bounded by clipping ratios. */
export function hasClip(loss: GroupLossName): boolean {
  return LOSSES[loss].gain === "clipped";
}

export interface GroupLossOptions {
  /** Default "dapo". */
  loss?: GroupLossName;
  /** "sequence": exp of the mean log-ratio of the tokens (GSPO, Zheng et al. 2025, eq. 7), 1 for equal policies at any length. */
  ratio?: "token" | "sequence";
  /** ε: below 1 − ε bad tokens stop costing. Default 0.2. */
  clipRange?: number;
  /** ε_high: above 1 + ε_high good tokens stop paying (DAPO's "clip higher"); the cap of `cispo`. Default: `clipRange`. */
  clipRangeHigh?: number;
  /** δ: a ratio beyond it stops costing as well (two-sided clip; Prime Intellect 2025). Default: none. */
  ratioCap?: number;
  /** β of the KL term inside the loss. Default 0. */
  klCoefficient?: number;
  /**
   * The KL term times the ratio, as an importance weight that is differentiated too: the gradient of the reverse KL divergence.
   * Without it k3's gradient is that of the forward divergence KL(π_ref ‖ π). Default true.
   */
  klCorrection?: boolean;
  /** The longest completion there can be, in tokens; what `dr_grpo` divides by. */
  completionLength?: number;
  /** Temperatures of `sapo` for good and bad tokens. Default 1 and 1.05. */
  softTemperatures?: { positive: number; negative: number };
  /** k and λ of `vespo`, for completions of advantages ≥ 0 and below. Default 2 and 3, and 3 and 2. */
  gammaWeights?: { positive: GammaWeight; negative: GammaWeight };
}

/** Of φ(w) = w^k e^{λ(1 − w)}. */
export interface GammaWeight {
  k: number;
  lambda: number;
}

const checks = {
  loss: optional(oneOf(Object.keys(LOSSES))),
  ratio: optional(oneOf(["token", "sequence"])),
  clipRange: optional(notNegativeNumber),
  clipRangeHigh: optional(notNegativeNumber),
  ratioCap: optional(positiveNumber),
  klCoefficient: optional(finiteNumber),
  klCorrection: optional(trueOrFalse),
  completionLength: optional(positiveNumber),
  softTemperatures: optional({
    expected: "{ positive, negative }, numbers above 0",
    fits: (x) =>
      typeof x === "object" &&
      x !== null &&
      "positive" in x &&
      "negative" in x &&
      [x.positive, x.negative].every(positiveNumber.fits),
  }),
  gammaWeights: optional({
    expected: "{ positive, negative }, each { k, lambda } of numbers ≥ 0",
    fits: (x) => [(x as Signs | null)?.positive, (x as Signs | null)?.negative].every(isGammaWeight),
  }),
};

interface Signs {
  positive?: unknown;
  negative?: unknown;
}

function isGammaWeight(x: unknown): boolean {
  return (
    typeof x === "object" && x !== null && "k" in x && "lambda" in x && [x.k, x.lambda].every(notNegativeNumber.fits)
  );
}

/**
 * The loss, a scalar to be minimised. Where the sampling policy is the policy itself and advantages of a group sum to 0 its value
 * says nothing (0 without KL), its gradient does.
 *
 * @throws AscentError "option" for options that are unknown or out of range, or a missing `completionLength`; "shape" where a
 * KL term has no reference, or tensors do not fit.
 */
export function groupLoss(batch: GroupBatch, options: GroupLossOptions = {}): Tensor {
  requireGroupBatch("groupLoss", batch, options);
  const { loss = "dapo", klCoefficient = 0 } = options;
  const { mask, gainWeight } = batch;
  const { shape } = batch.logProb;
  // Behind the mask 0 stands for whatever was there, so that neither a ratio nor a KL term can be NaN or ∞.
  const logProb = where(mask, batch.logProb, 0);
  const old = batch.oldLogProb ?? batch.logProb;
  const oldLogProb = stopGradient(where(mask, old, 0));
  const ratio = groupRatio(logProb, oldLogProb, mask, options.ratio ?? "token");
  const advantage = broadcastTo(reshape(batch.advantage, [shape[0], 1]), shape);
  const gain =
    LOSSES[loss].gain === "weighted"
      ? mul(mul(gammaWeight(logProb, oldLogProb, mask, advantage, options), advantage), logProb)
      : gainsOf(LOSSES[loss].gain, ratio, advantage, logProb, options);
  const cost = neg(gainWeight === undefined ? gain : masked(gain, gainWeight));
  const total =
    klCoefficient === 0
      ? cost
      : add(cost, mul(groupKlTerms(logProb, ratio, batch, options.klCorrection), klCoefficient));
  return label(overTokens(LOSSES[loss].divisor, total, batch, options), `${loss} loss`);
}

/** @throws AscentError as `groupLoss`. */
export function requireGroupBatch(caller: string, batch: GroupBatch, options: GroupLossOptions): void {
  checkOptions(caller, checks, options);
  checkArgument(`${caller}: batch`, tensorsNamed("logProb", "advantage", "mask"), batch);
  checkArgument(`${caller}: totalTokens`, optional(operand), batch.totalTokens);
  requireTensor(`${caller}: logProb`, batch.logProb, ["rows", "tokens"]);
  const { shape } = batch.logProb;
  requireTensor(`${caller}: mask`, batch.mask, shape);
  requireTensor(`${caller}: advantage`, batch.advantage, [shape[0]]);
  for (const key of ["oldLogProb", "referenceLogProb", "gainWeight"] as const) {
    if (batch[key] !== undefined) requireTensor(`${caller}: ${key}`, batch[key], shape);
  }
}

/** φ of the ratio of whole completions, held fixed [rows, tokens]; log-ratios are bounded so that nothing overflows. */
export function gammaWeight(
  logProb: Tensor,
  oldLogProb: Tensor,
  mask: Tensor,
  advantage: Tensor,
  { gammaWeights }: GroupLossOptions,
): Tensor {
  const logRatio = stopGradient(sub(logProb, oldLogProb));
  const { positive = { k: 2, lambda: 3 }, negative = { k: 3, lambda: 2 } } = gammaWeights ?? {};
  const [rows] = logRatio.shape;
  const whole = sum(masked(clip(logRatio, -LARGEST_LOG_RATIO, LARGEST_LOG_RATIO), mask), 1);
  const logWeight = broadcastTo(reshape(clip(whole, LEAST_LOG_WEIGHT, LARGEST_LOG_RATIO), [rows, 1]), logRatio.shape);
  const good = greaterEqual(advantage, 0);
  const k = where(good, positive.k, negative.k);
  const lambda = where(good, positive.lambda, negative.lambda);
  return stopGradient(exp(add(mul(k, logWeight), mul(lambda, sub(1, exp(logWeight))))));
}

function gainsOf(kind: GainName, ratio: Tensor, advantage: Tensor, logProb: Tensor, options: GroupLossOptions): Tensor {
  const { clipRange = 0.2, clipRangeHigh = clipRange, ratioCap, softTemperatures } = options;
  if (kind === "capped") return mul(mul(stopGradient(min(ratio, clipRangeHigh)), advantage), logProb);
  if (kind === "soft") {
    const { positive = 1, negative = 1.05 } = softTemperatures ?? {};
    const temperature = where(greater(advantage, 0), positive, negative);
    return mul(div(mul(sigmoid(mul(sub(ratio, 1), temperature)), 4), temperature), advantage);
  }
  return clippedGains(ratio, advantage, { low: 1 - clipRange, high: 1 + clipRangeHigh, cap: ratioCap });
}

function overTokens(
  divisor: DivisorName,
  perToken: Tensor,
  { mask, totalTokens }: GroupBatch,
  options: GroupLossOptions,
): Tensor {
  const sums = sum(masked(perToken, mask), 1);
  if (divisor === "sequenceMeans") return mean(div(sums, tokenCount(mask)));
  if (divisor === "sequenceSums") return mean(sums);
  if (divisor === "constant") {
    checkArgument("groupLoss: completionLength of dr_grpo", positiveNumber, options.completionLength);
    return mul(mean(sums), 1 / Number(options.completionLength));
  }
  const own = max(sum(mask), 1);
  return div(sum(sums), divisor === "allTokens" ? (totalTokens ?? own) : own);
}
