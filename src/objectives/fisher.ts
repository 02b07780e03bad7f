/**
 * Products with the Fisher information matrix F = E[∇log π ∇log πᵀ] (Kakade 2002; docs/theory.md, 18), never the matrix
 * itself.
 *
 * F is the Hessian of KL(π_θ_old ‖ π_θ) at θ = θ_old. The KL depends on θ only through the distribution's statistics z, and
 * its slope there is zero, so F v = Jᵀ H_z J v exactly: a forward-mode pass for J v, the small Hessian of the KL in z, and
 * one reverse pass. That is five matrix products a layer where a gradient takes three.
 */

import { checkArgument } from "../arguments/checks.ts";
import { distributionCheck } from "../distributions/argumentChecks.ts";
import type { Distribution } from "../distributions/distribution.ts";
import { finish, type Work } from "../pauses.ts";
import { differentiating, pullingBack, pushingForward } from "../tensor/grad.ts";
import { node, type Tensor } from "../tensor/graph.ts";
import { add, mul, stopGradient } from "../tensor/ops/elementwise.ts";
import { mean, sum } from "../tensor/ops/reduce.ts";
import { substitute } from "../tensor/substitute.ts";

/**
 * Mean KL(π ‖ π) over the rows as a function of the second argument alone: zero in value, F in curvature.
 *
 * @param twin the same distribution built from parameters of its own; only its form is used.
 */
export function klFromItself(current: Distribution, twin: Distribution): Tensor {
  checkArgument("klFromItself: current", distributionCheck, current);
  checkArgument("klFromItself: twin", distributionCheck, twin);
  const fixed = new Map<Tensor, Tensor>();
  for (const [name, statistic] of Object.entries(twin.statistics)) {
    fixed.set(statistic, stopGradient(current.statistics[name]));
  }
  return substitute(mean(twin.klDivergence(current)), fixed);
}

/**
 * F v for the policy that gave `current`.
 *
 * @param vector one tensor for each parameter, of its shape.
 * @returns one tensor for each parameter.
 */
export function fisherVectorProduct(
  current: Distribution,
  twin: Distribution,
  parameters: readonly Tensor[],
  vector: readonly Tensor[],
): Tensor[] {
  return finish(buildingFisherProduct(current, twin, parameters, vector));
}

/** As `fisherVectorProduct`, as work that stops now and then. */
export function* buildingFisherProduct(
  current: Distribution,
  twin: Distribution,
  parameters: readonly Tensor[],
  vector: readonly Tensor[],
): Work<Tensor[]> {
  checkArgument("fisherVectorProduct: current", distributionCheck, current);
  checkArgument("fisherVectorProduct: twin", distributionCheck, twin);
  const statistics = Object.values(current.statistics);
  const slope = yield* differentiating(klFromItself(current, twin), statistics);
  const tangents = (yield* pushingForward(statistics, parameters, vector)).map(detached);
  const change = slope.map((s, i) => sum(mul(s, tangents[i]))).reduce(add);
  const curvature = yield* differentiating(change, statistics);
  return yield* pullingBack(statistics, curvature.map(detached), parameters);
}

/** A node of its own, so that differentiating by the statistics does not reach through it. */
function detached(x: Tensor): Tensor {
  return node("stopGradient", [x], x.shape, x.dtype);
}
