/**
 * What a log-ratio l = log(π/π_ref) is worth to a preference loss. Under KL regularisation it is l itself; under another
 * f-divergence it is f′(e^l) (Wang et al. 2024, "Beyond reverse KL", table 1). ORPO has the log odds instead.
 */

import { type Check, finiteNumber, oneOf } from "../../arguments/checks.ts";
import { label, type Tensor } from "../../tensor/graph.ts";
import {
  add,
  exp,
  expm1,
  greater,
  log,
  log1p,
  logSigmoid,
  min,
  mul,
  neg,
  sub,
  where,
} from "../../tensor/ops/elementwise.ts";

const SCORE_NAMES = ["reverse_kl", "forward_kl", "js_divergence", "log_odds"] as const;

export interface AlphaScore {
  /** α of the α-divergence; 1 is the reverse KL divergence, 0 the forward one. AlphaPO's α is 1 minus this one. */
  alpha: number;
}

/** f′ as a name, or the α-divergence's. `log_odds` (ORPO) is of a probability, so without a reference. */
export type Score = (typeof SCORE_NAMES)[number] | AlphaScore;

const scoreName = oneOf(SCORE_NAMES);

export const aScore: Check = {
  ...scoreName,
  expected: `${scoreName.expected}, or { alpha }`,
  fits: (x) => scoreName.fits(x) || (typeof x === "object" && x !== null && "alpha" in x && finiteNumber.fits(x.alpha)),
};

/** e^80 is the largest power taken: float32 ends at e^88. */
const LARGEST_EXPONENT = 80;
/** The largest probability below 1 that float32 has, as a logarithm: at 1 the odds are infinite. */
const NEARLY_CERTAIN = -(2 ** -24);
const LN_2 = Math.LN2;

/** The score of each log-ratio, of its shape. */
export function scoreOf(logRatio: Tensor, score: Score): Tensor {
  return label(scored(logRatio, score), "score");
}

function scored(logRatio: Tensor, score: Score): Tensor {
  if (score === "reverse_kl") return logRatio;
  if (score === "forward_kl") return alphaScore(logRatio, 0);
  if (score === "js_divergence") return add(logSigmoid(logRatio), LN_2);
  if (score === "log_odds") return logOdds(logRatio);
  return alphaScore(logRatio, score.alpha);
}

/** (e^{(α − 1) l} − 1) / (α − 1), which goes to l as α goes to 1. */
function alphaScore(logRatio: Tensor, alpha: number): Tensor {
  const power = alpha - 1;
  if (Math.abs(power) < 1e-6) return logRatio;
  return mul(expm1(min(mul(logRatio, power), LARGEST_EXPONENT)), 1 / power);
}

/** log(p / (1 − p)) of p = e^l < 1 (Hong et al. 2024, eq. 4), without cancellation at either end. */
function logOdds(logProb: Tensor): Tensor {
  const l = min(logProb, NEARLY_CERTAIN);
  const likely = greater(l, -LN_2);
  const complement = where(likely, log(neg(expm1(where(likely, l, -1)))), log1p(neg(exp(where(likely, -1, l)))));
  return sub(l, complement);
}
