/** Best-of-n sampling on a finite distribution, exactly (docs/theory.md, 26): no training, and the policy it amounts to. */

import { checkArguments, numbers, wholeNumber } from "../../arguments/checks.ts";
import { describeValue } from "../../arguments/describeValue.ts";
import { AscentError } from "../../errors.ts";
import { exp, log, log1p } from "../../math/deterministic.ts";
import { requireEntries } from "../episodes.ts";

/**
 * The distribution of the best of n draws: a reward r is the best with probability F(r)ⁿ − F(r−)ⁿ, shared between completions
 * of the same reward in proportion to the base (Beirami et al. 2024).
 *
 * @param base probabilities [completions], positive or 0, of sum 1.
 * @param rewards [completions]
 * @returns [completions], of sum 1.
 * @throws AscentError "shape" for arrays that do not fit, "option" for n below 1 or a base that is no distribution, "non-finite" for
 * rewards that are NaN.
 */
export function bestOfN(base: ArrayLike<number>, rewards: ArrayLike<number>, n: number): Float64Array {
  checkArguments("bestOfN", { base: numbers, rewards: numbers, n: wholeNumber(1) }, { base, rewards, n });
  requireEntries("bestOfN: rewards", rewards, base.length, "completion");
  requireDistribution(base, rewards);
  const order = Array.from({ length: base.length }, (_, i) => i).sort((i, j) => rewards[i] - rewards[j]);
  const best = new Float64Array(base.length);
  let below = 0;
  for (let at = 0; at < order.length; ) {
    let end = at;
    let mass = 0;
    while (end < order.length && rewards[order[end]] === rewards[order[at]]) mass += base[order[end++]];
    // The last group takes all that is left, so that rounding of the sum of the base stays out.
    const upTo = end === order.length ? 1 : Math.min(below + mass, 1);
    const share = power(upTo, n) - power(below, n);
    for (let k = at; k < end; k++) best[order[k]] = mass > 0 ? (share * base[order[k]]) / mass : 0;
    below = upTo;
    at = end;
  }
  return best;
}

/**
 * log n − (n − 1)/n, in nats: KL(best of n ‖ base) is at most this, and equal to it only where no two draws can be alike
 * (Beirami et al. 2024). For finite worlds the divergence is below.
 *
 * @throws AscentError "option" for n below 1.
 */
export function bestOfNKlBound(n: number): number {
  checkArguments("bestOfNKlBound", { n: wholeNumber(1) }, { n });
  return log(n) - (n - 1) / n;
}

function power(x: number, n: number): number {
  if (x <= 0) return 0;
  return exp(n * (x > 0.5 ? log1p(x - 1) : log(x)));
}

function requireDistribution(base: ArrayLike<number>, rewards: ArrayLike<number>): void {
  let sum = 0;
  for (let i = 0; i < base.length; i++) {
    if (Number.isNaN(rewards[i])) {
      throw new AscentError("non-finite", {
        what: `bestOfN: reward ${i}`,
        got: "NaN",
        expected: "a number",
        fix: "Leave completions without a reward out, of the base too.",
      });
    }
    sum += base[i] >= 0 ? base[i] : Number.NaN;
  }
  if (Math.abs(sum - 1) <= 1e-6) return;
  throw new AscentError("option", {
    what: "bestOfN: base is no distribution",
    got: `a sum of ${describeValue(sum)}`,
    expected: "probabilities, none below 0, of sum 1",
    fix: "Divide the base by its sum.",
  });
}
