/** A world's own model, made from nothing and taught the world's demonstrations. */

import { makingSft } from "../../src/algorithms/language/sft.ts";
import { type LanguageModel, makeLanguageModel } from "../../src/language/model/languageModel.ts";
import type { TextWorld } from "../../src/language/worlds/index.ts";
import { finish } from "../../src/pauses.ts";
import type { Engine } from "../../src/tensor/engine.ts";

export function taught(engine: Engine, world: TextWorld, seed: number, rows = 2000, epochs = 5): LanguageModel {
  const model = makeLanguageModel(engine, world.model, { seed });
  const options = { seed, batchSize: 64, learningRate: "linear:3e-3" } as const;
  const learner = finish(makingSft({ model, rows: world.demonstrations(rows, seed) }, options, rows * epochs));
  while (learner.steps < rows * epochs) learner.iterate();
  return model;
}
