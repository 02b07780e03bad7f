/**
 * What V-trace learns, exactly (Espeholt et al. 2018, theorem 1; docs/theory.md, 16): the policy whose value its targets have
 * as their fixed point, and what the targets are on average from any V. From samples: `vTrace` of the estimators.
 */

import {
  above,
  checkArguments,
  checkOptions,
  numbers,
  type OptionChecks,
  optional,
  share,
} from "../arguments/checks.ts";
import { count, mdpCheck, table } from "./argumentChecks.ts";
import { requireLength } from "./linearAlgebra.ts";
import { requirePolicy, type TabularMdp } from "./tabularMdp.ts";

/**
 * π_ρ̄(a|s) = min(ρ̄ μ(a|s), π(a|s)) / Σ_b min(ρ̄ μ(b|s), π(b|s)) [states × actions] (Espeholt et al. 2018, eq. 3): with ρ̄ = ∞
 * the target π, towards 0 the behaviour μ. `stateValues` of it is where V-trace ends, whatever c̄ and λ are.
 *
 * @param behaviour μ, which acts; `target` π [states × actions].
 * @param rhoBar ρ̄ > 0; Infinity for none.
 * @throws AscentError "option" where μ does nothing in a state that π does: nothing is learnt of it then.
 */
export function vTracePolicy(
  behaviour: Float64Array,
  target: Float64Array,
  actions: number,
  rhoBar: number,
): Float64Array {
  checkArguments(
    "vTracePolicy",
    { behaviour: table, target: table, actions: count, rhoBar: above(0) },
    { behaviour, target, actions, rhoBar },
  );
  requireLength("vTracePolicy: target", target, behaviour.length);
  const out = behaviour.map((_, pair) => kept(behaviour, target, pair, rhoBar));
  for (let row = 0; row < out.length; row += actions) {
    let sum = 0;
    for (let a = 0; a < actions; a++) sum += out[row + a];
    for (let a = 0; a < actions; a++) out[row + a] /= sum;
  }
  return out;
}

export interface VTraceTargetOptions {
  /** ρ̄ > 0. Default 1. */
  rhoBar?: number;
  /** c̄ > 0. Default 1. */
  cBar?: number;
  /** λ in [0, 1]. Default 1. */
  lambda?: number;
  /** Steps of a trajectory, behind which V stands for what follows. Default 1. */
  steps?: number;
}

const targetOptions: OptionChecks<VTraceTargetOptions> = {
  rhoBar: optional(above(0)),
  cBar: optional(above(0)),
  lambda: optional(share),
  steps: optional(count),
};

/**
 * E_μ[v_1 | s_1 = s] [states], v_1 the V-trace target of a trajectory of `steps` steps, or to a terminal state. Applied again
 * and again it goes to the value of `vTracePolicy`: the farther c̄ lets corrections travel, the faster.
 *
 * @param behaviour μ, which acts; `target` π [states × actions].
 * @param values V(s) [states]; terminal states count 0.
 */
export function vTraceTargets(
  mdp: TabularMdp,
  behaviour: Float64Array,
  target: Float64Array,
  values: Float64Array,
  options: VTraceTargetOptions = {},
): Float64Array {
  checkArguments(
    "vTraceTargets",
    { mdp: mdpCheck, behaviour: table, target: table, values: numbers },
    { mdp, behaviour, target, values },
  );
  checkOptions("vTraceTargets", targetOptions, options);
  requirePolicy(mdp, behaviour);
  requirePolicy(mdp, target);
  requireLength("vTraceTargets: values", values, mdp.states);
  const { rhoBar = 1, cBar = 1, lambda = 1, steps = 1 } = options;
  const { states, actions, transition, reward, gamma, terminal } = mdp;
  const value = Float64Array.from(values, (v, s) => (terminal[s] === 0 ? v : 0));
  let found = value;
  for (let left = 0; left < steps; left++) {
    const next = found;
    found = value.map((v, s) => {
      if (terminal[s] !== 0) return 0;
      let sum = v;
      for (let pair = s * actions; pair < (s + 1) * actions; pair++) {
        let expected = 0;
        let change = 0;
        for (let to = 0; to < states; to++) {
          expected += transition[pair * states + to] * value[to];
          change += transition[pair * states + to] * (next[to] - value[to]);
        }
        // μ times a cut ratio is the lesser of π and the bound times μ: no division by what μ hardly does.
        sum += kept(behaviour, target, pair, rhoBar) * (reward[pair] + gamma * expected - v);
        sum += lambda * kept(behaviour, target, pair, cBar) * gamma * change;
      }
      return sum;
    });
  }
  return found;
}

/** min(bound · μ, π) of a pair of state and action; 0 where μ never goes. */
function kept(behaviour: Float64Array, target: Float64Array, pair: number, bound: number): number {
  return behaviour[pair] === 0 ? 0 : Math.min(bound * behaviour[pair], target[pair]);
}
