/** What recorded episodes brought. */

import { checkArgument, having } from "../arguments/checks.ts";
import { type ReturnSummary, summarise } from "../estimators/returnSummary.ts";
import type { EpisodeDataset } from "./dataset.ts";

export type { ReturnSummary };

/** Of the undiscounted returns. */
export function returnsOf(dataset: Pick<EpisodeDataset, "offsets" | "rewards">): ReturnSummary {
  checkArgument("returnsOf: dataset", having("recorded episodes", "offsets", "rewards"), dataset);
  const { offsets, rewards } = dataset;
  const returns = Array.from({ length: offsets.length - 1 }, (_, k) =>
    rewards.subarray(offsets[k], offsets[k + 1]).reduce((a, b) => a + b, 0),
  );
  return summarise(returns);
}
