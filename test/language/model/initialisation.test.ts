/** Starting values: GPT-2's, the same for the same seed, and copies that share nothing. */

import { expect, test } from "vitest";
import type { LanguageModelDescription } from "../../../src/language/model/description.ts";
import { copyLanguageModel, makeLanguageModel } from "../../../src/language/model/languageModel.ts";
import { createEngine } from "../../../src/tensor/engine.ts";
import { identical } from "./identical.ts";
import { smallDescriptions } from "./smallDescriptions.ts";

const engine = await createEngine();
const wide: LanguageModelDescription = {
  ...smallDescriptions["llama, LoRA"],
  width: 64,
  hiddenSize: 128,
  vocabularySize: 200,
};

test("weights have GPT-2's deviations, those into the residual stream by √(2 · layers) less; norms are 1, biases 0", () => {
  const { block } = makeLanguageModel(engine, { ...wide, feedForwardBias: true, attentionBias: "all" }, { seed: 4 });
  for (const name of block.names) {
    const values = block.values(name);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length);
    if (name.endsWith("bias")) expect([mean, deviation]).toEqual([0, 0]);
    else if (name.includes("norm")) expect([mean, deviation]).toEqual([1, 0]);
    else {
      const expected = /o_proj|down_proj/.test(name) ? 0.01 : 0.02;
      expect(Math.abs(deviation / expected - 1), name).toBeLessThan(0.1);
      expect(Math.abs(mean), name).toBeLessThan(0.003);
    }
  }
});

test("the same seed gives the same numbers, another seed others, and no two arrays are alike", () => {
  const numbers = (seed: number) => makeLanguageModel(engine, wide, { seed }).block.flat().slice();
  expect(identical(numbers(4), numbers(4))).toBe(true);
  expect(identical(numbers(4), numbers(5))).toBe(false);
  const { block } = makeLanguageModel(engine, wide, { seed: 4 });
  const [q, k] = [0, 1].map((i) => block.values(`model.layers.${i}.self_attn.q_proj.weight`));
  expect(identical(q, k)).toBe(false);
});

test("LoRA starts as nothing, and its numbers do not depend on whether the base was drawn here", () => {
  const { adapterBlock } = makeLanguageModel(engine, wide, { seed: 4 });
  for (const name of adapterBlock!.names) {
    const values = adapterBlock!.values(name);
    const inputs = name.includes("down_proj") ? 128 : 64;
    if (name.endsWith("lora_B.weight")) expect(values.every((x) => x === 0)).toBe(true);
    else expect(values.some((x) => x !== 0) && values.every((x) => Math.abs(x) <= 1 / Math.sqrt(inputs))).toBe(true);
  }
});

test("a copy has the same numbers in memory of its own, under names of its own", () => {
  const model = makeLanguageModel(engine, wide, { seed: 4 });
  model.adapterBlock!.flat().fill(0.5);
  const copy = copyLanguageModel(model, { name: "reference" });
  expect(identical(copy.block.flat(), model.block.flat())).toBe(true);
  expect(identical(copy.adapterBlock!.flat(), model.adapterBlock!.flat())).toBe(true);
  expect(copy.block.names).toEqual(model.block.names.map((name) => `reference.${name}`));
  const kept = copy.block.flat().slice();
  model.block.flat().fill(7);
  expect(identical(copy.block.flat(), kept)).toBe(true);
});
