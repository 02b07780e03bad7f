/** Learning from completions with LoRA: the base is the reference, and stays what it is; only the adapter learns and is kept. */

import { describe, expect, test } from "vitest";
import { makeLanguageModel } from "../../../src/language/model/languageModel.ts";
import { createEngine } from "../../../src/tensor/index.ts";
import { makeLearner, samplers, tinyDescription } from "./completionSupport.ts";

const engine = await createEngine();
const lora = { rank: 2, alpha: 4, targets: ["c_attn", "c_proj"] };
const adapted = () => makeLanguageModel(engine, { ...tinyDescription, lora }, { seed: 0 });

describe.each(samplers)("%s", (algorithm) => {
  const options = algorithm === "best-of-n" ? { from: "policy" } : { beta: 0.1 };

  test("trains the adapter alone", () => {
    const model = adapted();
    const [base, adapter] = [model.block.flat().slice(), model.adapterBlock!.flat().slice()];
    const learner = makeLearner(algorithm, { model }, { ...options, learningRate: 0.01 });
    const [first, second, third] = [0, 1, 2].map(() => learner.iterate());
    expect(model.block.flat()).toEqual(base);
    expect(model.adapterBlock!.flat()).not.toEqual(adapter);
    // Nothing but the adapter has to be kept, and no copy of the base was made for a reference.
    expect(Object.keys(learner.save().arrays)).not.toContain("reference");
    expect(learner.save().arrays["model"].data.length).toBe(adapter.length);
    if (algorithm === "best-of-n") return;
    // The adapter starts as nothing: the policy is its own reference, and no longer once it has learnt.
    expect(Math.abs(first["kl"])).toBeLessThan(1e-6);
    expect(Math.max(Math.abs(second["kl"]), Math.abs(third["kl"]))).toBeGreaterThan(1e-5);
  });

  test("goes on bit for bit from what was kept", () => {
    const learner = makeLearner(algorithm, { model: adapted() }, options);
    learner.iterate();
    const saved = learner.save();
    const figures = learner.iterate();
    const other = makeLearner(algorithm, { model: adapted() }, options);
    other.load(saved);
    expect(other.iterate()).toEqual(figures);
  });
});

test("the base cannot follow the policy as a reference", () => {
  const make = () => makeLearner("rloo", { model: adapted() }, { movingReference: true });
  expect(make).toThrow("with LoRA it is the base model");
});
