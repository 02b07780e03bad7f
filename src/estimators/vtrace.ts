/**
 * V-trace (Espeholt et al. 2018, "IMPALA", eq. 1; docs/theory.md, 16): value targets from another policy's data, with ratios
 * truncated twice. ρ̄ decides which policy's value is learned (∞: the new one's; small: nearer the behaviour's), c̄ how far
 * corrections travel back (variance only).
 */

import { describeValue } from "../arguments/describeValue.ts";
import { AscentError } from "../errors.ts";
import { exp } from "../math/deterministic.ts";
import { type BootstrappedEpisodes, requireBootstrapped, valueBehind } from "./bootstrapped.ts";
import { type Output, requireShare, requireStepOutput, requireSteps } from "./episodes.ts";

export interface VTraceInputs extends BootstrappedEpisodes {
  /** log ρ_t [steps] */
  readonly logRatios: ArrayLike<number>;
  /** ρ̄ > 0; Infinity for none. Default 1. Not below c̄ (Espeholt et al. 2018, section 4.1). */
  readonly rhoBar?: number;
  /** c̄ > 0. Default 1. */
  readonly cBar?: number;
  /** λ in [0, 1], multiplies c (Espeholt et al. 2018, remark 2). Default 1. */
  readonly lambda?: number;
}

/**
 * v_t = V(s_t) + δ_t + γ c_t (v_{t+1} − V(s_{t+1})) with δ_t = ρ_t (r_t + γ V(s_{t+1}) − V(s_t)), ρ_t = min(ρ̄, ratio),
 * c_t = λ min(c̄, ratio); and the policy-gradient advantage ρ_t (r_t + γ v_{t+1} − V(s_t)).
 *
 * With λ < 1 the v of that advantage is the λ-discounted target. On policy (all ratios 1, bars ≥ 1, λ = 1) v_t is the n-step
 * return to the end of the trajectory.
 *
 * @param targets v_t [steps], written
 * @param advantages [steps], written
 * @throws AscentError "option" for γ or λ outside [0, 1] or bars that are not above 0, "shape" for lengths that do not fit.
 */
export function vTrace(inputs: VTraceInputs, targets: Output, advantages: Output): void {
  requireBootstrapped("vTrace", inputs);
  const { offsets, rewards, values, logRatios, gamma, rhoBar = 1, cBar = 1, lambda = 1 } = inputs;
  requireStepOutput("vTrace: targets", offsets, targets);
  requireStepOutput("vTrace: advantages", offsets, advantages);
  requireSteps("vTrace: log ratios", offsets, logRatios);
  requireShare("vTrace: λ", lambda);
  if (![rhoBar, cBar].every((bar) => typeof bar === "number" && bar > 0)) {
    throw new AscentError("option", {
      what: "vTrace: bounds of the ratios are not usable",
      got: `ρ̄ = ${describeValue(rhoBar)}, c̄ = ${describeValue(cBar)}`,
      expected: "numbers above 0",
      fix: "Give Infinity for no bound.",
    });
  }
  for (let i = 0; i < offsets.length - 1; i++) {
    let nextValue = valueBehind(inputs, i);
    let nextTarget = nextValue;
    for (let k = offsets[i + 1] - 1; k >= offsets[i]; k--) {
      const ratio = exp(logRatios[k]);
      const rho = Math.min(rhoBar, ratio);
      const c = lambda * Math.min(cBar, ratio);
      const delta = rho * (rewards[k] + gamma * nextValue - values[k]);
      advantages[k] = rho * (rewards[k] + gamma * nextTarget - values[k]);
      nextTarget = values[k] + delta + gamma * c * (nextTarget - nextValue);
      nextValue = values[k];
      targets[k] = nextTarget;
    }
  }
}
