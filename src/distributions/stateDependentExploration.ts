/**
 * Generalised state-dependent exploration (Raffin, Kober & Stulp 2021): noise that is a linear function of the network's
 * last hidden layer h, action = mean + h · (σ ⊙ ε) with ε ~ N(0, 1) [features × actions] drawn anew only every so many
 * steps, for each environment its own. Between draws the same state gets the same action, so that motion is smooth. Seen
 * alone, each action is normal with variance h² · σ²; that is the density learnt from, as if draws were independent.
 */

import { parameter, type Tensor } from "../tensor/graph.ts";
import { add, clip, exp, log, mul, square, stopGradient } from "../tensor/ops/elementwise.ts";
import { reshape } from "../tensor/ops/layout.ts";
import { matmul } from "../tensor/ops/matmul.ts";
import { holdKey, randomNormal } from "../tensor/ops/random.ts";
import type { DistributionHead } from "./distribution.ts";
import { gaussian, LOG_STD_RANGE } from "./gaussian.ts";

/** Added to the variance: a hidden layer of zeros leaves no noise at all. */
const VARIANCE_FLOOR = 1e-6;

export interface StateDependentExplorationOptions {
  /** What log σ of every weight of the noise starts as. Default −2. */
  logStdInit?: number;
  /** Steps that share one draw of the noise. Default 4. */
  sdeSampleFreq?: number;
  /** Let gradients of the variance flow into the hidden layers. Default false. */
  sdeLearnFeatures?: boolean;
}

/**
 * @param size action columns.
 * @param features width of the hidden layer that `HeadContext.latent` will bring.
 */
export function stateDependentExplorationHead(
  size: number,
  features: number,
  options: StateDependentExplorationOptions = {},
  name = "policy",
): DistributionHead {
  const { logStdInit = -2, sdeSampleFreq = 4, sdeLearnFeatures = false } = options;
  const weights = parameter(`${name}.logStd`, [features, size]);
  return {
    kind: "gsde",
    parameterSize: size,
    actionSize: size,
    maskSize: 0,
    parameters: [{ tensor: weights, initial: logStdInit }],
    at: (mean, { latent } = {}) => {
      if (latent === undefined) throw new Error("gsde: the head needs the network's last hidden layer as `latent`");
      const rows = mean.shape[0];
      const hidden = sdeLearnFeatures ? latent : stopGradient(latent);
      const logStd = clip(weights, ...LOG_STD_RANGE);
      const variance = add(matmul(square(hidden), exp(mul(logStd, 2))), VARIANCE_FLOOR);
      return {
        ...gaussian(mean, mul(log(variance), 0.5)),
        sample: (key) => {
          const noise = mul(randomNormal(holdKey(key, sdeSampleFreq), [rows, features, size]), exp(logStd));
          const shift: Tensor = matmul(reshape(hidden, [rows, 1, features]), noise);
          return add(mean, reshape(shift, [rows, size]));
        },
      };
    },
  };
}
