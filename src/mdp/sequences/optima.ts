/**
 * Where preference methods converge on a finite world (docs/theory.md, 26 and 27): KL-regularised optima in closed form, and what
 * other placements of the KL term and other losses have in their stead. Distributions are over whole sequences [count].
 */

import { checkArguments, numbers, positiveNumber } from "../../arguments/checks.ts";
import { exp, log } from "../../math/deterministic.ts";
import { stateKl } from "../klDivergence.ts";
import { requireLength } from "../linearAlgebra.ts";
import { logitsOf, type SequenceWorld, sequenceProbabilities } from "./sequenceWorld.ts";

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

/**
 * Where a KL term for each token at the prefixes that are visited leads, without its effect on which prefixes those are, as in GRPO's
 * loss (with the corrected estimate): π(a|x) ∝ π_ref(a|x) e^{Q(x, a)/β} at every prefix x, where Q is the expected reward alone, what
 * later tokens pay left out. Of sentences of one token that is `regularisedOptimum`; of longer ones it is worth less.
 *
 * @param reference π_ref, above 0 [count].
 * @returns the probabilities of whole sequences [count].
 * @throws AscentError as `regularisedOptimum`, "option" where a probability of the reference is 0.
 */
export function tokenKlOptimum(
  world: SequenceWorld,
  reference: ArrayLike<number>,
  rewards: ArrayLike<number>,
  beta: number,
): Float64Array {
  requireWorld("tokenKlOptimum", reference, rewards, beta);
  // Checks the world too, before anything is read of it.
  const logits = logitsOf(world, reference);
  const { vocabulary, length, count, prefixOf, tokens, lengths } = world;
  const expected = new Float64Array(world.parameterCount);
  const values = new Float64Array(world.prefixes);
  for (let y = 0; y < count; y++) {
    const last = y * length + lengths[y] - 1;
    expected[prefixOf[last] * vocabulary + tokens[last]] = rewards[y];
  }
  // Prefixes are numbered before what continues them, so that from the last one on all that follows is known.
  const parent = parentsOf(world);
  for (let prefix = world.prefixes - 1; prefix >= 0; prefix--) {
    const row = prefix * vocabulary;
    const tilted = Float64Array.from({ length: vocabulary }, (_, a) => logits[row + a] + expected[row + a] / beta);
    const largest = tilted.reduce((a, b) => Math.max(a, b), -Infinity);
    const weights = tilted.map((x) => exp(x - largest));
    const sum = weights.reduce((a, b) => a + b, 0);
    for (let a = 0; a < vocabulary; a++) {
      logits[row + a] = tilted[a];
      values[prefix] += (weights[a] / sum) * expected[row + a];
    }
    if (prefix > 0) expected[parent[prefix]] = values[prefix];
  }
  return sequenceProbabilities(world, logits);
}

/** The entry [prefix · vocabulary + token] that each prefix but the empty one came from. */
function parentsOf({ count, length, lengths, prefixOf, tokens, vocabulary, prefixes }: SequenceWorld): Int32Array {
  const parent = new Int32Array(prefixes);
  for (let y = 0; y < count; y++) {
    for (let t = 1; t < lengths[y]; t++) {
      const k = y * length + t;
      parent[prefixOf[k]] = prefixOf[k - 1] * vocabulary + tokens[k - 1];
    }
  }
  return parent;
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
