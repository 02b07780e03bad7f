/**
 * Several independent actions at once, for Dict spaces: each field has a head of its own on its own columns of the
 * network's output, of the action and of the mask. Log-probabilities, entropies and divergences add up.
 */

import type { Tensor } from "../tensor/graph.ts";
import { add } from "../tensor/ops/elementwise.ts";
import { concat, sliceAxis } from "../tensor/ops/layout.ts";
import { foldKey } from "../tensor/ops/random.ts";
import type { Distribution, DistributionHead, HeadContext, Statistics } from "./distribution.ts";

export interface NamedHead {
  /** No other's, nor the beginning of another's up to a dot; see `fieldName`. */
  name: string;
  head: DistributionHead;
}

type Sizes = Pick<DistributionHead, "parameterSize" | "actionSize" | "maskSize">;

/**
 * @param parts in the order of the action's columns. Statistics are named `field.mean` and so on.
 */
export function productHead(parts: readonly NamedHead[]): DistributionHead {
  const total = (size: keyof Sizes) => parts.reduce((sum, { head }) => sum + head[size], 0);
  /** The part's columns of a tensor that holds those of all. */
  const columns = (x: Tensor, size: keyof Sizes, i: number) => {
    const start = parts.slice(0, i).reduce((sum, { head }) => sum + head[size], 0);
    return sliceAxis(x, 1, start, parts[i].head[size]);
  };
  /** What the others call `field.mean`, as the field's own `mean`. */
  const statisticsOf = (other: Statistics, name: string): Statistics => {
    const own = Object.entries(other.statistics).filter(([key]) => key.startsWith(`${name}.`));
    return { statistics: Object.fromEntries(own.map(([key, value]) => [key.slice(name.length + 1), value])) };
  };

  const at = (output: Tensor, context: HeadContext = {}): Distribution => {
    const distributions = parts.map(({ head }, i) => {
      const masked = context.mask !== undefined && head.maskSize > 0;
      const mask = masked ? columns(context.mask!, "maskSize", i) : undefined;
      return head.at(columns(output, "parameterSize", i), { ...context, mask });
    });
    const sumOf = (term: (one: Distribution, i: number) => Tensor) =>
      distributions.map(term).reduce((a, b) => add(a, b));
    const joined = (term: (one: Distribution, i: number) => Tensor) => concat(distributions.map(term), 1);
    return {
      statistics: Object.fromEntries(
        distributions.flatMap(({ statistics }, i) =>
          Object.entries(statistics).map(([key, value]) => [`${parts[i].name}.${key}`, value]),
        ),
      ),
      sample: (key) => joined((one, i) => one.sample(foldKey(key, i))),
      mode: () => joined((one) => one.mode()),
      logProb: (actions) => sumOf((one, i) => one.logProb(columns(actions, "actionSize", i))),
      entropy: () => sumOf((one) => one.entropy()),
      klDivergence: (other) => sumOf((one, i) => one.klDivergence(statisticsOf(other, parts[i].name))),
    };
  };
  return {
    kind: "product",
    parameterSize: total("parameterSize"),
    actionSize: total("actionSize"),
    maskSize: total("maskSize"),
    parameters: parts.flatMap(({ head }) => head.parameters),
    at,
  };
}
