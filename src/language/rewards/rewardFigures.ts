/** Figures of the rewards of a batch of completions, under TRL's names. */

import { spreadOf } from "../../estimators/spread.ts";

export interface ScoredCompletions {
  /** Of the rewards, each once. */
  readonly names: readonly string[];
  /** [completions × rewards], NaN where a reward has no opinion. */
  readonly each: ArrayLike<number>;
  /** Their weighted sums [completions], NaN where none has one. */
  readonly rewards: ArrayLike<number>;
}

/**
 * `reward` and `reward_std` of the weighted sums, `rewards/<name>/mean` and `rewards/<name>/std` of each: over the completions that were
 * scored; deviations of a sample (ddof 1). NaN for a mean of nothing.
 */
export function rewardFigures({ names, each, rewards }: ScoredCompletions): Record<string, number> {
  const figures: Record<string, number> = {};
  names.forEach((name, k) => {
    const { mean, deviation } = summary(rewards.length, (i) => each[i * names.length + k]);
    figures[`rewards/${name}/mean`] = mean;
    figures[`rewards/${name}/std`] = deviation;
  });
  const { mean, deviation } = summary(rewards.length, (i) => rewards[i]);
  return { reward: mean, reward_std: deviation, ...figures };
}

function summary(count: number, at: (i: number) => number): { mean: number; deviation: number } {
  const scored: number[] = [];
  for (let i = 0; i < count; i++) if (!Number.isNaN(at(i))) scored.push(at(i));
  if (scored.length === 0) return { mean: Number.NaN, deviation: Number.NaN };
  const { mean, squares } = spreadOf(scored.length, (i) => scored[i]);
  return { mean, deviation: scored.length < 2 ? 0 : Math.sqrt(squares / (scored.length - 1)) };
}
