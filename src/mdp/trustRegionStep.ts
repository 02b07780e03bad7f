/**
 * One step of the natural policy gradient and of TRPO on a tabular MDP, exactly and with all that it goes through: gradient,
 * Fisher matrix, conjugate gradients, and every try of the line search (docs/theory.md, 18, 19, 21). What training does with
 * samples is algorithms/trustRegion; what the theory's penalty would allow, penaltyStep.ts.
 */

import {
  above,
  checkArguments,
  checkOptions,
  notNegativeNumber,
  type OptionChecks,
  optional,
  positiveNumber,
} from "../arguments/checks.ts";
import { AscentError } from "../errors.ts";
import { count, mdpCheck, modelCheck, table } from "./argumentChecks.ts";
import { type ConjugateGradientPath, conjugateGradientPath } from "./conjugateGradientPath.ts";
import { discountedStateWeights, objective } from "./exactValues.ts";
import { meanKl } from "./klDivergence.ts";
import { dot, quadraticForm } from "./linearAlgebra.ts";
import { surrogateObjective } from "./performanceDifference.ts";
import { exactGradient, fisherMatrix, normalised } from "./policyGradientTheorem.ts";
import type { PolicyModel } from "./policyModel.ts";
import type { TabularMdp } from "./tabularMdp.ts";

export interface ExactStep {
  /** Δ of θ' = θ + Δ [parameters]. */
  readonly change: Float64Array;
  /** Mean KL(π ‖ π') over the states π visits, and ½ ΔᵀFΔ, what the quadratic model says it is. */
  readonly meanKl: number;
  readonly quadraticKl: number;
  /** η(π') − η(π), and what the surrogate says it is: L_π(π') − η(π). */
  readonly improvement: number;
  readonly surrogate: number;
}

export interface TriedStep extends ExactStep {
  /** αʲ */
  readonly fraction: number;
  /** Whether the surrogate improved and the KL is at most δ: then it is the last try. */
  readonly accepted: boolean;
}

export interface TrustRegionStep {
  /** g = ∇η [parameters] */
  readonly gradient: Float64Array;
  /** F, without damping [parameters × parameters]. */
  readonly fisher: Float64Array;
  /** Of (F + cI) x = g. */
  readonly conjugateGradient: ConjugateGradientPath;
  /** Along the gradient, as long in F as the natural step: ½ ΔᵀFΔ is the same. */
  readonly plain: ExactStep;
  /** √(2δ / xᵀ(F + cI)x) x: the natural policy gradient, and the first try of the line search. */
  readonly natural: ExactStep;
  /** The line search, in order; the step is the last one if it was accepted, and none if not. */
  readonly tries: readonly TriedStep[];
}

export interface TrustRegionStepOptions {
  /** δ, in nats. Default 0.01. */
  delta?: number;
  /** c, added to F's diagonal. Default 1e-6. */
  damping?: number;
  /** Most iterations of conjugate gradients. Default: as many as there are parameters. */
  iterations?: number;
  /** α of the line search, below 1. Default 0.8. */
  shrink?: number;
  /** Most tries. Default 10. */
  tries?: number;
}

const stepOptions: OptionChecks<TrustRegionStepOptions> = {
  delta: optional(positiveNumber),
  damping: optional(notNegativeNumber),
  iterations: optional(count),
  shrink: optional({ expected: "a number above 0 and below 1", fits: (x) => above(0).fits(x) && Number(x) < 1 }),
  tries: optional(count),
};

/** @throws AscentError "non-finite" where the gradient or F x is 0: there is no direction then. */
export function exactTrustRegionStep(
  mdp: TabularMdp,
  model: PolicyModel,
  parameters: Float64Array,
  options: TrustRegionStepOptions = {},
): TrustRegionStep {
  checkArguments(
    "exactTrustRegionStep",
    { mdp: mdpCheck, model: modelCheck, parameters: table },
    { mdp, model, parameters },
  );
  checkOptions("exactTrustRegionStep", stepOptions, options);
  const { delta = 0.01, damping = 1e-6, iterations, shrink = 0.8, tries: most = 10 } = options;
  const policy = model.policy(parameters);
  const width = model.parameterCount;
  const weights = normalised(discountedStateWeights(mdp, policy));
  const before = objective(mdp, policy);
  const gradient = exactGradient(mdp, model, parameters);
  const fisher = fisherMatrix(model, parameters, weights);
  const damped = fisher.map((entry, i) => entry + (i % (width + 1) === 0 ? damping : 0));
  const path = conjugateGradientPath(damped, gradient, { iterations });
  const direction = path.iterates[path.iterates.length - 1];
  const full = Math.sqrt((2 * delta) / quadraticForm(direction, damped));
  if (!Number.isFinite(full)) {
    throw new AscentError("non-finite", {
      what: "The trust-region step has no direction",
      got: `xᵀ(F + cI)x = ${quadraticForm(direction, damped)}, ‖g‖ = ${Math.sqrt(dot(gradient, gradient))}`,
      expected: "a gradient and a Fisher matrix that are not 0",
      fix: "Start where the policy is not certain of every action, or raise the damping.",
    });
  }
  const stepTo = (change: Float64Array): ExactStep => {
    const next = model.policy(parameters.map((theta, j) => theta + change[j]));
    return {
      change,
      meanKl: meanKl(policy, next, mdp.actions, weights),
      quadraticKl: 0.5 * quadraticForm(change, fisher),
      improvement: objective(mdp, next) - before,
      surrogate: surrogateObjective(mdp, policy, next) - before,
    };
  };
  const along = (length: number) => stepTo(direction.map((part) => length * part));
  const natural = along(full);
  const plainLength = Math.sqrt((2 * natural.quadraticKl) / quadraticForm(gradient, fisher));
  const tries: TriedStep[] = [];
  for (let fraction = 1; tries.length < most && !tries.at(-1)?.accepted; fraction *= shrink) {
    const step = along(fraction * full);
    tries.push({ ...step, fraction, accepted: step.meanKl <= delta && step.surrogate > 0 });
  }
  const plain = stepTo(gradient.map((part) => plainLength * part));
  return { gradient, fisher, conjugateGradient: path, plain, natural, tries };
}
