/** Independent yes/no choices (MultiBinary): one logit each, p = σ(logit). Stable at any logit. */

import { less, mul, sigmoid, softplus, sub } from "../tensor/ops/elementwise.ts";
import { randomUniform } from "../tensor/ops/random.ts";
import { sum } from "../tensor/ops/reduce.ts";
import type { DistributionHead } from "./distribution.ts";

/** @param size the number of choices. */
export function bernoulliHead(size: number): DistributionHead {
  return {
    kind: "bernoulli",
    parameterSize: size,
    actionSize: size,
    maskSize: 0,
    parameters: [],
    at: (logits) => ({
      statistics: { logits },
      sample: (key) => less(randomUniform(key, logits.shape), sigmoid(logits)),
      mode: () => less(0, logits),
      // a log p + (1 − a) log(1 − p) = a · logit − softplus(logit)
      logProb: (actions) => sum(sub(mul(actions, logits), softplus(logits)), -1),
      entropy: () => sum(sub(softplus(logits), mul(logits, sigmoid(logits))), -1),
      klDivergence: (other) => {
        const theirs = other.statistics.logits;
        const p = sigmoid(logits);
        const linear = mul(p, sub(logits, theirs));
        return sum(sub(linear, sub(softplus(logits), softplus(theirs))), -1);
      },
    }),
  };
}
