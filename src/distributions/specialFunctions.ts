/**
 * log Γ and its derivatives as graph code, for x > 0. Arguments below 6 are shifted up by six with Γ(x + 1) = x Γ(x), and
 * above that Stirling's series is cut after three or four terms, which is below 4·10⁻⁹ off; float32 rounding is what is
 * left (the errors are stated with each function and tested). Because they are graphs, differentiating `logGamma` gives
 * the digamma function and differentiating `digamma` gives the trigamma function, to the same accuracy.
 *
 * Source: Abramowitz & Stegun 1964, 6.1.41 (log Γ), 6.3.18 (ψ), 6.3.6 (recurrence).
 */

import type { Tensor } from "../tensor/graph.ts";
import {
  add,
  div,
  less,
  log,
  log1p,
  min,
  mul,
  neg,
  reciprocal,
  square,
  sub,
  where,
} from "../tensor/ops/elementwise.ts";

const SHIFT = 6;
const HALF_LOG_2PI = 0.9189385332046727;

/** x where it is large already, x + 6 elsewhere. */
function shifted(x: Tensor): { isSmall: Tensor; y: Tensor; small: Tensor } {
  const isSmall = less(x, SHIFT);
  // The parts for small x are computed from arguments that stay small, so that neither branch can overflow.
  return { isSmall, y: where(isSmall, add(x, SHIFT), x), small: min(x, SHIFT) };
}

/** log Γ(y) − ((y − ½) log y − y + ½ log 2π), for y ≥ 6. */
function stirlingSeries(y: Tensor): Tensor {
  const inverse = reciprocal(y);
  const squared = square(inverse);
  return mul(inverse, add(mul(sub(mul(squared, 1 / 1260), 1 / 360), squared), 1 / 12));
}

/** (x − ½) log x − x + ½ log 2π. */
function stirling(x: Tensor): Tensor {
  return add(sub(mul(sub(x, 0.5), log(x)), x), HALF_LOG_2PI);
}

/** log of x (x + 1) … (x + 5). */
function logRising(x: Tensor): Tensor {
  const q = mul(x, add(x, 5));
  return log(mul(mul(q, add(q, 4)), add(q, 6)));
}

/** log Γ(x), x > 0. Error in float32: 3·10⁻⁶ + 4·10⁻⁷ |log Γ(x)|. */
export function logGamma(x: Tensor): Tensor {
  const { isSmall, y, small } = shifted(x);
  return sub(add(stirling(y), stirlingSeries(y)), where(isSmall, logRising(small), 0));
}

/**
 * log Γ(x) − ((x − ½) log x − x + ½ log 2π), x > 0: what Stirling's formula lacks. Sums of log Γ whose large parts cancel
 * are to be put together from these.
 */
export function stirlingRemainder(x: Tensor): Tensor {
  const { isSmall, y, small } = shifted(x);
  const shift = add(small, SHIFT);
  const correction = sub(sub(stirling(shift), stirling(small)), logRising(small));
  return add(stirlingSeries(y), where(isSmall, correction, 0));
}

/** ψ(y) − log y, for y ≥ 6. */
function digammaSeries(y: Tensor): Tensor {
  const inverse = reciprocal(y);
  const squared = square(inverse);
  const tail = mul(squared, sub(mul(squared, sub(1 / 120, mul(squared, 1 / 252))), 1 / 12));
  return sub(tail, mul(inverse, 0.5));
}

/** 1/x + 1/(x + 1) + … + 1/(x + 5). */
function reciprocals(x: Tensor): Tensor {
  const q = mul(x, add(x, 5));
  const pairs = add(add(reciprocal(q), reciprocal(add(q, 4))), reciprocal(add(q, 6)));
  return mul(add(mul(x, 2), 5), pairs);
}

/** ψ(x) = d log Γ(x) / dx, x > 0. Error in float32: 1·10⁻⁶ + 4·10⁻⁷ |ψ(x)|. */
export function digamma(x: Tensor): Tensor {
  return add(log(x), digammaRemainder(x));
}

/** ψ(x) − log x, x > 0: differences of ψ at large arguments are to be put together from these. */
export function digammaRemainder(x: Tensor): Tensor {
  const { isSmall, y, small } = shifted(x);
  const correction = sub(log(div(add(small, SHIFT), small)), reciprocals(small));
  return add(digammaSeries(y), where(isSmall, correction, 0));
}

/** log B(a, b) = log Γ(a) + log Γ(b) − log Γ(a + b), a, b > 0, without the cancellation of its terms. */
export function logBeta(a: Tensor, b: Tensor): Tensor {
  const total = add(a, b);
  const remainders = sub(add(stirlingRemainder(a), stirlingRemainder(b)), stirlingRemainder(total));
  const powers = add(mul(sub(a, 0.5), logShare(a, b)), mul(sub(b, 0.5), logShare(b, a)));
  return add(add(powers, remainders), sub(HALF_LOG_2PI, mul(log(total), 0.5)));
}

/** log(a / (a + b)): a difference of logarithms would lose what large a multiply it by. */
export function logShare(a: Tensor, b: Tensor): Tensor {
  return neg(log1p(div(b, a)));
}
