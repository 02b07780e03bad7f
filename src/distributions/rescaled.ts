/**
 * A head whose own units are half-widths of a Box, so that what its network starts with, mean 0 and σ 1, covers any bounds
 * alike: action = centre + half-width · u. Actions, log-probabilities and entropies are the environment's, by the constant
 * Σ log half-width; KL divergences and ratios know no units. What it is not: a limit. A normal u may lie beyond ±1.
 *
 * An action's u is worked out from the action as float32 has it, when it is drawn as when it is learnt from, so that both
 * times its log-probability is the same number.
 */

import type { Box } from "../envs/spaces.ts";
import { add, sub } from "../tensor/ops/elementwise.ts";
import { boxRescaling } from "./boxBounds.ts";
import type { Distribution, DistributionHead } from "./distribution.ts";

/** The head in the units of the Box; itself where these are its own, as in [−1, 1] or without bounds. */
export function rescaledHead(head: DistributionHead, space: Box): DistributionHead {
  const interval = boxRescaling(space);
  if (interval === undefined) return head;
  const { fromUnit, toUnit, logVolume } = interval;
  const logScale = logVolume / space.low.length;
  return {
    ...head,
    parameters: head.parameters.map((own) => ({ ...own, logScale })),
    at: (output, context): Distribution => {
      const inner = head.at(output, context);
      return {
        statistics: inner.statistics,
        sample: (key) => fromUnit(inner.sample(key)),
        mode: () => fromUnit(inner.mode()),
        logProb: (actions) => sub(inner.logProb(toUnit(actions)), logVolume),
        entropy: () => add(inner.entropy(), logVolume),
        klDivergence: (other) => inner.klDivergence(other),
      };
    },
  };
}
