/** Labels of pairs as Bradley & Terry (1952) have them: the better one wins often, not always. */

import { exp } from "../../math/deterministic.ts";
import type { RandomStream } from "../../random/index.ts";

/** [chosen, rejected]: the first wins with probability σ(r(first) − r(second)). */
export function pickByReward<Entry>(
  random: RandomStream,
  [first, second]: readonly [Entry, Entry],
  reward: (entry: Entry) => number,
): readonly [Entry, Entry] {
  const wins = random.uniform() * (1 + exp(reward(second) - reward(first))) < 1;
  return wins ? [first, second] : [second, first];
}
