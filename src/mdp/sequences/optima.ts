/**
 * Where preference methods converge on a finite world (docs/theory.md, 26 and 27): KL-regularised optima in closed form, and what
 * other placements of the KL term and other losses have in their stead. Distributions are over whole sequences [count].
 */

import { checkArguments, numbers, positiveNumber } from "../../arguments/checks.ts";
import { exp, log } from "../../math/deterministic.ts";
import { stateKl } from "../klDivergence.ts";
import { requireLength } from "../linearAlgebra.ts";

export interface RegularisedOptimum {
  /** π* ∝ π_ref e^{r/β} [count] */
  readonly policy: Float64Array;
  /** log Z = log E_ref[e^{r/β}] */
  readonly logZ: number;
  /** β log Z, the largest E[r] − β KL there is. */
  readonly value: number;
  /** KL(π* ‖ π_ref) */
  readonly kl: number;
}

/**
 * The maximiser of E_π[r] − β KL(π ‖ π_ref) (Ziegler et al. 2019; Rafailov et al. 2023, eq. 4). Any other policy is worth
 * β KL(π ‖ π*) less. With r(y) = p(y ≻ μ) and β = τ it is IPO's optimum (Azar et al. 2024).
 *
 * @param reference π_ref [count]
 * @param rewards r [count]
 * @param beta β > 0
 * @throws AscentError "shape" for arrays that do not fit, "option" for a β that is not above 0.
 */
export function regularisedOptimum(
  reference: ArrayLike<number>,
  rewards: ArrayLike<number>,
  beta: number,
): RegularisedOptimum {
  requireWorld("regularisedOptimum", reference, rewards, beta);
  const exponents = Float64Array.from(rewards, (reward) => reward / beta);
  const largest = exponents.reduce((a, b) => Math.max(a, b), -Infinity);
  const policy = exponents.map((exponent, y) => reference[y] * exp(exponent - largest));
  const sum = policy.reduce((a, b) => a + b, 0);
  const logZ = largest + log(sum);
  for (let y = 0; y < policy.length; y++) policy[y] /= sum;
  const [kl] = stateKl(policy, Float64Array.from(reference), policy.length);
  return { policy, logZ, value: beta * logZ, kl };
}

/** E_π[r] − β KL(π ‖ π_ref). @throws AscentError as `regularisedOptimum`. */
export function regularisedObjective(
  policy: ArrayLike<number>,
  reference: ArrayLike<number>,
  rewards: ArrayLike<number>,
  beta: number,
): number {
  requireWorld("regularisedObjective", reference, rewards, beta);
  checkArguments("regularisedObjective", { policy: numbers }, { policy });
  requireLength("regularisedObjective: the policy", policy, rewards.length);
  let expected = 0;
  for (let y = 0; y < policy.length; y++) expected += policy[y] * rewards[y];
  return expected - beta * stateKl(Float64Array.from(policy), Float64Array.from(reference), policy.length)[0];
}

/**
 * The maximiser of E_π[r] − β KL(π_ref ‖ π), β π_ref/(λ − r) with λ such that it sums to 1: where k3 without correction in the
 * loss leads, not where RLHF wants to be.
 *
 * @throws AscentError as `regularisedOptimum`.
 */
export function forwardKlOptimum(reference: ArrayLike<number>, rewards: ArrayLike<number>, beta: number): Float64Array {
  requireWorld("forwardKlOptimum", reference, rewards, beta);
  const at = (lambda: number) => Float64Array.from(rewards, (reward, y) => (beta * reference[y]) / (lambda - reward));
  let low = Array.from(rewards).reduce((a, reward, y) => (reference[y] > 0 ? Math.max(a, reward) : a), -Infinity);
  // There the sum is at most 1, as every term is at most its share of the reference.
  let high = low + beta;
  for (let i = 0; i < 200 && high - low > 0; i++) {
    const middle = low + (high - low) / 2;
    if (middle === low || middle === high) break;
    if (at(middle).reduce((a, b) => a + b, 0) > 1) low = middle;
    else high = middle;
  }
  return at(high);
}

/** p(i ≻ j) = σ(r_i − r_j) of every ordered pair [count × count] (Bradley & Terry 1952). @throws AscentError "shape" */
export function bradleyTerryPreferences(rewards: ArrayLike<number>): Float64Array {
  checkArguments("bradleyTerryPreferences", { rewards: numbers }, { rewards });
  const n = rewards.length;
  return Float64Array.from({ length: n * n }, (_, k) => 1 / (1 + exp(rewards[k % n] - rewards[Math.floor(k / n)])));
}

/**
 * p(y ≻ μ) = Σ_j μ_j p(y ≻ j) [count], IPO's reward.
 *
 * @param preferences p(i ≻ j) [count × count]
 * @param opponents μ [count]
 * @throws AscentError "shape" for arrays that do not fit.
 */
export function winRates(preferences: ArrayLike<number>, opponents: ArrayLike<number>): Float64Array {
  checkArguments("winRates", { preferences: numbers, opponents: numbers }, { preferences, opponents });
  const n = opponents.length;
  requireLength("winRates: the preferences", preferences, n * n);
  return Float64Array.from({ length: n }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += opponents[j] * preferences[i * n + j];
    return sum;
  });
}

function requireWorld(caller: string, reference: ArrayLike<number>, rewards: ArrayLike<number>, beta: number): void {
  checkArguments(caller, { reference: numbers, rewards: numbers, beta: positiveNumber }, { reference, rewards, beta });
  requireLength(`${caller}: the rewards`, rewards, reference.length);
}
