/**
 * Exact values of a policy table π(a|s) on a tabular MDP without a clock, by solving the Bellman equations as a linear system
 * in float64 (Sutton & Barto 2018, ch. 3 and 13). Episodes with a clock are in finiteHorizon.ts.
 */

import { checkArguments, numbers, optional } from "../arguments/checks.ts";
import { table as float64s, mdpCheck } from "./argumentChecks.ts";
import { dot, requireLength, solve, transposed } from "./linearAlgebra.ts";
import { requirePolicy, type TabularMdp } from "./tabularMdp.ts";

/** P_π(s'|s) = Σ_a π(a|s) P(s'|s,a) [states × states]; rows of terminal states are 0: nothing follows them. */
export function stateTransition(mdp: TabularMdp, policy: Float64Array): Float64Array {
  checkArguments("stateTransition", { mdp: mdpCheck, policy: float64s }, { mdp, policy });
  requirePolicy(mdp, policy);
  const { states, actions, transition, terminal } = mdp;
  const out = new Float64Array(states * states);
  for (let s = 0; s < states; s++) {
    if (terminal[s] !== 0) continue;
    for (let a = 0; a < actions; a++) {
      const probability = policy[s * actions + a];
      for (let next = 0; next < states; next++) {
        out[s * states + next] += probability * transition[(s * actions + a) * states + next];
      }
    }
  }
  return out;
}

/** r_π(s) = Σ_a π(a|s) r(s,a) [states]; for any table r [states × actions], by default the rewards. */
export function expectedOverActions(
  mdp: TabularMdp,
  policy: Float64Array,
  table: Float64Array = mdp.reward,
): Float64Array {
  checkArguments("expectedOverActions", { mdp: mdpCheck, policy: float64s, table: float64s }, { mdp, policy, table });
  const { states, actions, terminal } = mdp;
  return Float64Array.from({ length: states }, (_, s) => {
    let sum = 0;
    for (let a = 0; a < actions; a++) sum += policy[s * actions + a] * table[s * actions + a];
    return terminal[s] === 0 ? sum : 0;
  });
}

const NO_END = "Undiscounted tasks (γ = 1) need a terminal state that is reached from everywhere.";

/**
 * V_π(s) = E[Σ_t γ^t r_t | s₁ = s] [states]: the solution of (I − γ P_π) V = r_π.
 *
 * @param rewards r(s,a) [states × actions]; by default the MDP's own.
 * @throws AscentError "non-finite" when values are infinite (γ = 1 and episodes that need not end).
 */
export function stateValues(mdp: TabularMdp, policy: Float64Array, rewards?: Float64Array): Float64Array {
  checkArguments(
    "stateValues",
    { mdp: mdpCheck, policy: float64s, rewards: optional(float64s) },
    { mdp, policy, rewards },
  );
  return solve(bellmanMatrix(mdp, policy), expectedOverActions(mdp, policy, rewards), NO_END);
}

/** Q_π(s,a) = r(s,a) + γ Σ_s' P(s'|s,a) V_π(s') [states × actions]; 0 in terminal states. */
export function actionValues(mdp: TabularMdp, policy: Float64Array): Float64Array {
  checkArguments("actionValues", { mdp: mdpCheck, policy: float64s }, { mdp, policy });
  return actionValuesFrom(mdp, stateValues(mdp, policy));
}

/** One step of look-ahead from any V [states]: r(s,a) + γ Σ_s' P(s'|s,a) V(s') [states × actions]. */
export function actionValuesFrom(mdp: TabularMdp, values: Float64Array): Float64Array {
  checkArguments("actionValuesFrom", { mdp: mdpCheck, values: numbers }, { mdp, values });
  requireLength("actionValuesFrom: values", values, mdp.states);
  const { states, transition, reward, gamma } = mdp;
  return reward.map((r, i) => {
    let next = 0;
    for (let s = 0; s < states; s++) if (mdp.terminal[s] === 0) next += transition[i * states + s] * values[s];
    return r + gamma * next;
  });
}

/** A_π(s,a) = Q_π(s,a) − V_π(s) [states × actions]. */
export function advantages(mdp: TabularMdp, policy: Float64Array): Float64Array {
  checkArguments("advantages", { mdp: mdpCheck, policy: float64s }, { mdp, policy });
  const values = stateValues(mdp, policy);
  return actionValuesFrom(mdp, values).map((q, i) => q - values[Math.floor(i / mdp.actions)]);
}

/**
 * ρ_π(s) = Σ_t γ^t P(s_t = s) [states], not normalised (Schulman et al. 2015, section 2): the solution of
 * (I − γ P_πᵀ) ρ = p(s₁). Sums to 1/(1 − γ) without terminal states; those count 0, since no action is taken there.
 */
export function discountedStateWeights(mdp: TabularMdp, policy: Float64Array): Float64Array {
  checkArguments("discountedStateWeights", { mdp: mdpCheck, policy: float64s }, { mdp, policy });
  const weights = solve(transposed(bellmanMatrix(mdp, policy), mdp.states), mdp.start, NO_END);
  return weights.map((weight, s) => (mdp.terminal[s] === 0 ? weight : 0));
}

/** J(π) = E[Σ_t γ^t r_t] = Σ_s p(s₁ = s) V_π(s) (docs/theory.md, 1; η(π) in the trust-region papers). */
export function objective(mdp: TabularMdp, policy: Float64Array): number {
  checkArguments("objective", { mdp: mdpCheck, policy: float64s }, { mdp, policy });
  return dot(mdp.start, stateValues(mdp, policy));
}

/** I − γ P_π [states × states]. */
function bellmanMatrix(mdp: TabularMdp, policy: Float64Array): Float64Array {
  const { states, gamma } = mdp;
  return stateTransition(mdp, policy).map((p, i) => (i % (states + 1) === 0 ? 1 : 0) - gamma * p);
}
