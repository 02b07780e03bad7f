/**
 * How much better π̃ is than π, exactly, and what can be said from π's own states (docs/theory.md, 20): the
 * performance-difference lemma (Kakade & Langford 2002), the surrogate L_π(π̃) and TRPO's lower bound (Schulman et al.
 * 2015). Discounted, without a clock.
 */

import { checkArguments } from "../arguments/checks.ts";
import { describeValue } from "../arguments/describeValue.ts";
import { AscentError } from "../errors.ts";
import { mdpCheck, table } from "./argumentChecks.ts";
import { advantages, discountedStateWeights, expectedOverActions, objective, stateValues } from "./exactValues.ts";
import { maxKl } from "./klDivergence.ts";
import { dot } from "./linearAlgebra.ts";
import type { TabularMdp } from "./tabularMdp.ts";

/** η(π̃) − η(π) = E_τ~π̃[Σ_t γ^t A_π(s_t, a_t)]: the return of π̃ when advantages of π are the rewards (TRPO eq. 1). */
export function performanceDifferenceByTrajectories(
  mdp: TabularMdp,
  policy: Float64Array,
  newPolicy: Float64Array,
): number {
  checkArguments(
    "performanceDifferenceByTrajectories",
    { mdp: mdpCheck, policy: table, newPolicy: table },
    { mdp, policy, newPolicy },
  );
  return dot(mdp.start, stateValues(mdp, newPolicy, advantages(mdp, policy)));
}

/** η(π̃) − η(π) = Σ_s ρ_π̃(s) Σ_a π̃(a|s) A_π(s,a) (TRPO eq. 2). */
export function performanceDifferenceByStates(mdp: TabularMdp, policy: Float64Array, newPolicy: Float64Array): number {
  checkArguments(
    "performanceDifferenceByStates",
    { mdp: mdpCheck, policy: table, newPolicy: table },
    { mdp, policy, newPolicy },
  );
  return dot(discountedStateWeights(mdp, newPolicy), expectedOverActions(mdp, newPolicy, advantages(mdp, policy)));
}

/**
 * L_π(π̃) = η(π) + Σ_s ρ_π(s) Σ_a π̃(a|s) A_π(s,a) (TRPO eq. 3): the lemma with the old policy's states; equal to η in value
 * and gradient at π̃ = π.
 */
export function surrogateObjective(mdp: TabularMdp, policy: Float64Array, newPolicy: Float64Array): number {
  checkArguments("surrogateObjective", { mdp: mdpCheck, policy: table, newPolicy: table }, { mdp, policy, newPolicy });
  const gain = dot(discountedStateWeights(mdp, policy), expectedOverActions(mdp, newPolicy, advantages(mdp, policy)));
  return objective(mdp, policy) + gain;
}

/** C = 4 ε γ / (1 − γ)², ε = max_{s,a} |A_π(s,a)| (TRPO Theorem 1). @throws AscentError "option" unless γ < 1. */
export function trustRegionPenalty(mdp: TabularMdp, policy: Float64Array): number {
  checkArguments("trustRegionPenalty", { mdp: mdpCheck, policy: table }, { mdp, policy });
  const { gamma } = mdp;
  if (!(gamma < 1)) {
    throw new AscentError("option", {
      what: "The bound needs a discount",
      got: `γ = ${describeValue(gamma)}`,
      expected: "γ < 1",
      fix: "Make the MDP with a smaller gamma.",
    });
  }
  const largest = advantages(mdp, policy).reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  return (4 * largest * gamma) / ((1 - gamma) * (1 - gamma));
}

/** L_π(π̃) − C max_s KL(π ‖ π̃) ≤ η(π̃) (TRPO eq. 9). */
export function performanceLowerBound(mdp: TabularMdp, policy: Float64Array, newPolicy: Float64Array): number {
  checkArguments(
    "performanceLowerBound",
    { mdp: mdpCheck, policy: table, newPolicy: table },
    { mdp, policy, newPolicy },
  );
  const divergence = maxKl(policy, newPolicy, mdp.actions, mdp.terminal);
  return surrogateObjective(mdp, policy, newPolicy) - trustRegionPenalty(mdp, policy) * divergence;
}
