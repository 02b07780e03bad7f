/**
 * One choice out of several, or several independent choices (MultiDiscrete): softmax over each group of logits. A mask
 * sets the log-probability of forbidden choices to −10⁹ nats: their probability is exactly 0 in f32, and so is their
 * gradient, while nothing becomes infinite.
 */

import type { Tensor } from "../tensor/graph.ts";
import { add, exp, log, mul, neg, sub, toFloat, toInt, where } from "../tensor/ops/elementwise.ts";
import { takeLast } from "../tensor/ops/gather.ts";
import { concat, reshape, sliceAxis } from "../tensor/ops/layout.ts";
import { randomUniform } from "../tensor/ops/random.ts";
import { argmax, sum } from "../tensor/ops/reduce.ts";
import { logSoftmax } from "../tensor/ops/softmax.ts";
import type { Distribution, DistributionHead } from "./distribution.ts";

const FORBIDDEN = -1e9;

/**
 * @param sizes the number of choices of each component; one entry for a plain categorical.
 * @param starts the smallest action value of each component (Discrete spaces may start elsewhere than 0).
 */
export function categoricalHead(sizes: readonly number[], starts?: readonly number[]): DistributionHead {
  const total = sizes.reduce((a, b) => a + b, 0);
  const first = sizes.map((_, i) => sizes.slice(0, i).reduce((a, b) => a + b, 0));
  const offsets = sizes.map((_, i) => starts?.[i] ?? 0);

  /** The columns of component i. */
  const group = (x: Tensor, i: number) => sliceAxis(x, 1, first[i], sizes[i]);

  const at = (output: Tensor, mask?: Tensor): Distribution => {
    const rows = output.shape[0];
    const logits = mask === undefined ? output : where(mask, output, FORBIDDEN);
    const logProbs = sizes.map((_, i) => logSoftmax(group(logits, i)));
    const joined = (columns: (i: number) => Tensor) =>
      concat(
        sizes.map((_, i) => reshape(columns(i), [rows, 1])),
        1,
      );
    const total = (terms: (i: number) => Tensor) => sizes.map((_, i) => terms(i)).reduce(add);
    const choose = (scores: Tensor, i: number) => add(toFloat(argmax(scores)), offsets[i]);
    return {
      statistics: { logits },
      // Gumbel-max: argmax of logits plus −log(−log u) is a sample of the softmax.
      sample: (key) => {
        const gumbel = neg(log(neg(log(randomUniform(key, logits.shape)))));
        return joined((i) => choose(group(add(logits, gumbel), i), i));
      },
      mode: () => joined((i) => choose(group(logits, i), i)),
      logProb: (actions) =>
        total((i) => {
          const column = reshape(sliceAxis(actions, 1, i, 1), [rows]);
          return takeLast(logProbs[i], toInt(sub(column, offsets[i])));
        }),
      entropy: () => total((i) => neg(sum(mul(exp(logProbs[i]), logProbs[i]), -1))),
      klDivergence: (other) =>
        total((i) => {
          const theirs = logSoftmax(group(other.statistics.logits, i));
          return sum(mul(exp(logProbs[i]), sub(logProbs[i], theirs)), -1);
        }),
    };
  };
  return {
    kind: sizes.length === 1 ? "categorical" : "multiCategorical",
    parameterSize: total,
    actionSize: sizes.length,
    maskSize: total,
    parameters: [],
    at: (output, context = {}) => at(output, context.mask),
  };
}
