/** The exact gradient of the discounted objective, and the Fisher matrix beside it (docs/theory.md, 2, 18). */

import { checkArguments, numbers } from "../arguments/checks.ts";
import { table as float64s, mdpCheck, modelCheck } from "./argumentChecks.ts";
import { actionValues, discountedStateWeights } from "./exactValues.ts";
import { requireLength } from "./linearAlgebra.ts";
import type { PolicyModel } from "./policyModel.ts";
import type { TabularMdp } from "./tabularMdp.ts";

/**
 * ∇J = Σ_s ρ_π(s) Σ_a π(a|s) ∇log π(a|s) Q_π(s,a) [parameters]: the policy-gradient theorem (Sutton et al. 2000, Theorem 1).
 */
export function exactGradient(mdp: TabularMdp, model: PolicyModel, parameters: Float64Array): Float64Array {
  checkArguments(
    "exactGradient",
    { mdp: mdpCheck, model: modelCheck, parameters: float64s },
    { mdp, model, parameters },
  );
  const policy = model.policy(parameters);
  return scoreSum(model, parameters, policy, discountedStateWeights(mdp, policy), actionValues(mdp, policy));
}

/** Σ_s w(s) Σ_a π(a|s) ∇log π(a|s) q(s,a) for any state weights w and table q; `policy` may be another than the model's. */
export function scoreSum(
  model: PolicyModel,
  parameters: Float64Array,
  policy: Float64Array,
  stateWeights: ArrayLike<number>,
  table: ArrayLike<number>,
): Float64Array {
  checkArguments(
    "scoreSum",
    { model: modelCheck, parameters: float64s, policy: float64s, stateWeights: numbers, table: numbers },
    { model, parameters, policy, stateWeights, table },
  );
  requireLength("scoreSum: stateWeights", stateWeights, model.states);
  requireLength("scoreSum: table", table, policy.length);
  const scores = model.scores(parameters);
  const count = model.parameterCount;
  const out = new Float64Array(count);
  for (let pair = 0; pair < policy.length; pair++) {
    const weight = stateWeights[Math.floor(pair / model.actions)] * policy[pair] * table[pair];
    if (weight === 0) continue;
    for (let j = 0; j < count; j++) out[j] += weight * scores[pair * count + j];
  }
  return out;
}

/**
 * F = Σ_s w(s) Σ_a π(a|s) ∇log π(a|s) ∇log π(a|s)ᵀ [parameters × parameters] (Kakade 2002; docs/theory.md, 18).
 *
 * @param stateWeights w(s) [states]. For the mean over visited states pass ρ_π divided by its sum (`normalised`).
 */
export function fisherMatrix(
  model: PolicyModel,
  parameters: Float64Array,
  stateWeights: ArrayLike<number>,
): Float64Array {
  checkArguments(
    "fisherMatrix",
    { model: modelCheck, parameters: float64s, stateWeights: numbers },
    { model, parameters, stateWeights },
  );
  requireLength("fisherMatrix: stateWeights", stateWeights, model.states);
  const policy = model.policy(parameters);
  const scores = model.scores(parameters);
  const count = model.parameterCount;
  const out = new Float64Array(count * count);
  for (let pair = 0; pair < policy.length; pair++) {
    const weight = stateWeights[Math.floor(pair / model.actions)] * policy[pair];
    if (weight === 0) continue;
    const score = scores.subarray(pair * count, (pair + 1) * count);
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < count; j++) out[i * count + j] += weight * score[i] * score[j];
    }
  }
  return out;
}

/** The weights divided by their sum. */
export function normalised(weights: Float64Array): Float64Array {
  checkArguments("normalised", { weights: float64s }, { weights });
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}
