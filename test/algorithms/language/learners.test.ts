/** What every learner of texts promises: it trains, the same from the same seed, exactly from where it was saved, in parts as in one. */

import { describe, expect, test } from "vitest";
import { createEngine, floatsOf } from "../../../src/tensor/engine.ts";
import { dataAlgorithms, iterate, make, numbersOf, somePairs, tinyLlama, tinyModel } from "./support.ts";

const two = (name: string, options: Readonly<Record<string, unknown>>) =>
  Promise.all([0, 1].map(() => make({ name: name as "dpo", options })));

describe.each(dataAlgorithms)("%s", (name) => {
  test("the loss falls, and the figures are those of every update", async () => {
    const { learner } = await make({ name, options: { learningRate: 0.02, batchSize: 10 }, steps: 600 });
    const figures = iterate(learner, 30);
    expect(figures.at(-1)!["loss"]).toBeLessThan(0.9 * figures[0]["loss"]);
    for (const one of figures) expect(Object.keys(one)).toEqual(Object.keys(figures[0]));
  });

  test("equal seeds give equal bits, others do not", async () => {
    const [a, b] = await two(name, { seed: 4 });
    const { learner: other, model } = await make({ name, options: { seed: 5 } });
    expect(iterate(a.learner, 4)).toEqual(iterate(b.learner, 4));
    iterate(other, 4);
    expect(numbersOf(a.model)).toEqual(numbersOf(b.model));
    expect(numbersOf(model)).not.toEqual(numbersOf(a.model));
  });

  test("saved in the midst of an epoch and loaded elsewhere it goes on bit for bit", async () => {
    const [a, b] = await two(name, { beta1: 0.8 });
    iterate(a.learner, 4);
    const snapshot = structuredClone(a.learner.save());
    const rest = iterate(a.learner, 5);
    iterate(b.learner, 1);
    b.learner.load(snapshot);
    expect(iterate(b.learner, 5)).toEqual(rest);
    expect(numbersOf(b.model)).toEqual(numbersOf(a.model));
    expect(b.learner.save()).toEqual(a.learner.save());
  });

  test("every trainable array gets a gradient that is not 0, and moves", async () => {
    const { learner, model } = await make({ name, options: { batchSize: 10 } });
    const before = new Map(model.block.names.map((own) => [own, model.block.values(own).slice()]));
    iterate(learner, 2);
    const still = model.block.names.filter((own) => before.get(own)!.every((x, i) => x === model.block.values(own)[i]));
    expect(still).toEqual([]);
  });

  test("a Llama network does as well", async () => {
    const engine = await createEngine();
    const head = name === "reward-model" ? "score" : "language";
    const { learner } = await make({ name, model: tinyModel(engine, 1, { ...tinyLlama, head }, 6) });
    const figures = iterate(learner, 6);
    expect(figures.every(({ loss, gradientNorm }) => Number.isFinite(loss) && gradientNorm > 0)).toBe(true);
  });

  test("a batch in parts makes the update of the whole batch", async () => {
    const pairs = somePairs(10);
    const settings = { batchSize: 7, optimiser: "sgd", learningRate: 0.05, maxGradNorm: "none" };
    const whole = await make({ name, pairs, options: settings });
    const parts = await make({ name, pairs, options: { ...settings, microBatchSize: 2 } });
    const [of, ofParts] = [iterate(whole.learner, 3), iterate(parts.learner, 3)];
    for (const [i, figures] of of.entries()) {
      for (const [figure, value] of Object.entries(figures)) {
        const apart = Math.abs(ofParts[i][figure] - value);
        expect(Number.isNaN(value) || apart < 2e-5 * Math.max(1, Math.abs(value)), `${figure}: ${apart}`).toBe(true);
      }
    }
    const [a, b] = [whole, parts].map(({ model }) => floatsOf(model.block.region));
    expect(Math.max(...a.map((x, i) => Math.abs(x - b[i])))).toBeLessThan(1e-5);
  });

  test("an epoch goes over every row once, in an order of its own", async () => {
    const { learner } = await make({ name, pairs: somePairs(9), options: { batchSize: 4 } });
    const rows = name === "kto" ? 18 : 9;
    const epochs = iterate(learner, 2 * Math.ceil(rows / 4)).map(({ steps, epoch }) => [steps, epoch]);
    expect(epochs.at(-1)).toEqual([2 * rows, 2]);
    expect(epochs[Math.ceil(rows / 4) - 1]).toEqual([rows, 1]);
  });

  test("with LoRA the adapter alone is trained", async () => {
    const { learner, model } = await make({ name, adapter: true });
    const base = model.block.flat().slice();
    const adapter = model.adapterBlock!.flat().slice();
    iterate(learner, 3);
    expect(model.block.flat()).toEqual(base);
    expect(model.adapterBlock!.flat()).not.toEqual(adapter);
  });
});
