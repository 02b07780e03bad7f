/**
 * Normal with independent components (docs/theory.md, 13). log σ is a parameter of its own, the same in every state, or a
 * second half of the network's output.
 */

import { parameter, type Tensor } from "../tensor/graph.ts";
import { add, clip, div, exp, mul, square, sub } from "../tensor/ops/elementwise.ts";
import { broadcastTo, sliceAxis } from "../tensor/ops/layout.ts";
import { randomNormal } from "../tensor/ops/random.ts";
import { sum } from "../tensor/ops/reduce.ts";
import type { Distribution, DistributionHead } from "./distribution.ts";

const LOG_2PI = 1.8378770664093453;
/** log σ of a state-dependent head is held here, where σ² and 1/σ² are ordinary f32 numbers. */
export const LOG_STD_RANGE = [-20, 4] as const;

export interface GaussianOptions {
  /** What log σ starts as, in the head's own units. Default 0. */
  logStdInit?: number;
  /** Let the network output log σ beside the mean. Default false. */
  stateDependentStd?: boolean;
}

/** The distribution of given mean [rows, n] and log σ (any shape that broadcasts to it). */
export function gaussian(mean: Tensor, logStd: Tensor): Distribution {
  const full = broadcastTo(logStd, mean.shape);
  const precise = (actions: Tensor) => mul(sub(actions, mean), exp(mul(logStd, -1)));
  return {
    statistics: { mean, logStd: full },
    sample: (key) => add(mean, mul(randomNormal(key, mean.shape), exp(logStd))),
    mode: () => mean,
    logProb: (actions) => mul(sum(add(square(precise(actions)), add(mul(full, 2), LOG_2PI)), -1), -0.5),
    entropy: () => sum(add(full, 0.5 + 0.5 * LOG_2PI), -1),
    klDivergence: (other) => {
      const { mean: theirMean, logStd: theirLogStd } = other.statistics;
      const spread = add(exp(mul(full, 2)), square(sub(mean, theirMean)));
      const ratio = div(spread, mul(exp(mul(theirLogStd, 2)), 2));
      return sum(sub(add(sub(theirLogStd, full), ratio), 0.5), -1);
    },
  };
}

/**
 * @param size action columns.
 * @param name of the head; its parameter is `${name}.logStd`.
 */
export function gaussianHead(size: number, options: GaussianOptions = {}, name = "policy"): DistributionHead {
  const { logStdInit = 0, stateDependentStd = false } = options;
  if (stateDependentStd) {
    return {
      kind: "gaussian",
      parameterSize: 2 * size,
      actionSize: size,
      maskSize: 0,
      parameters: [],
      at: (output) => {
        const logStd = clip(add(sliceAxis(output, 1, size, size), logStdInit), ...LOG_STD_RANGE);
        return gaussian(sliceAxis(output, 1, 0, size), logStd);
      },
    };
  }
  const logStd = parameter(`${name}.logStd`, [size]);
  return {
    kind: "gaussian",
    parameterSize: size,
    actionSize: size,
    maskSize: 0,
    parameters: [{ tensor: logStd, initial: logStdInit }],
    at: (mean) => gaussian(mean, logStd),
  };
}
