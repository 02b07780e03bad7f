/**
 * A normal u squashed into a Box: action = centre + half-width · tanh(u) (Haarnoja et al. 2018, appendix C). The
 * log-probability takes off log |d action / du| = log half-width + 2 (log 2 − u − softplus(−2u)), which never overflows.
 *
 * An action's u is worked out from the action, held inside by 10⁻⁶ of the half-width (|u| ≤ 7.25): at the bound itself,
 * where float32 cannot tell one u from another, the density stays finite and the same for every policy's ratio.
 *
 * The entropy has no closed form. What is computed is the Gaussian's entropy plus the mean of the correction, by the
 * trapezoid rule over 21 points half a σ apart: exact to 10⁻⁴ nats a component for σ ≤ 2, and to 3 % of the correction
 * at any σ; it is differentiable and has no sampling noise. KL is exact: squashing both sides changes nothing.
 */

import type { Box } from "../envs/spaces.ts";
import { exp as deterministicExp } from "../math/deterministic.ts";
import type { Tensor } from "../tensor/graph.ts";
import { add, clip, exp, log1p, mul, neg, softplus, sub, tanh } from "../tensor/ops/elementwise.ts";
import { sum } from "../tensor/ops/reduce.ts";
import { boxInterval, type Interval } from "./boxBounds.ts";
import type { Distribution, DistributionHead } from "./distribution.ts";
import { type GaussianOptions, gaussian, gaussianHead, LOG_STD_RANGE } from "./gaussian.ts";

/** How far inside the bounds an action is held, as a part of the half-width. */
export const SQUASH_EPSILON = 1e-6;
const LOG_2 = Math.LN2;

/** Points and weights of a standard normal's mean: the trapezoid rule on −5, −4.5, …, 5. */
const nodes = Array.from({ length: 21 }, (_, i) => (i - 10) / 2);
const heights = nodes.map((z) => deterministicExp(-0.5 * z * z));
const total = heights.reduce((a, b) => a + b, 0);

/** log(1 − tanh²(u)) [rows, n]. */
function logSlope(u: Tensor): Tensor {
  return mul(sub(sub(LOG_2, u), softplus(mul(u, -2))), 2);
}

/** The distribution of given mean [rows, n] and log σ of u. */
export function squashedGaussian(mean: Tensor, logStd: Tensor, interval: Interval): Distribution {
  const inner = gaussian(mean, clip(logStd, ...LOG_STD_RANGE));
  const size = mean.shape[1];
  // Half-widths are halves of the bounds' distances.
  const logHalfWidths = interval.logVolume - size * LOG_2;
  const squash = (u: Tensor) => interval.fromUnit(add(mul(tanh(u), 0.5), 0.5));
  const unsquash = (actions: Tensor) => {
    const y = sub(mul(interval.toUnit(actions), 2), 1);
    const inside = clip(y, -1 + SQUASH_EPSILON, 1 - SQUASH_EPSILON);
    return mul(sub(log1p(inside), log1p(neg(inside))), 0.5);
  };
  return {
    statistics: inner.statistics,
    sample: (key) => squash(inner.sample(key)),
    // Where the Gaussian's mean goes: the median of each component, not the highest density.
    mode: () => squash(mean),
    logProb: (actions) => {
      const u = unsquash(actions);
      return sub(sub(inner.logProb(u), sum(logSlope(u), -1)), logHalfWidths);
    },
    entropy: () => {
      const std = exp(inner.statistics.logStd);
      const slope = nodes
        .map((z, i) => mul(logSlope(z === 0 ? mean : add(mean, mul(std, z))), heights[i] / total))
        .reduce((a, b) => add(a, b));
      return add(add(inner.entropy(), sum(slope, -1)), logHalfWidths);
    },
    klDivergence: (other) => inner.klDivergence(other),
  };
}

/**
 * @param space the actions; every bound finite.
 * @param options as of `gaussianHead`; log σ is of u, and held in [−20, 4].
 * @throws AscentError "space" when a bound is not finite.
 */
export function squashedGaussianHead(space: Box, options: GaussianOptions = {}, name = "policy"): DistributionHead {
  const interval = boxInterval(space, "squashedGaussian");
  const plain = gaussianHead(space.low.length, options, name);
  return {
    ...plain,
    kind: "squashedGaussian",
    at: (output) => {
      const { mean, logStd } = plain.at(output).statistics;
      return squashedGaussian(mean, logStd, interval);
    },
  };
}
