/** Best-of-n sampling: of n completions of each prompt the one of the highest reward, from a model that nothing trains. */

import { checkArguments, wholeNumber } from "../../arguments/checks.ts";
import { finish, type Work } from "../../pauses.ts";
import type { GeneratorOptions } from "../generation/generationOptions.ts";
import { type Completion, type GenerationRandom, makeGenerator } from "../generation/generator.ts";
import type { LanguageModel } from "../model/languageModel.ts";
import { namedRewards, type RewardSource } from "./rewardSource.ts";
import { rewardScorer } from "./scoring.ts";

export interface BestCompletion extends Completion {
  /** NaN where nothing scored any of them; the completion is then the first. */
  readonly reward: number;
}

export interface BestOfNGenerator {
  /** As `generating`, at one go; a reward must not give a Promise then. */
  generate(prompts: readonly (readonly number[])[], random: GenerationRandom): BestCompletion[];
  /** The best of n completions of each prompt: those numbered first, … in the random stream, n for each. */
  generating(prompts: readonly (readonly number[])[], random: GenerationRandom): Work<BestCompletion[]>;
}

/**
 * Best-of-n sampling from a model that nothing trains.
 *
 * @param given as of `makeGenerator`, with `n` completions of each prompt.
 * @throws AscentError "option" as `makeGenerator`, and for an n below 1 or what is no reward.
 */
export function bestOfNGenerator(
  model: LanguageModel,
  reward: RewardSource,
  given: GeneratorOptions & { n: number },
): BestOfNGenerator {
  checkArguments("bestOfNGenerator", { n: wholeNumber(1) }, { n: given?.n });
  const { n, ...options } = given;
  const scorer = rewardScorer(namedRewards("bestOfNGenerator", reward));
  const generator = makeGenerator(model, options);

  function* generating(prompts: readonly (readonly number[])[], random: GenerationRandom): Work<BestCompletion[]> {
    // What is no list is for the generator to refuse.
    const all = Array.isArray(prompts) ? prompts.flatMap((prompt) => new Array(n).fill(prompt)) : prompts;
    const drawn = yield* generator.generating(all, random);
    const { rewards } = yield* scorer.scoring(
      all,
      drawn.map(({ tokens }) => Array.from(tokens)),
    );
    return prompts.map((_, i) => {
      const [best = 0] = bestRows(rewards.subarray(i * n, (i + 1) * n), n);
      return { ...drawn[i * n + best], reward: rewards[i * n + best] };
    });
  }

  return { generating, generate: (prompts, random) => finish(generating(prompts, random)) };
}

/** The row of the highest reward in each group, of equals the first; groups without a score have none. */
export function bestRows(rewards: ArrayLike<number>, groupSize: number): Int32Array {
  const best: number[] = [];
  for (let start = 0; start < rewards.length; start += groupSize) {
    let row = -1;
    for (let i = start; i < start + groupSize; i++) {
      if (!Number.isNaN(rewards[i]) && (row < 0 || rewards[i] > rewards[row])) row = i;
    }
    if (row >= 0) best.push(row);
  }
  return Int32Array.from(best);
}
