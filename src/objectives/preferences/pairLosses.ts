/**
 * The losses of the DPO family, as a table: what each makes of a pair. A row says as well which settings it reads, so that
 * one that would have no effect can be refused. What the pair is made from is preferenceLoss.ts.
 */

import { log, log1p } from "../../math/deterministic.ts";
import type { Tensor } from "../../tensor/graph.ts";
import { add, exp, logSigmoid, mul, neg, relu, sigmoid, square, sub } from "../../tensor/ops/elementwise.ts";
import { broadcastTo } from "../../tensor/ops/layout.ts";
import { sorted } from "./sorted.ts";

/** One of the two completions, everything [pairs]. */
export interface Side {
  readonly logProb: Tensor;
  /** 0 where there is no reference. */
  readonly referenceLogProb: Tensor;
  /** l = log π − log π_ref; for each token where the settings average. */
  readonly logRatio: Tensor;
  /** f′(e^l) */
  readonly score: Tensor;
  /** The score over the number of tokens. */
  perToken(): Tensor;
}

export interface Pair {
  readonly chosen: Side;
  readonly rejected: Side;
  readonly beta: number;
  /** ε: the share of labels thought to be wrong. */
  readonly labelSmoothing: number;
  /** β Δ − γ, for a difference Δ of scores. */
  margin(difference: Tensor): Tensor;
  readonly discopopTau: number;
  /** Mean negative log-likelihood of the chosen completions, a scalar. */
  negativeLogLikelihood(): Tensor;
}

export interface PairLoss {
  /** [pairs], to be minimised. */
  perPair(pair: Pair): Tensor;
  readonly reads: readonly ("labelSmoothing" | "score" | "targetMargin" | "discopopTau")[];
  /** ε where none is given. */
  readonly labelSmoothing?: number;
}

const marginOf = (pair: Pair) => pair.margin(sub(pair.chosen.score, pair.rejected.score));
const perTokenDifference = ({ chosen, rejected }: Pair) => sub(chosen.perToken(), rejected.perToken());
const rewardOf = (side: Side, beta: number) => mul(side.logRatio, beta);

/** −(1 − ε) log σ(m) − ε log σ(−m) */
function smoothed(margin: Tensor, epsilon: number): Tensor {
  const kept = mul(logSigmoid(margin), epsilon - 1);
  return epsilon === 0 ? kept : sub(kept, mul(logSigmoid(neg(margin)), epsilon));
}

export const pairLosses = {
  /** DPO (Rafailov et al. 2023, eq. 7); with ε its conservative form (Mitchell 2023, "cDPO"). */
  sigmoid: {
    perPair: (pair) => smoothed(marginOf(pair), pair.labelSmoothing),
    reads: ["labelSmoothing", "score", "targetMargin"],
  },
  /** SLiC (Zhao et al. 2023, eq. 1), with the margin of RSO (Liu et al. 2024). */
  hinge: { perPair: (pair) => relu(sub(1, marginOf(pair))), reads: ["score", "targetMargin"] },
  /** Azar et al. 2024, eq. 17, β as τ; log-ratios for each token, as the authors confirmed. */
  ipo: { perPair: (pair) => square(sub(perTokenDifference(pair), 1 / (2 * pair.beta))), reads: ["score"] },
  /** Chowdhury et al. 2024: unbiased when a share ε < ½ of the labels is flipped. */
  robust: {
    perPair: (pair) => {
      const [margin, epsilon] = [marginOf(pair), pair.labelSmoothing];
      const difference = sub(mul(logSigmoid(neg(margin)), epsilon), mul(logSigmoid(margin), 1 - epsilon));
      return mul(difference, 1 / (1 - 2 * epsilon));
    },
    reads: ["labelSmoothing", "score", "targetMargin"],
  },
  /** Ji et al. 2024, eq. 16: KL(policy's preference ‖ (1 − ε, ε)). */
  exo_pair: {
    perPair: (pair) => {
      const [margin, epsilon] = [marginOf(pair), pair.labelSmoothing];
      const wins = mul(sigmoid(margin), sub(logSigmoid(margin), log1p(-epsilon)));
      return add(wins, mul(sigmoid(neg(margin)), sub(logSigmoid(neg(margin)), log(epsilon))));
    },
    reads: ["labelSmoothing", "score", "targetMargin"],
    labelSmoothing: 1e-3,
  },
  /** Chen et al. 2024, "Noise contrastive alignment", for two completions. */
  nca_pair: {
    perPair: ({ chosen, rejected, beta }) => {
      const [up, down] = [rewardOf(chosen, beta), rewardOf(rejected, beta)];
      const pull = mul(add(logSigmoid(neg(up)), logSigmoid(neg(down))), 0.5);
      return neg(add(logSigmoid(up), pull));
    },
    reads: [],
  },
  /** Jung et al. 2024, the loss of a binary classifier, without its shift. */
  bco_pair: {
    perPair: ({ chosen, rejected, beta }) =>
      neg(add(logSigmoid(rewardOf(chosen, beta)), logSigmoid(neg(rewardOf(rejected, beta))))),
    reads: [],
  },
  /** Wu et al. 2024, eq. 4.7, with preferences of 1 and 0. */
  sppo_hard: {
    perPair: ({ chosen, rejected, beta }) =>
      add(square(sub(chosen.logRatio, 0.5 / beta)), square(add(rejected.logRatio, 0.5 / beta))),
    reads: [],
  },
  /** Melnyk et al. 2024: sorted margins of the policy against sorted margins of the reference. */
  aot: {
    perPair: ({ chosen, rejected, beta, labelSmoothing }) => {
      const policy = sorted(sub(chosen.logProb, rejected.logProb));
      const reference = sorted(sub(chosen.referenceLogProb, rejected.referenceLogProb));
      return smoothed(mul(sub(policy, reference), beta), labelSmoothing);
    },
    reads: ["labelSmoothing"],
  },
  /** The same for completions that are no pairs: sorted log-ratios of the chosen against those of the rejected. */
  aot_unpaired: {
    perPair: ({ chosen, rejected, beta, labelSmoothing }) =>
      smoothed(mul(sub(sorted(chosen.logRatio), sorted(rejected.logRatio)), beta), labelSmoothing),
    reads: ["labelSmoothing"],
  },
  /** D'Oosterlinck et al. 2024, eq. 7: for chosen completions better than the model's own. */
  apo_zero: {
    perPair: ({ chosen, rejected, beta }) =>
      add(sigmoid(neg(rewardOf(chosen, beta))), sigmoid(rewardOf(rejected, beta))),
    reads: [],
  },
  /** The same, eq. 8: for chosen completions worse than the model's own. */
  apo_down: {
    perPair: ({ chosen, rejected, beta }) => {
      const [up, down] = [rewardOf(chosen, beta), rewardOf(rejected, beta)];
      return add(sigmoid(up), sigmoid(sub(down, up)));
    },
    reads: [],
  },
  /**
   * Lu et al. 2024, eq. 5: between the logistic and the exponential loss, by σ(m/τ). The product of e^−m, which overflows, and
   * σ(m/τ), which is 0 there, is one exponential here: ∞ · 0 would be NaN.
   */
  discopop: {
    perPair: (pair) => {
      const margin = marginOf(pair);
      const modulation = mul(margin, 1 / pair.discopopTau);
      const logistic = neg(mul(logSigmoid(margin), sigmoid(neg(modulation))));
      return add(logistic, exp(sub(logSigmoid(modulation), margin)));
    },
    reads: ["score", "targetMargin", "discopopTau"],
  },
  /** Maximum likelihood of the chosen completions: keeps their probability from falling with the margin growing. */
  sft: {
    perPair: (pair) => broadcastTo(pair.negativeLogLikelihood(), pair.chosen.logProb.shape),
    reads: ["score"],
  },
  /** DPO of scores for each token (Lambert et al. 2024, "length-normalised DPO"). */
  sigmoid_norm: {
    perPair: (pair) => smoothed(pair.margin(perTokenDifference(pair)), pair.labelSmoothing),
    reads: ["labelSmoothing", "score", "targetMargin"],
  },
} as const satisfies Record<string, PairLoss>;

export type PairLossName = keyof typeof pairLosses;

export const LOSS_NAMES = Object.keys(pairLosses) as readonly PairLossName[];
