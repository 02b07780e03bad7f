/**
 * Beta on a Box (Chou, Maturana & Scherer 2017): action = low + (high − low) · x with x ~ Beta(α, β), α and β = 1 +
 * softplus(network output), so that each density has one peak and nothing lies outside the bounds. α − 1 and β − 1 are
 * held at 10⁴ (σ of some 0.4 % of the range), up to where float32 log-probabilities keep three digits.
 *
 * x = G(α) / (G(α) + G(β)) from two Gamma variates by Marsaglia & Tsang 2000, each the first accepted of 8 proposals. For
 * shapes ≥ 1 a proposal is accepted with probability ≥ 0.951, so all 8 fail once in 3·10¹⁰ draws; the last one is taken
 * then.
 */

import type { Box } from "../envs/spaces.ts";
import type { Tensor } from "../tensor/graph.ts";
import {
  add,
  clip,
  div,
  greater,
  less,
  log,
  log1p,
  max,
  min,
  mul,
  neg,
  softplus,
  sqrt,
  square,
  sub,
  where,
} from "../tensor/ops/elementwise.ts";
import { concat, reshape, sliceAxis } from "../tensor/ops/layout.ts";
import { foldKey, randomNormal, randomUniform } from "../tensor/ops/random.ts";
import { sum } from "../tensor/ops/reduce.ts";
import { sizeOf } from "../tensor/shape.ts";
import { boxInterval, type Interval } from "./boxBounds.ts";
import type { Distribution, DistributionHead } from "./distribution.ts";
import { digammaRemainder, logBeta, logShare } from "./specialFunctions.ts";

/** How far inside the bounds an action is held, as a part of the range: there the log-probability stays finite. */
export const BETA_EPSILON = 1e-6;
const LARGEST_EXCESS = 1e4;
const PROPOSALS = 8;

/** One Gamma(shape, 1) variate for each entry of `shapes`, all ≥ 1. */
export function sampleGamma(shapes: Tensor, key: Tensor): Tensor {
  const n = sizeOf(shapes.shape);
  const d = sub(reshape(shapes, [n]), 1 / 3);
  const c = div(1 / 3, sqrt(d));
  const normals = randomNormal(foldKey(key, 0), [PROPOSALS, n]);
  const uniforms = randomUniform(foldKey(key, 1), [PROPOSALS, n]);
  const row = (x: Tensor, i: number) => reshape(sliceAxis(x, 0, i, 1), [n]);
  let chosen: Tensor | undefined;
  for (let i = PROPOSALS - 1; i >= 0; i--) {
    const z = row(normals, i);
    const root = add(mul(z, c), 1);
    const cube = max(mul(square(root), root), 1e-30);
    const bound = add(mul(square(z), 0.5), mul(d, add(sub(1, cube), log(cube))));
    const accepted = mul(greater(root, 0), less(log(row(uniforms, i)), bound));
    chosen = chosen === undefined ? cube : where(accepted, cube, chosen);
  }
  return reshape(mul(d, chosen!), shapes.shape);
}

/**
 * The distribution with α = 1 + alphaExcess, β = 1 + betaExcess [rows, n], excesses ≥ 0, on an interval.
 * The mode of a flat component (both excesses 0) is the middle.
 */
export function beta(alphaExcess: Tensor, betaExcess: Tensor, interval: Interval): Distribution {
  const [alpha, beta] = [add(alphaExcess, 1), add(betaExcess, 1)];
  // ψ(α) − ψ(α + β) and its mirror image: the means of log x and log(1 − x).
  const meanLogs = () => {
    const whole = digammaRemainder(add(alpha, beta));
    return [
      add(logShare(alpha, beta), sub(digammaRemainder(alpha), whole)),
      add(logShare(beta, alpha), sub(digammaRemainder(beta), whole)),
    ] as const;
  };
  return {
    statistics: { alpha, beta },
    sample: (key) => {
      const { shape } = alpha;
      const gammas = sampleGamma(concat([alpha, beta], 0), key);
      const [a, b] = [sliceAxis(gammas, 0, 0, shape[0]), sliceAxis(gammas, 0, shape[0], shape[0])];
      return interval.fromUnit(clip(div(a, add(a, b)), BETA_EPSILON, 1 - BETA_EPSILON));
    },
    mode: () => {
      const [a, b] = [add(alphaExcess, 1e-12), add(betaExcess, 1e-12)];
      return interval.fromUnit(div(a, add(a, b)));
    },
    logProb: (actions) => {
      const x = clip(interval.toUnit(actions), BETA_EPSILON, 1 - BETA_EPSILON);
      const powers = add(mul(alphaExcess, log(x)), mul(betaExcess, log1p(neg(x))));
      return sub(sum(sub(powers, logBeta(alpha, beta)), -1), interval.logVolume);
    },
    entropy: () => {
      const [logX, logRest] = meanLogs();
      const powers = add(mul(alphaExcess, logX), mul(betaExcess, logRest));
      return add(sum(sub(logBeta(alpha, beta), powers), -1), interval.logVolume);
    },
    klDivergence: (other) => {
      const { alpha: theirAlpha, beta: theirBeta } = other.statistics;
      const [logX, logRest] = meanLogs();
      const powers = add(mul(sub(alpha, theirAlpha), logX), mul(sub(beta, theirBeta), logRest));
      return sum(add(sub(logBeta(theirAlpha, theirBeta), logBeta(alpha, beta)), powers), -1);
    },
  };
}

/**
 * @param space the actions; every bound finite. The network outputs first all α's, then all β's.
 * @throws AscentError "space" when a bound is not finite.
 */
export function betaHead(space: Box): DistributionHead {
  const interval = boxInterval(space, "beta");
  const size = space.low.length;
  const excess = (output: Tensor, start: number) => min(softplus(sliceAxis(output, 1, start, size)), LARGEST_EXCESS);
  return {
    kind: "beta",
    parameterSize: 2 * size,
    actionSize: size,
    maskSize: 0,
    parameters: [],
    at: (output) => beta(excess(output, 0), excess(output, size), interval),
  };
}
