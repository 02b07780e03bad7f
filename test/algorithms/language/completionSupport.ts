/** What the tests of algorithms with completions of their own share: a tiny model on the world of sentences. */

import type { CompletionMaterial } from "../../../src/algorithms/language/completions/material.ts";
import { languageAlgorithms } from "../../../src/algorithms/language/languageRegistry.ts";
import type { LanguageModelDescription } from "../../../src/language/model/description.ts";
import { type LanguageModel, makeLanguageModel } from "../../../src/language/model/languageModel.ts";
import { type SentenceWorld, sentenceWorld } from "../../../src/language/worlds/index.ts";
import type { LanguageLearner } from "../../../src/learners/languageLearner.ts";
import { finish, type Work } from "../../../src/pauses.ts";
import type { Engine } from "../../../src/tensor/engine.ts";

export const world: SentenceWorld = sentenceWorld({ letters: 3, length: 4 });
export const END = world.tokenizer.eosId!;

/** 16 wide, one layer. */
export const tinyDescription: LanguageModelDescription = {
  ...world.model,
  ...{ width: 16, layers: 1, heads: 2, keyValueHeads: 2, headSize: 8, hiddenSize: 32 },
};

export function tinyModel(engine: Engine, seed = 0, name?: string): LanguageModel {
  return makeLanguageModel(engine, tinyDescription, name === undefined ? { seed } : { seed, name });
}

export const worldReward = (
  prompts: readonly (readonly number[])[],
  completions: readonly (readonly number[])[],
): number[] => prompts.map((prompt, i) => world.reward(prompt, completions[i]));

export const samplers = ["grpo", "rloo", "rlhf", "best-of-n"] as const;
export type Sampler = (typeof samplers)[number];

/** Settings of a size that every algorithm takes. */
export const small = (algorithm: Sampler): Record<string, unknown> => ({
  ...{ nPrompts: 4, maxNewTokens: 4, learningRate: 1e-3, seed: 3 },
  ...(algorithm === "best-of-n" ? { n: 4 } : { groupSize: 4 }),
});

export function makeLearner(
  algorithm: Sampler,
  material: Partial<CompletionMaterial> & { model: LanguageModel },
  options: Readonly<Record<string, unknown>> = {},
  totalSteps = 1600,
): LanguageLearner {
  const making = languageAlgorithms[algorithm].making as (
    material: CompletionMaterial,
    options: Readonly<Record<string, unknown>>,
    totalSteps: number,
  ) => Work<LanguageLearner>;
  const whole = { rows: world.prompts(8, 0), reward: worldReward, ...material };
  const settings = Object.entries({ ...small(algorithm), ...options }).filter(([, value]) => value !== undefined);
  return finish(making(whole, Object.fromEntries(settings), totalSteps));
}
