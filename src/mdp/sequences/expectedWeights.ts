/**
 * Exact gradients of preference methods on a finite world, as weights of the scores: the gradient is Σ_y w_y ∇log π(y), which
 * `weightedScores` sums. What a method averages over samples or pairs is here the expectation itself.
 */

import {
  type Check,
  callback,
  checkArguments,
  finiteNumber,
  numbers,
  oneOf,
  positiveNumber,
  wholeNumber,
} from "../../arguments/checks.ts";
import { exp, log, log1p } from "../../math/deterministic.ts";
import { requireLength } from "../linearAlgebra.ts";
import { type SequenceWorld, sequenceProbabilities, tokenLogProbs } from "./sequenceWorld.ts";

/**
 * ∇(E_π[r] − β KL(π ‖ π_ref)): w = π (r − β log(π/π_ref)). PPO with the KL in the reward and RLOO have this gradient in
 * expectation, whatever baseline they take off.
 *
 * @param policy π [count], as the other arrays.
 * @throws AscentError "shape" for arrays that do not fit, "option" for a β that is not finite.
 */
export function regularisedRewardWeights(
  policy: ArrayLike<number>,
  reference: ArrayLike<number>,
  rewards: ArrayLike<number>,
  beta: number,
): Float64Array {
  const given = { policy, reference, rewards, beta };
  checkArguments(
    "regularisedRewardWeights",
    { policy: numbers, reference: numbers, rewards: numbers, beta: finiteNumber },
    given,
  );
  requireLength("regularisedRewardWeights: the reference", reference, policy.length);
  requireLength("regularisedRewardWeights: the rewards", rewards, policy.length);
  return Float64Array.from(rewards, (r, y) =>
    policy[y] > 0 ? policy[y] * (r - beta * logRatio(policy, reference, y)) : 0,
  );
}

/** A KL estimate inside the loss, on samples of π; k3_corrected is k3 times the ratio. */
export type KlLossTerm = "k1" | "k2" | "k3" | "k3_corrected";

/**
 * E_π of the gradient of a KL estimate that stands in the loss (Tang & Munos 2025; docs/theory.md, 26): k1 gives w = π, whose sum of
 * scores is 0: it does nothing. k3 gives π − π_ref, the forward divergence's gradient. k2, and k3 corrected, give
 * π log(π/π_ref), that of KL(π ‖ π_ref).
 *
 * @throws AscentError "shape" for arrays that do not fit, "option" for an unknown estimate.
 */
export function klLossWeights(
  policy: ArrayLike<number>,
  reference: ArrayLike<number>,
  estimate: KlLossTerm,
): Float64Array {
  const given = { policy, reference, estimate };
  const checks = { policy: numbers, reference: numbers, estimate: oneOf(["k1", "k2", "k3", "k3_corrected"]) };
  checkArguments("klLossWeights", checks, given);
  requireLength("klLossWeights: the reference", reference, policy.length);
  return Float64Array.from(reference, (q, y) => {
    if (estimate === "k1") return policy[y];
    if (estimate === "k3") return policy[y] - q;
    return policy[y] > 0 ? policy[y] * logRatio(policy, reference, y) : 0;
  });
}

/**
 * The expected gain of groups of G whose advantages are rewards less the group's mean, not divided by anything (`groupAdvantages`
 * with the scale "none"; docs/theory.md, 8 and 26): w = (G − 1)/G · π (r − E_π[r]), as the mean contains the sample itself.
 *
 * @param policy π [count]
 * @param rewards r [count]
 * @param groupSize G, at least 2.
 * @throws AscentError "shape" for arrays that do not fit, "option" for a group size below 2.
 */
export function groupGainWeights(
  policy: ArrayLike<number>,
  rewards: ArrayLike<number>,
  groupSize: number,
): Float64Array {
  const given = { policy, rewards, groupSize };
  checkArguments("groupGainWeights", { policy: numbers, rewards: numbers, groupSize: wholeNumber(2) }, given);
  requireLength("groupGainWeights: the rewards", rewards, policy.length);
  let expected = 0;
  for (let y = 0; y < policy.length; y++) expected += policy[y] * rewards[y];
  const share = (groupSize - 1) / groupSize;
  return Float64Array.from(rewards, (r, y) => share * policy[y] * (r - expected));
}

/**
 * The gradient of a KL term for each token at the prefixes as they come, Σ_x d(x) KL(π(· | x) ‖ π_ref(· | x)) with the probability
 * d(x) of a prefix held fixed, as GRPO's loss has it (docs/theory.md, 26): as weights of tokens' scores, for `tokenWeightedScores`,
 * w(x, a) = d(x) π(a | x) log(π(a | x)/π_ref(a | x)).
 *
 * @param logits of π [prefixes × vocabulary]
 * @param referenceLogits of π_ref [prefixes × vocabulary]
 * @returns [prefixes × vocabulary]
 * @throws AscentError "shape" unless the logits fit the world.
 */
export function tokenKlWeights(
  world: SequenceWorld,
  logits: Float64Array,
  referenceLogits: Float64Array,
): Float64Array {
  const { length, vocabulary } = world ?? {};
  const own = tokenLogProbs(world, logits);
  const held = tokenLogProbs(world, referenceLogits);
  const policy = sequenceProbabilities(world, logits);
  const weights = new Float64Array(world.parameterCount);
  // The sequences behind a token share d(x) π(a | x) among them.
  for (let k = 0; k < own.length; k++) {
    if (world.tokens[k] < 0) continue;
    weights[world.prefixOf[k] * vocabulary + world.tokens[k]] += policy[Math.floor(k / length)] * (own[k] - held[k]);
  }
  return weights;
}

/** A loss of the difference h of two log-ratios. */
export interface MarginLoss {
  value(h: number): number;
  /** dℓ/dh */
  slope(h: number): number;
}

/** −log σ(β h) (Rafailov et al. 2023, eq. 7). @throws AscentError "option" for a β that is not above 0. */
export function dpoMarginLoss(beta: number): MarginLoss {
  checkArguments("dpoMarginLoss", { beta: positiveNumber }, { beta });
  return {
    value: (h) => (h < 0 ? -beta * h : 0) + log1p(exp(-Math.abs(beta * h))),
    slope: (h) => -beta / (1 + exp(beta * h)),
  };
}

/** (h − 1/(2τ))² (Azar et al. 2024, eq. 17). @throws AscentError "option" for a τ that is not above 0. */
export function ipoMarginLoss(tau: number): MarginLoss {
  checkArguments("ipoMarginLoss", { tau: positiveNumber }, { tau });
  return { value: (h) => (h - 1 / (2 * tau)) ** 2, slope: (h) => 2 * (h - 1 / (2 * tau)) };
}

const marginLoss: Check = {
  expected: "a loss of margins { value, slope }",
  fits: (x) =>
    typeof x === "object" &&
    x !== null &&
    "value" in x &&
    "slope" in x &&
    callback.fits(x.value) &&
    callback.fits(x.slope),
};

/**
 * The loss Σ_{i≠j} p_ij ℓ(l_i − l_j), l = log(π/π_ref), over all ordered pairs, i preferred, and the weights of its gradient.
 *
 * @param logProb log π [count]
 * @param referenceLogProb log π_ref [count]
 * @param pairs p_ij: how often i is seen to win against j [count × count]; the diagonal is not read.
 * @throws AscentError "shape" for arrays that do not fit.
 */
export function pairLossWeights(
  logProb: ArrayLike<number>,
  referenceLogProb: ArrayLike<number>,
  pairs: ArrayLike<number>,
  loss: MarginLoss,
): { loss: number; weights: Float64Array } {
  const given = { logProb, referenceLogProb, pairs, loss };
  checkArguments(
    "pairLossWeights",
    { logProb: numbers, referenceLogProb: numbers, pairs: numbers, loss: marginLoss },
    given,
  );
  const n = logProb.length;
  requireLength("pairLossWeights: the reference", referenceLogProb, n);
  requireLength("pairLossWeights: the pairs", pairs, n * n);
  const weights = new Float64Array(n);
  let total = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const share = pairs[i * n + j];
      if (i === j || share === 0) continue;
      const h = logProb[i] - referenceLogProb[i] - (logProb[j] - referenceLogProb[j]);
      total += share * loss.value(h);
      const slope = share * loss.slope(h);
      weights[i] += slope;
      weights[j] -= slope;
    }
  }
  return { loss: total, weights };
}

function logRatio(policy: ArrayLike<number>, reference: ArrayLike<number>, y: number): number {
  return log(policy[y]) - log(reference[y]);
}
