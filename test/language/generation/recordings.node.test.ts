/** Greedy continuations that Transformers gave for the recorded models: the same tokens with the cache, alone and in one batch. */

import { describe, expect, test } from "vitest";
import { makeGenerator } from "../../../src/language/generation/generator.ts";
import { createEngine } from "../../../src/tensor/index.ts";
import { recordedFiles, recordedModel, recordedModels } from "../model/support.ts";

interface Greedy {
  prompt: number[];
  continuation: number[];
  top1_minus_top2: number[];
}

describe("greedy continuations", () => {
  test.each(recordedModels.filter((name) => name !== "gpt2-reward"))("%s", async (name) => {
    const model = recordedModel(await createEngine(), name);
    const { greedy, dtype } = JSON.parse(new TextDecoder().decode(recordedFiles(name)["logits.json"])) as {
      greedy: Greedy[];
      dtype: string;
    };
    const options = { maxNewTokens: 12, greedy: true, stopTokens: [] };
    const together = makeGenerator(model, { ...options, rows: 3, promptLength: 20 });
    const got = together.generate(
      greedy.map(({ prompt }) => prompt),
      { seed: 0 },
    );
    const alone = makeGenerator(model, { ...options, rows: 1, promptLength: 20 });
    greedy.forEach(({ prompt, continuation, top1_minus_top2: margins }, i) => {
      // A forward pass in half precision decides close calls by its own rounding.
      const close = dtype === "float32" ? -1 : margins.findIndex((margin) => margin < 0.1);
      const sure = close < 0 ? continuation.length : close;
      expect([...got[i].tokens].slice(0, sure)).toEqual(continuation.slice(0, sure));
      expect(got[i].tokens.length).toBe(12);
      expect(got[i].stopped).toBe(false);
      expect(alone.generate([prompt], { seed: 1 })[0].tokens).toEqual(got[i].tokens);
    });
  });
});
