/** The policy that is to be improved: a small transformer that has learnt the grammar's sentences by imitation. */

import { makingSft } from "../algorithms/language/sft.ts";
import { type LanguageModel, makeLanguageModel } from "../language/model/languageModel.ts";
import { worldModel } from "../language/worlds/worldModel.ts";
import type { Work } from "../pauses.ts";
import type { Engine } from "../tensor/engine.ts";
import type { GoldWorld } from "./goldWorld.ts";
import { PROMPT_TOKEN, sentenceTokens } from "./listedModel.ts";
import { drawSentences } from "./proxies.ts";

const SENTENCES = 4096;
const PRESENTATIONS = 12_288;

/** @param seed of its starting values, of the sentences it is shown and of their order. */
export function* makingStartingPolicy(engine: Engine, world: GoldWorld, seed: number): Work<LanguageModel> {
  const { sequences, base } = world;
  const description = worldModel({
    vocabularySize: sequences.vocabulary,
    contextLength: sequences.length + 1,
    width: 32,
    layers: 1,
    heads: 2,
  });
  const model = makeLanguageModel(engine, description, { seed });
  const rows = drawSentences(base, SENTENCES, seed).map((index) => ({
    prompt: [PROMPT_TOKEN],
    completion: sentenceTokens(sequences, index),
  }));
  const options = { batchSize: 64, learningRate: 3e-3, seed };
  const learner = yield* makingSft({ model, rows }, options, PRESENTATIONS);
  while (learner.steps < PRESENTATIONS) yield* learner.iteration();
  return model;
}
