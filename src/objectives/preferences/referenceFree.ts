/**
 * Preference losses without a reference model, as settings of `preferenceLoss`: CPO, SimPO, AlphaPO and ORPO differ in what is
 * compared and in the weight of maximum likelihood, not in code. Leave `referenceLogProb` out with them.
 */

import { checkArguments, finiteNumber, oneOf, positiveNumber } from "../../arguments/checks.ts";
import { LOSS_NAMES, type PairLossName } from "./pairLosses.ts";
import type { PreferenceLossOptions } from "./preferenceLoss.ts";

/**
 * CPO (Xu et al. 2024, eq. 3): DPO's loss of log-probabilities, and `likelihood` times the negative log-likelihood of the
 * chosen completions. With "ipo" log-probabilities are for each token.
 *
 * @throws AscentError "option" for a β that is not above 0, and other numbers that are not finite.
 */
export function cpo(beta = 0.1, likelihood = 1, loss: PairLossName = "sigmoid"): PreferenceLossOptions {
  checkArguments(
    "cpo",
    { beta: positiveNumber, likelihood: finiteNumber, loss: oneOf(LOSS_NAMES) },
    { beta, likelihood, loss },
  );
  return { loss: withLikelihood(loss, 1, likelihood), beta, average: loss === "ipo" };
}

/**
 * SimPO (Meng et al. 2024, eq. 6): −log σ(β (log π_c/|y_c| − log π_r/|y_r|) − γ). Here γ is in units of the reward; the paper's
 * γ/β is the same over β.
 *
 * @throws AscentError "option" for a β that is not above 0, and other numbers that are not finite.
 */
export function simpo(beta = 2, gamma = 1, likelihood = 0): PreferenceLossOptions {
  checkArguments(
    "simpo",
    { beta: positiveNumber, gamma: finiteNumber, likelihood: finiteNumber },
    { beta, gamma, likelihood },
  );
  return { loss: withLikelihood("sigmoid", 1, likelihood), beta, average: true, targetMargin: gamma };
}

/**
 * AlphaPO (Gupta et al. 2025): SimPO with the reward (1 − p^−α)/α of p = π^{1/|y|}, which is the score of an α-divergence.
 *
 * @throws AscentError "option" for a β that is not above 0, and other numbers that are not finite.
 */
export function alphaPo(alpha: number, beta = 2, gamma = 1): PreferenceLossOptions {
  checkArguments("alphaPo", { alpha: finiteNumber }, { alpha });
  return { ...simpo(beta, gamma), score: { alpha: 1 - alpha } };
}

/**
 * ORPO (Hong et al. 2024, eq. 6): the negative log-likelihood − β log σ(log odds of the chosen − log odds of the rejected),
 * odds of mean log-probabilities. TRL takes the likelihood over prompt and completion: give that as
 * `negativeLogLikelihood` to do so too.
 *
 * @throws AscentError "option" for a β that is not above 0.
 */
export function orpo(beta = 0.1): PreferenceLossOptions {
  checkArguments("orpo", { beta: positiveNumber }, { beta });
  return { loss: withLikelihood("sigmoid", beta, 1), beta: 1, average: true, score: "log_odds" };
}

function withLikelihood(loss: PairLossName, weight: number, likelihood: number) {
  const term = { loss, weight };
  return likelihood === 0 ? [term] : [term, { loss: "sft" as const, weight: likelihood }];
}
