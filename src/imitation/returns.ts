/** What recorded episodes brought. */

import type { EpisodeDataset } from "./dataset.ts";

export interface ReturnSummary {
  mean: number;
  /** Divisor n − 1; 0 of one episode. */
  sd: number;
  min: number;
  max: number;
}

/** Of the undiscounted returns. */
export function returnsOf({ offsets, rewards }: Pick<EpisodeDataset, "offsets" | "rewards">): ReturnSummary {
  const episodes = offsets.length - 1;
  const returns = Array.from({ length: episodes }, (_, k) =>
    rewards.subarray(offsets[k], offsets[k + 1]).reduce((a, b) => a + b, 0),
  );
  const mean = returns.reduce((a, b) => a + b, 0) / episodes;
  const squares = returns.reduce((a, b) => a + (b - mean) * (b - mean), 0);
  const sd = episodes > 1 ? Math.sqrt(squares / (episodes - 1)) : 0;
  const min = returns.reduce((a, b) => Math.min(a, b));
  return { mean, sd, min, max: returns.reduce((a, b) => Math.max(a, b)) };
}
