/** RLOO on a reward of listed sentences, from a starting policy that stays as it is. */

import { makingRloo } from "../algorithms/language/rloo.ts";
import { copyLanguageModel, type LanguageModel } from "../language/model/languageModel.ts";
import type { SequenceWorld } from "../mdp/sequences/sequenceWorld.ts";
import type { Work } from "../pauses.ts";
import { learntPath } from "./learntPath.ts";
import { PROMPT_TOKEN, sentenceProbabilities } from "./listedModel.ts";
import type { ScoredSentences } from "./pressure.ts";
import type { WatchedPoint } from "./watched.ts";

/**
 * Without a KL penalty where none is asked for, which does not move the curve of gold over KL, only how far along it the policy goes (Gao et al. 2022,
 * section 3.6).
 */
const OPTIONS = { beta: 0, nPrompts: 16, groupSize: 8, learningRate: 5e-4 };

export interface RlooPathOptions {
  readonly seed: number;
  readonly completions: number;
  /** How often it is looked at on the way. */
  readonly points: number;
  /** β of the KL penalty in the reward. Default 0. */
  readonly beta?: number;
  /** Takes each point as it is reached. */
  readonly onPoint?: (point: WatchedPoint) => void;
}

export function* optimisingByRloo(
  policy: LanguageModel,
  world: SequenceWorld,
  sentences: ScoredSentences,
  { seed, completions, points, beta = OPTIONS.beta, onPoint }: RlooPathOptions,
): Work<WatchedPoint[]> {
  const model = copyLanguageModel(policy, { name: "rloo" });
  const { vocabulary, length } = world;
  const rewards = sentences.proxy;
  const reward = (_: readonly (readonly number[])[], written: readonly (readonly number[])[]) =>
    written.map((sentence) => rewards[sentence.reduce((index, token) => index * vocabulary + token, 0)]);
  const rows = Array.from({ length: OPTIONS.nPrompts }, () => [PROMPT_TOKEN]);
  const options = { ...OPTIONS, beta, maxNewTokens: length, stopTokens: [], seed };
  const learner = yield* makingRloo({ model, rows, reward }, options, completions);
  return yield* learntPath(learner, sentenceProbabilities(model, world), sentences, {
    ...{ samples: completions, points, onPoint },
  });
}
