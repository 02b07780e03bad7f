/**
 * How far the theory's penalty would let a policy move, beside how far a trust region does (docs/theory.md, 19, 20): both
 * along the natural gradient x = F⁻¹ g, on a tabular MDP with exact quantities. The penalty C = 4εγ/(1 − γ)² guarantees
 * improvement and allows steps so small that nobody uses it: which is why TRPO has a constraint instead (Schulman et al.
 * 2015, section 4).
 */

import { above, checkArguments, checkOptions, finiteNumber, type OptionChecks, optional } from "../arguments/checks.ts";
import { mdpCheck, modelCheck, table } from "./argumentChecks.ts";
import { discountedStateWeights, objective } from "./exactValues.ts";
import { maxKl, meanKl } from "./klDivergence.ts";
import { dot, quadraticForm, solve } from "./linearAlgebra.ts";
import { performanceLowerBound, trustRegionPenalty } from "./performanceDifference.ts";
import { exactGradient, fisherMatrix, normalised } from "./policyGradientTheorem.ts";
import type { PolicyModel } from "./policyModel.ts";
import type { TabularMdp } from "./tabularMdp.ts";

export interface NaturalStep {
  /** β of θ' = θ + β x. */
  readonly length: number;
  /** ‖β x‖₂ */
  readonly parameterDistance: number;
  /** Mean KL(π ‖ π') over the states π visits, and the largest one over the states where something is decided. */
  readonly meanKl: number;
  readonly maxKl: number;
  /** η(π') − η(π), exactly. */
  readonly improvement: number;
  /** What the bound of TRPO eq. 9 guarantees of it: L_π(π') − C max KL − η(π). */
  readonly guaranteed: number;
}

export interface PenaltyComparison {
  /** C = 4εγ/(1 − γ)², ε = max |A| */
  readonly penalty: number;
  /** x = (F + damping)⁻¹ g [parameters] */
  readonly direction: Float64Array;
  /** β = gᵀx / (C max_s xᵀF_s x): the best of the bound to second order, L ≈ η + β gᵀx, KL_s ≈ ½ β² xᵀF_s x. */
  readonly penaltyStep: NaturalStep;
  /** β = √(2δ / xᵀ F x), as in TRPO. */
  readonly trustRegionStep: NaturalStep;
}

export interface PenaltyComparisonOptions {
  /** δ: the mean KL the trust region allows, in nats. Default 0.01. */
  delta?: number;
  /** Added to F's diagonal: F of a softmax table has directions that change nothing. Default 1e-6. */
  damping?: number;
}

const comparisonOptions: OptionChecks<PenaltyComparisonOptions> = {
  delta: optional(above(0)),
  damping: optional(finiteNumber),
};

/** @throws AscentError "option" unless γ < 1. */
export function comparePenaltyStep(
  mdp: TabularMdp,
  model: PolicyModel,
  parameters: Float64Array,
  options: PenaltyComparisonOptions = {},
): PenaltyComparison {
  checkArguments(
    "comparePenaltyStep",
    { mdp: mdpCheck, model: modelCheck, parameters: table },
    { mdp, model, parameters },
  );
  checkOptions("comparePenaltyStep", comparisonOptions, options);
  const { delta = 0.01, damping = 1e-6 } = options;
  const policy = model.policy(parameters);
  const count = model.parameterCount;
  const weights = normalised(discountedStateWeights(mdp, policy));
  const gradient = exactGradient(mdp, model, parameters);
  const fisher = fisherMatrix(model, parameters, weights);
  const damped = fisher.map((entry, i) => entry + (i % (count + 1) === 0 ? damping : 0));
  const direction = solve(damped, gradient, "Raise the damping: the Fisher matrix of this policy is singular.");
  const penalty = trustRegionPenalty(mdp, policy);
  const sharpest = largestCurvature(mdp, model, parameters, direction);

  const stepOf = (length: number): NaturalStep => {
    const next = model.policy(parameters.map((theta, j) => theta + length * direction[j]));
    const before = objective(mdp, policy);
    return {
      length,
      parameterDistance: length * Math.sqrt(dot(direction, direction)),
      meanKl: meanKl(policy, next, mdp.actions, weights),
      maxKl: maxKl(policy, next, mdp.actions, mdp.terminal),
      improvement: objective(mdp, next) - before,
      guaranteed: performanceLowerBound(mdp, policy, next) - before,
    };
  };
  return {
    penalty,
    direction,
    penaltyStep: stepOf(dot(gradient, direction) / (penalty * sharpest)),
    trustRegionStep: stepOf(Math.sqrt((2 * delta) / quadraticForm(direction, fisher))),
  };
}

/** max_s xᵀ F_s x over the states where something is decided; F_s is the Fisher matrix of π(·|s) alone. */
function largestCurvature(mdp: TabularMdp, model: PolicyModel, parameters: Float64Array, x: Float64Array): number {
  let largest = 0;
  for (let s = 0; s < mdp.states; s++) {
    if (mdp.terminal[s] !== 0) continue;
    const alone = new Float64Array(mdp.states);
    alone[s] = 1;
    largest = Math.max(largest, quadraticForm(x, fisherMatrix(model, parameters, alone)));
  }
  return largest;
}
