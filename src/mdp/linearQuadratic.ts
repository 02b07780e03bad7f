/**
 * The continuous world with exact answers: linear dynamics, quadratic cost and a linear Gaussian policy.
 *
 *   x' = A x + B u + w,  w ~ N(0, diag noise²);   r = −(xᵀ Q x + uᵀ R u);   u ~ N(K x, diag σ²);   T steps, discount γ
 *
 * Parameters θ are K [actions × states], row by row, then log σ [actions]. Second moments M_t = E[x xᵀ] go forward in time, the
 * value matrices P_t backward (Riccati's recursion for a fixed policy; Fazel et al. 2018 for the gradient).
 */

import {
  checkArgument,
  checkArguments,
  checkOptions,
  having,
  numbers,
  optional,
  share,
  wholeNumber,
} from "../arguments/checks.ts";
import { describeValue } from "../arguments/describeValue.ts";
import { AscentError } from "../errors.ts";
import { exp } from "../math/deterministic.ts";
import { count, table, worldCheck } from "./argumentChecks.ts";
import { matrixProduct, quadraticForm, requireLength, transposed } from "./linearAlgebra.ts";

export interface LinearQuadratic {
  readonly stateSize: number;
  readonly actionSize: number;
  /** A [n × n] */
  readonly dynamics: Float64Array;
  /** B [n × m] */
  readonly control: Float64Array;
  /** Standard deviations of w [n] */
  readonly noise: Float64Array;
  /** Q [n × n], symmetric */
  readonly stateCost: Float64Array;
  /** R [m × m], symmetric */
  readonly actionCost: Float64Array;
  /** Mean and standard deviations of x₀ [n], independent components. */
  readonly startMean: Float64Array;
  readonly startStd: Float64Array;
  readonly gamma: number;
  readonly horizon: number;
}

const gainChecks = { world: worldCheck, parameters: table };
const integratorOptions = { horizon: optional(count), gamma: optional(share) };
const valuesCheck = { ...having("value matrices", "matrices", "constants"), fix: "Give what valueMatrices gives." };

/** A checked world. @throws AscentError "shape" or "option". */
export function linearQuadratic(world: LinearQuadratic): LinearQuadratic {
  checkArgument("linearQuadratic: world", worldCheck, world);
  checkArgument("linearQuadratic: stateSize", count, world.stateSize);
  checkArgument("linearQuadratic: actionSize", count, world.actionSize);
  const { stateSize: n, actionSize: m, gamma, horizon } = world;
  requireLength("linearQuadratic: dynamics", world.dynamics, n * n);
  requireLength("linearQuadratic: control", world.control, n * m);
  requireLength("linearQuadratic: noise", world.noise, n);
  requireLength("linearQuadratic: startMean", world.startMean, n);
  requireLength("linearQuadratic: startStd", world.startStd, n);
  for (const [name, matrix, size] of [
    ["stateCost", world.stateCost, n] as const,
    ["actionCost", world.actionCost, m] as const,
  ]) {
    requireLength(`linearQuadratic: ${name}`, matrix, size * size);
    if (transposed(matrix, size).some((value, i) => value !== matrix[i])) {
      throw new AscentError("option", {
        what: `linearQuadratic: ${name} is not usable`,
        got: "a matrix that is not its transpose",
        expected: "a symmetric matrix",
        fix: "Take the mean of it and its transpose: the cost is the same.",
      });
    }
  }
  if (!share.fits(gamma) || !Number.isInteger(horizon) || horizon < 1) {
    const got = `γ = ${describeValue(gamma)}, horizon ${describeValue(horizon)}`;
    throw new AscentError("option", {
      what: "linearQuadratic: not usable",
      got,
      expected: "0 ≤ γ ≤ 1, horizon ≥ 1",
      fix: "Correct these numbers.",
    });
  }
  return world;
}

/** A double integrator (position, velocity; push the velocity): the smallest interesting world. */
export function doubleIntegrator(options: { horizon?: number; gamma?: number } = {}): LinearQuadratic {
  checkOptions("doubleIntegrator", integratorOptions, options);
  const { horizon = 10, gamma = 0.95 } = options;
  return linearQuadratic({
    stateSize: 2,
    actionSize: 1,
    dynamics: Float64Array.of(1, 0.3, 0, 1),
    control: Float64Array.of(0, 0.3),
    noise: Float64Array.of(0.05, 0.05),
    stateCost: Float64Array.of(1, 0, 0, 0.1),
    actionCost: Float64Array.of(0.1),
    startMean: Float64Array.of(1, 0),
    startStd: Float64Array.of(0.3, 0.3),
    gamma,
    horizon,
  });
}

/** K [m × n] and σ² [m] of the parameters θ [m × n + m]. */
export function gainAndVariance(world: LinearQuadratic, parameters: Float64Array) {
  checkArguments("linearQuadratic", gainChecks, { world, parameters });
  const { stateSize: n, actionSize: m } = world;
  requireLength("linearQuadratic: the parameters", parameters, m * n + m);
  return { gain: parameters.slice(0, m * n), variance: parameters.slice(m * n).map((logStd) => exp(2 * logStd)) };
}

/** A + B K [n × n]: what x' is on average. */
function closedLoop({ dynamics, control, actionSize }: LinearQuadratic, gain: Float64Array): Float64Array {
  return matrixProduct(control, gain, actionSize).map((value, i) => value + dynamics[i]);
}

/** M_t = E[x_t x_tᵀ] [horizon × n × n]: M_{t+1} = (A+BK) M_t (A+BK)ᵀ + B diag(σ²) Bᵀ + diag(noise²). */
export function secondMoments(world: LinearQuadratic, parameters: Float64Array): Float64Array {
  checkArguments("secondMoments", gainChecks, { world, parameters });
  const { stateSize: n, actionSize: m, control, noise, startMean, startStd, horizon } = world;
  const { gain, variance } = gainAndVariance(world, parameters);
  const loop = closedLoop(world, gain);
  const out = new Float64Array(horizon * n * n);
  for (let i = 0; i < n * n; i++) {
    const [row, column] = [Math.floor(i / n), i % n];
    out[i] = startMean[row] * startMean[column] + (row === column ? startStd[row] * startStd[row] : 0);
  }
  for (let t = 1; t < horizon; t++) {
    const before = out.subarray((t - 1) * n * n, t * n * n);
    const moved = matrixProduct(matrixProduct(loop, before, n), transposed(loop, n), n);
    for (let i = 0; i < n * n; i++) {
      const [row, column] = [Math.floor(i / n), i % n];
      let spread = row === column ? noise[row] * noise[row] : 0;
      for (let k = 0; k < m; k++) spread += control[row * m + k] * variance[k] * control[column * m + k];
      out[t * n * n + i] = moved[i] + spread;
    }
  }
  return out;
}

export interface ValueMatrices {
  /** P_t [(horizon + 1) × n × n] */
  readonly matrices: Float64Array;
  /** c_t [horizon + 1] */
  readonly constants: Float64Array;
}

/** V_t(x) = −(xᵀ P_t x + c_t): P_t = Q + KᵀRK + γ (A+BK)ᵀ P_{t+1} (A+BK), P_T = 0. */
export function valueMatrices(world: LinearQuadratic, parameters: Float64Array): ValueMatrices {
  checkArguments("valueMatrices", gainChecks, { world, parameters });
  const { stateSize: n, actionSize: m, control, noise, stateCost, actionCost, gamma, horizon } = world;
  const { gain, variance } = gainAndVariance(world, parameters);
  const loop = closedLoop(world, gain);
  const matrices = new Float64Array((horizon + 1) * n * n);
  const constants = new Float64Array(horizon + 1);
  const actionPart = matrixProduct(transposed(gain, n), matrixProduct(actionCost, gain, m), m);
  for (let t = horizon - 1; t >= 0; t--) {
    const next = matrices.subarray((t + 1) * n * n, (t + 2) * n * n);
    const carried = matrixProduct(transposed(loop, n), matrixProduct(next, loop, n), n);
    for (let i = 0; i < n * n; i++) matrices[t * n * n + i] = stateCost[i] + actionPart[i] + gamma * carried[i];
    let constant = gamma * constants[t + 1];
    for (let i = 0; i < n; i++) constant += gamma * next[i * n + i] * noise[i] * noise[i];
    const pushed = actionCurvature(actionCost, control, next, n, m, gamma);
    for (let k = 0; k < m; k++) constant += variance[k] * pushed[k * m + k];
    constants[t] = constant;
  }
  return { matrices, constants };
}

/** R + γ Bᵀ P B [m × m]: minus half the curvature of Q_t in the action. */
function actionCurvature(
  actionCost: Float64Array,
  control: Float64Array,
  next: Float64Array,
  n: number,
  m: number,
  gamma: number,
): Float64Array {
  const inner = matrixProduct(transposed(control, m), matrixProduct(next, control, n), n);
  return inner.map((value, i) => actionCost[i] + gamma * value);
}

/** V_t(x). @param x [n] */
export function linearQuadraticValue(values: ValueMatrices, t: number, x: ArrayLike<number>): number {
  checkArguments("linearQuadraticValue", { values: valuesCheck, t: wholeNumber(), x: numbers }, { values, t, x });
  requireLength("linearQuadraticValue: matrices", values.matrices, values.constants.length * x.length * x.length);
  const n = x.length;
  return -(quadraticForm(x, values.matrices.subarray(t * n * n, (t + 1) * n * n)) + values.constants[t]);
}

/** J = E[Σ_t γ^t r_t] = −Σ_t γ^t (tr(Q M_t) + tr(R (K M_t Kᵀ + diag σ²))). */
export function linearQuadraticObjective(world: LinearQuadratic, parameters: Float64Array): number {
  checkArguments("linearQuadraticObjective", gainChecks, { world, parameters });
  const { stateSize: n, actionSize: m, stateCost, actionCost, gamma, horizon } = world;
  const { gain, variance } = gainAndVariance(world, parameters);
  const moments = secondMoments(world, parameters);
  const cost = matrixProduct(transposed(gain, n), matrixProduct(actionCost, gain, m), m);
  let objective = 0;
  let discount = 1;
  for (let t = 0; t < horizon; t++) {
    let step = 0;
    for (let i = 0; i < n * n; i++) step += (stateCost[i] + cost[i]) * moments[t * n * n + i];
    for (let k = 0; k < m; k++) step += actionCost[k * m + k] * variance[k];
    objective -= discount * step;
    discount *= gamma;
  }
  return objective;
}

/**
 * ∇J [m × n + m]: ∂K = −2 Σ_t γ^t (R K + γ Bᵀ P_{t+1} (A+BK)) M_t (Fazel et al. 2018, Lemma 1, with a clock) and
 * ∂log σ_k = −2 Σ_t γ^t σ_k² (R + γ Bᵀ P_{t+1} B)_kk.
 */
export function linearQuadraticGradient(world: LinearQuadratic, parameters: Float64Array): Float64Array {
  checkArguments("linearQuadraticGradient", gainChecks, { world, parameters });
  const { stateSize: n, actionSize: m, control, actionCost, gamma, horizon } = world;
  const { gain, variance } = gainAndVariance(world, parameters);
  const loop = closedLoop(world, gain);
  const moments = secondMoments(world, parameters);
  const { matrices } = valueMatrices(world, parameters);
  const gradient = new Float64Array(m * n + m);
  const direct = matrixProduct(actionCost, gain, m);
  let discount = 1;
  for (let t = 0; t < horizon; t++) {
    const next = matrices.subarray((t + 1) * n * n, (t + 2) * n * n);
    const later = matrixProduct(transposed(control, m), matrixProduct(next, loop, n), n);
    const slope = direct.map((value, i) => value + gamma * later[i]);
    const byGain = matrixProduct(slope, moments.subarray(t * n * n, (t + 1) * n * n), n);
    for (let i = 0; i < m * n; i++) gradient[i] -= 2 * discount * byGain[i];
    const curvature = actionCurvature(actionCost, control, next, n, m, gamma);
    for (let k = 0; k < m; k++) gradient[m * n + k] -= 2 * discount * variance[k] * curvature[k * m + k];
    discount *= gamma;
  }
  return gradient;
}
