/**
 * KL divergence between two policy tables π, π̃ [states × actions], in nats: per state, mean and largest (docs/theory.md,
 * 18, 20).
 */

import { checkArguments, numbers, optional } from "../arguments/checks.ts";
import { log } from "../math/deterministic.ts";
import { count, table } from "./argumentChecks.ts";
import { requireLength } from "./linearAlgebra.ts";

/** KL(π(·|s) ‖ π̃(·|s)) for every state [states]; infinite where π̃ forbids what π does. */
export function stateKl(policy: Float64Array, other: Float64Array, actions: number): Float64Array {
  checkArguments("stateKl", { policy: table, other: table, actions: count }, { policy, other, actions });
  requireLength("stateKl: other", other, policy.length);
  return Float64Array.from({ length: policy.length / actions }, (_, s) => {
    let sum = 0;
    for (let i = s * actions; i < (s + 1) * actions; i++) {
      if (policy[i] > 0) sum += policy[i] * (log(policy[i]) - log(other[i]));
    }
    return Math.max(sum, 0);
  });
}

/** Σ_s w(s) KL(π(·|s) ‖ π̃(·|s)) / Σ_s w(s). TRPO's constraint takes w = ρ_π (Schulman et al. 2015, eq. 12). */
export function meanKl(
  policy: Float64Array,
  other: Float64Array,
  actions: number,
  stateWeights: ArrayLike<number>,
): number {
  checkArguments(
    "meanKl",
    { policy: table, other: table, actions: count, stateWeights: numbers },
    { policy, other, actions, stateWeights },
  );
  requireLength("meanKl: stateWeights", stateWeights, policy.length / actions);
  let sum = 0;
  let total = 0;
  stateKl(policy, other, actions).forEach((kl, s) => {
    if (stateWeights[s] > 0) sum += stateWeights[s] * kl;
    total += stateWeights[s];
  });
  return sum / total;
}

/**
 * max_s KL(π(·|s) ‖ π̃(·|s)) (Schulman et al. 2015, section 3).
 *
 * @param terminal 1 where an episode ends on arrival [states]: nothing is decided there, and the state is left out. Default: none.
 */
export function maxKl(
  policy: Float64Array,
  other: Float64Array,
  actions: number,
  terminal?: ArrayLike<number>,
): number {
  checkArguments(
    "maxKl",
    { policy: table, other: table, actions: count, terminal: optional(numbers) },
    { policy, other, actions, terminal },
  );
  if (terminal !== undefined) requireLength("maxKl: terminal", terminal, policy.length / actions);
  return stateKl(policy, other, actions).reduce((most, kl, s) => (terminal?.[s] ? most : Math.max(most, kl)), 0);
}
