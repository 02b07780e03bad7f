/**
 * Exact quantities of episodes that the clock ends after `horizon` steps (docs/theory.md, 1-2): values depend on the time as
 * well as the state. γ is the MDP's own; γ = 1 gives undiscounted sums. Times count from 0.
 */

import {
  checkArgument,
  checkArguments,
  checkOptions,
  type OptionChecks,
  oneOf,
  optional,
} from "../arguments/checks.ts";
import { AscentError } from "../errors.ts";
import { count, mdpCheck, modelCheck, table } from "./argumentChecks.ts";
import { expectedOverActions, stateTransition } from "./exactValues.ts";
import type { PolicyModel } from "./policyModel.ts";
import { requirePolicy, type TabularMdp } from "./tabularMdp.ts";

export interface FiniteHorizonValues {
  readonly horizon: number;
  /** V_t(s) [(horizon + 1) × states]; the last row is 0. */
  readonly values: Float64Array;
  /** Q_t(s,a) [horizon × states × actions] */
  readonly actionValues: Float64Array;
}

/** V_t and Q_t by backward recursion: Q_t(s,a) = r(s,a) + γ Σ_s' P(s'|s,a) V_{t+1}(s'), V_t(s) = Σ_a π(a|s) Q_t(s,a). */
export function finiteHorizonValues(
  mdp: TabularMdp,
  policy: Float64Array,
  horizon = requireHorizon(mdp),
): FiniteHorizonValues {
  checkArguments("finiteHorizonValues", { mdp: mdpCheck, policy: table, horizon: count }, { mdp, policy, horizon });
  requirePolicy(mdp, policy);
  const { states, actions, transition, reward, gamma } = mdp;
  const pairs = states * actions;
  const values = new Float64Array((horizon + 1) * states);
  const actionValues = new Float64Array(horizon * pairs);
  for (let t = horizon - 1; t >= 0; t--) {
    const next = values.subarray((t + 1) * states, (t + 2) * states);
    const table = actionValues.subarray(t * pairs, (t + 1) * pairs);
    for (let i = 0; i < pairs; i++) {
      let expected = 0;
      for (let s = 0; s < states; s++) expected += transition[i * states + s] * next[s];
      table[i] = reward[i] + gamma * expected;
    }
    values.set(expectedOverActions(mdp, policy, table), t * states);
  }
  return { horizon, values, actionValues };
}

/** P(s_t = s, the episode not over) [horizon × states]; terminal states count 0. */
export function stateProbabilities(mdp: TabularMdp, policy: Float64Array, horizon = requireHorizon(mdp)): Float64Array {
  checkArguments("stateProbabilities", { mdp: mdpCheck, policy: table, horizon: count }, { mdp, policy, horizon });
  const { states, terminal } = mdp;
  const chain = stateTransition(mdp, policy);
  const out = new Float64Array(horizon * states);
  out.set(mdp.start);
  for (let t = 1; t < horizon; t++) {
    for (let s = 0; s < states; s++) {
      const probability = out[(t - 1) * states + s];
      for (let next = 0; next < states; next++) {
        if (terminal[next] === 0) out[t * states + next] += probability * chain[s * states + next];
      }
    }
  }
  return out;
}

/** J = E[Σ_{t<T} γ^t r_t]. */
export function finiteHorizonObjective(mdp: TabularMdp, policy: Float64Array, horizon = requireHorizon(mdp)): number {
  checkArguments("finiteHorizonObjective", { mdp: mdpCheck, policy: table, horizon: count }, { mdp, policy, horizon });
  const { values } = finiteHorizonValues(mdp, policy, horizon);
  return mdp.start.reduce((sum, probability, s) => sum + probability * values[s], 0);
}

export interface FiniteHorizonGradientOptions {
  /** Default: the MDP's. */
  horizon?: number;
  /**
   * "discounted" (default) carries γ^t and is ∇J; "undiscounted" leaves it out, as most implementations do, and is the
   * gradient of nothing (Thomas 2014; Nota & Thomas 2020; docs/theory.md, 10).
   */
  stateWeights?: "discounted" | "undiscounted";
  /** The policy whose state probabilities are taken (off-policy forms, docs/theory.md, 15). Default: the model's own. */
  statesOf?: Float64Array;
  /** The policy whose Q_t is taken. Default: the model's own. */
  valuesOf?: Float64Array;
}

const gradientOptions: OptionChecks<FiniteHorizonGradientOptions> = {
  horizon: optional(count),
  stateWeights: optional(oneOf(["discounted", "undiscounted"])),
  statesOf: optional(table),
  valuesOf: optional(table),
};

/**
 * ∇J = Σ_t γ^t Σ_s P(s_t = s) Σ_a π(a|s) ∇log π(a|s) Q_t(s,a) [parameters] (as Sutton et al. 2000, Theorem 1, which is for tasks
 * without a clock). With `statesOf` or
 * `valuesOf` another policy: what the biased off-policy estimators estimate instead.
 */
export function finiteHorizonGradient(
  mdp: TabularMdp,
  model: PolicyModel,
  parameters: Float64Array,
  options: FiniteHorizonGradientOptions = {},
): Float64Array {
  checkArguments(
    "finiteHorizonGradient",
    { mdp: mdpCheck, model: modelCheck, parameters: table },
    { mdp, model, parameters },
  );
  checkOptions("finiteHorizonGradient", gradientOptions, options);
  const { horizon = requireHorizon(mdp), stateWeights = "discounted" } = options;
  const policy = model.policy(parameters);
  const scores = model.scores(parameters);
  const { actionValues } = finiteHorizonValues(mdp, options.valuesOf ?? policy, horizon);
  const probabilities = stateProbabilities(mdp, options.statesOf ?? policy, horizon);
  const { states, actions, gamma } = mdp;
  const count = model.parameterCount;
  const gradient = new Float64Array(count);
  let discount = 1;
  for (let t = 0; t < horizon; t++) {
    for (let pair = 0; pair < states * actions; pair++) {
      const visited = probabilities[t * states + Math.floor(pair / actions)] * policy[pair];
      const weight = discount * visited * actionValues[t * states * actions + pair];
      if (weight === 0) continue;
      for (let j = 0; j < count; j++) gradient[j] += weight * scores[pair * count + j];
    }
    if (stateWeights === "discounted") discount *= gamma;
  }
  return gradient;
}

/**
 * Var_π[Π_t ρ_t] of whole trajectories, ρ_t = π'(a_t|s_t)/π(a_t|s_t): E[(Πρ)²] − 1, where E[(Πρ)²] = p(s₁) · M^T 1, T = horizon, with
 * M(s,s') = Σ_a π'(a|s)²/π(a|s) P(s'|s,a). It grows like the T-th power of M's largest eigenvalue (docs/theory.md, 14).
 */
export function trajectoryWeightVariance(
  mdp: TabularMdp,
  behaviour: Float64Array,
  target: Float64Array,
  horizon = requireHorizon(mdp),
): number {
  checkArguments(
    "trajectoryWeightVariance",
    { mdp: mdpCheck, behaviour: table, target: table, horizon: count },
    { mdp, behaviour, target, horizon },
  );
  requirePolicy(mdp, behaviour);
  const { states, actions, transition, terminal } = mdp;
  let moments = new Float64Array(states).fill(1);
  for (let t = 0; t < horizon; t++) {
    const next = moments;
    moments = Float64Array.from({ length: states }, (_, s) => {
      if (terminal[s] !== 0) return 1;
      let sum = 0;
      for (let pair = s * actions; pair < (s + 1) * actions; pair++) {
        if (target[pair] === 0) continue;
        const square = (target[pair] * target[pair]) / behaviour[pair];
        for (let to = 0; to < states; to++) sum += square * transition[pair * states + to] * next[to];
      }
      return sum;
    });
  }
  return mdp.start.reduce((sum, probability, s) => sum + probability * moments[s], 0) - 1;
}

/** @throws AscentError "option" when the MDP has no clock. */
export function requireHorizon(mdp: TabularMdp): number {
  checkArgument("The world", mdpCheck, mdp);
  if (mdp.horizon !== undefined) return mdp.horizon;
  throw new AscentError("option", {
    what: "This MDP has no horizon",
    expected: "a number of steps",
    fix: "Pass one, or make the MDP with { horizon }.",
  });
}
