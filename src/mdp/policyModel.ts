/**
 * Policies with parameters on a tabular MDP: what turns θ into a table π(a|s) and its scores ∇log π(a|s), both float64.
 * Softmax over logits, where the logits are the parameters themselves or the outputs of a small network.
 */

import {
  callback,
  checkArgument,
  checkArguments,
  checkOptions,
  numbers,
  type OptionChecks,
} from "../arguments/checks.ts";
import { exp, tanh } from "../math/deterministic.ts";
import { count, table } from "./argumentChecks.ts";
import { requireLength } from "./linearAlgebra.ts";

export interface PolicyModel {
  readonly states: number;
  readonly actions: number;
  readonly parameterCount: number;
  /** π(a|s) [states × actions] */
  policy(parameters: Float64Array): Float64Array;
  /** ∇_θ log π(a|s) [states × actions × parameters]: exact for a table, by differences (1e-11) for other logits. */
  scores(parameters: Float64Array): Float64Array;
}

/** π(a|s) = e^{θ_sa} / Σ_b e^{θ_sb}: softmax of each row of logits [states × actions]. */
export function softmaxPolicy(logits: Float64Array, actions: number): Float64Array {
  checkArguments("softmaxPolicy", { logits: table, actions: count }, { logits, actions });
  const policy = new Float64Array(logits.length);
  for (let row = 0; row < logits.length; row += actions) {
    let largest = -Infinity;
    for (let a = 0; a < actions; a++) largest = Math.max(largest, logits[row + a]);
    let sum = 0;
    for (let a = 0; a < actions; a++) {
      policy[row + a] = exp(logits[row + a] - largest);
      sum += policy[row + a];
    }
    for (let a = 0; a < actions; a++) policy[row + a] /= sum;
  }
  return policy;
}

/** One logit for each state and action: ∂ log π(a|s) / ∂θ_s'b = 1[s' = s] (1[b = a] − π(b|s)). */
export function tabularSoftmax(states: number, actions: number): PolicyModel {
  checkArguments("tabularSoftmax", { states: count, actions: count }, { states, actions });
  const parameterCount = states * actions;
  return {
    states,
    actions,
    parameterCount,
    policy: (parameters) => {
      requireLength("tabularSoftmax: the parameters", parameters, parameterCount);
      return softmaxPolicy(parameters, actions);
    },
    scores: (parameters) => {
      const policy = softmaxPolicy(parameters, actions);
      const scores = new Float64Array(parameterCount * parameterCount);
      for (let pair = 0; pair < parameterCount; pair++) {
        const row = Math.floor(pair / actions) * actions;
        for (let b = 0; b < actions; b++) {
          scores[pair * parameterCount + row + b] = (row + b === pair ? 1 : 0) - policy[row + b];
        }
      }
      return scores;
    },
  };
}

export interface LogitFunction {
  states: number;
  actions: number;
  parameterCount: number;
  /** θ → logits [states × actions], smooth. */
  logits(parameters: Float64Array): Float64Array;
}

const logitChecks: OptionChecks<LogitFunction> = {
  states: count,
  actions: count,
  parameterCount: count,
  logits: callback,
};

/** Softmax of any smooth function of θ: ∇log π(a|s) = ∇z_sa − Σ_b π(b|s) ∇z_sb, with ∇z by `numericJacobian`. */
export function softmaxOfLogits(logitFunction: LogitFunction): PolicyModel {
  checkOptions("softmaxOfLogits", logitChecks, logitFunction);
  const { states, actions, parameterCount, logits } = logitFunction;
  return {
    states,
    actions,
    parameterCount,
    policy: (parameters) => {
      requireLength("softmaxOfLogits: the parameters", parameters, parameterCount);
      return softmaxPolicy(logits(parameters), actions);
    },
    scores: (parameters) => {
      const policy = softmaxPolicy(logits(parameters), actions);
      const jacobian = numericJacobian(logits, parameters);
      const scores = Float64Array.from(jacobian);
      for (let s = 0; s < states; s++) {
        for (let j = 0; j < parameterCount; j++) {
          let mean = 0;
          for (let b = s * actions; b < (s + 1) * actions; b++) mean += policy[b] * jacobian[b * parameterCount + j];
          for (let b = s * actions; b < (s + 1) * actions; b++) scores[b * parameterCount + j] -= mean;
        }
      }
      return scores;
    },
  };
}

/**
 * A policy network: logits = W₂ tanh(W₁ φ(s) + b₁) + b₂, parameters in that order (W₁ [features × hidden], b₁, W₂
 * [hidden × actions], b₂).
 *
 * @param features φ(s) [states × features]
 */
export function networkPolicy(
  features: Float64Array,
  sizes: { states: number; actions: number; hidden: number },
): PolicyModel {
  checkArgument("networkPolicy: features", table, features);
  checkOptions("networkPolicy", { states: count, actions: count, hidden: count }, sizes);
  const { states, actions, hidden } = sizes;
  const inputs = features.length / states;
  const outputStart = (inputs + 1) * hidden;
  const logits = (parameters: Float64Array) => {
    const out = new Float64Array(states * actions);
    for (let s = 0; s < states; s++) {
      out.set(parameters.subarray(outputStart + hidden * actions), s * actions);
      for (let h = 0; h < hidden; h++) {
        let sum = parameters[inputs * hidden + h];
        for (let i = 0; i < inputs; i++) sum += features[s * inputs + i] * parameters[i * hidden + h];
        const unit = tanh(sum);
        for (let a = 0; a < actions; a++) out[s * actions + a] += unit * parameters[outputStart + h * actions + a];
      }
    }
    return out;
  };
  return softmaxOfLogits({ states, actions, parameterCount: outputStart + (hidden + 1) * actions, logits });
}

/** Step of the differences below: truncation h⁴/30 · f⁽⁵⁾ and rounding 10⁻¹⁶/h both stay near 10⁻¹². */
const STEP = 1e-3;

/**
 * ∂f_i/∂θ_j [outputs × parameters] by the five-point central difference
 * (f(θ−2h) − 8 f(θ−h) + 8 f(θ+h) − f(θ+2h)) / 12h; error about 10⁻¹¹ for functions of ordinary size.
 */
export function numericJacobian(f: (x: Float64Array) => ArrayLike<number>, at: Float64Array): Float64Array {
  checkArguments("numericJacobian", { f: callback, at: numbers }, { f, at });
  const x = Float64Array.from(at);
  const columns: ArrayLike<number>[] = [];
  for (let j = 0; j < x.length; j++) {
    const shifted = (steps: number) => {
      x[j] = at[j] + steps * STEP;
      return Float64Array.from(f(x));
    };
    const [a, b, c, d] = [shifted(-2), shifted(-1), shifted(1), shifted(2)];
    columns.push(a.map((value, i) => (value - 8 * b[i] + 8 * c[i] - d[i]) / (12 * STEP)));
    x[j] = at[j];
  }
  const outputs = columns[0]?.length ?? 0;
  return Float64Array.from({ length: outputs * x.length }, (_, i) => columns[i % x.length][Math.floor(i / x.length)]);
}

/** ∇f of a scalar function, by the same differences: the independent check of every exact gradient. */
export function numericGradient(f: (x: Float64Array) => number, at: Float64Array): Float64Array {
  checkArguments("numericGradient", { f: callback, at: numbers }, { f, at });
  return numericJacobian((x) => [f(x)], at);
}
