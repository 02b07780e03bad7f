/** Rows are padded to the longest of them and no further: a bucket of round length was longer than the model's context. */

import { expect, test } from "vitest";
import { makingSft } from "../../../src/algorithms/language/sft.ts";
import { makeLanguageModel } from "../../../src/language/model/languageModel.ts";
import { worldModel } from "../../../src/language/worlds/worldModel.ts";
import { finish } from "../../../src/pauses.ts";
import { createEngine } from "../../../src/tensor/index.ts";

test("rows as long as the context can be learnt from", async () => {
  const description = worldModel({ vocabularySize: 6, contextLength: 6, width: 8, layers: 1, heads: 1 });
  const model = makeLanguageModel(await createEngine(), description, { seed: 0 });
  const rows = [
    { prompt: [0], completion: [1, 2, 3, 4, 5] },
    { prompt: [0], completion: [5, 4, 3, 2, 1] },
  ];
  const learner = finish(makingSft({ model, rows }, { batchSize: 2 }, 4));
  expect(learner.iterate().steps).toBe(2);
});
