/**
 * From log-probabilities of tokens to those of completions: sums, token counts and the negative log-likelihood, under a mask.
 * What the mask leaves out may hold anything, NaN too: it is left out, not multiplied by 0.
 */

import { label, type Tensor } from "../../tensor/graph.ts";
import { div, max, mul, neg, where } from "../../tensor/ops/elementwise.ts";
import { sum } from "../../tensor/ops/reduce.ts";
import { requireTensor } from "./checks.ts";

/** `values` where the mask is not 0, times the mask; 0 elsewhere, whatever is there. */
export function masked(values: Tensor, mask: Tensor): Tensor {
  return mul(where(mask, values, 0), mask);
}

/**
 * log π(y|x) = Σ_t m_t log π(y_t | x, y_<t).
 *
 * @param tokenLogProb [rows, tokens], differentiated. Entry t is the log-probability of token t, so of the logits at t − 1.
 * @param mask [rows, tokens], 1 on the tokens of the completion, its end of sequence included, 0 elsewhere; weights between 0
 * and 1 count a token in part (LD-DPO).
 * @returns [rows]
 * @throws AscentError "shape" for tensors that do not fit.
 */
export function sequenceLogProb(tokenLogProb: Tensor, mask: Tensor): Tensor {
  requireTensor("sequenceLogProb: tokenLogProb", tokenLogProb, ["rows", "tokens"]);
  requireTensor("sequenceLogProb: mask", mask, tokenLogProb.shape);
  return label(sum(masked(tokenLogProb, mask), 1), "sequence log-probability");
}

/**
 * How many tokens each completion has [rows], at least 1, so that an empty one divides nothing by 0.
 *
 * @param mask [rows, tokens]
 * @throws AscentError "shape" for anything else.
 */
export function tokenCount(mask: Tensor): Tensor {
  requireTensor("tokenCount: mask", mask, ["rows", "tokens"]);
  return max(sum(mask, 1), 1);
}

/**
 * −Σ log π / Σ tokens: the mean over all tokens of a batch, not of the means of its rows.
 *
 * @param logProb log π of whole completions [rows].
 * @param length their tokens [rows].
 * @throws AscentError "shape" for tensors that do not fit.
 */
export function negativeLogLikelihood(logProb: Tensor, length: Tensor): Tensor {
  requireTensor("negativeLogLikelihood: logProb", logProb, ["rows"]);
  requireTensor("negativeLogLikelihood: length", length, logProb.shape);
  return label(div(neg(sum(logProb)), max(sum(length), 1)), "negative log-likelihood");
}
