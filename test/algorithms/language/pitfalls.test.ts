/** What has gone wrong elsewhere, a test named after each: at the level of learners. Those of losses are in test/objectives/preferences. */

import { describe, expect, test } from "vitest";
import { sequenceScorer } from "../../../src/algorithms/language/sequenceScorer.ts";
import { encodeSequence } from "../../../src/algorithms/language/sequences.ts";
import type { PreferenceRow } from "../../../src/language/data/rows.ts";
import { type LanguageModel, makeLanguageModel } from "../../../src/language/model/languageModel.ts";
import { finish } from "../../../src/pauses.ts";
import { createEngine } from "../../../src/tensor/engine.ts";
import { iterate, make, numbersOf, somePairs, tiny, tinyModel } from "./support.ts";

const plain = { optimiser: "sgd", learningRate: 0.05, maxGradNorm: "none" } as const;

/** log π of completions, one by one, under a model as it is. */
function logProbs(model: LanguageModel, rows: readonly { prompt: readonly number[]; completion: readonly number[] }[]) {
  const longest = model.network.description.contextLength;
  const encoded = rows.map((row) => encodeSequence("row", row, model.network.description, longest));
  return finish(sequenceScorer("test", model, [longest], 1).logProbs(encoded));
}

const sides = (pairs: readonly PreferenceRow[], side: "chosen" | "rejected") =>
  pairs.map((pair) => ({ prompt: pair.prompt, completion: pair[side] }));

describe("the reference", () => {
  test("starts as the policy: the first DPO loss is ln 2, margins are 0, and nothing is preferred yet", async () => {
    const { learner } = await make({ name: "dpo" });
    const first = learner.iterate();
    expect(first["loss"]).toBeCloseTo(Math.LN2, 6);
    expect([first["rewards/margins"], first["rewards/accuracies"]]).toEqual([0, 0]);
    expect(first["gradientNorm"]).toBeGreaterThan(0.01);
  });

  test("is not changed by the policy's updates, given or not", async () => {
    const engine = await createEngine();
    const [model, reference] = [tinyModel(engine, 1), tinyModel(engine, 2)];
    const before = reference.block.flat().slice();
    const { learner } = await make({ name: "dpo", model, reference });
    iterate(learner, 5);
    expect(reference.block.flat()).toEqual(before);
    const other = await make({ name: "dpo" });
    const start = numbersOf(other.model);
    iterate(other.learner, 5);
    expect(other.learner.save().arrays["reference"].data).toEqual(start);
    expect(numbersOf(other.model)).not.toEqual(start);
  });

  test("computed beforehand is the policy's of the start, not the trained one's: the same bits as computed each time", async () => {
    const [fresh, cached] = await Promise.all(
      [false, true].map((precomputeReference) => make({ name: "dpo", options: { precomputeReference } })),
    );
    expect(iterate(cached.learner, 9)).toEqual(iterate(fresh.learner, 9));
    expect(numbersOf(cached.model)).toEqual(numbersOf(fresh.model));
  });

  test("computed beforehand survives a resume, in which the policy is trained already", async () => {
    const options = { precomputeReference: true };
    const [a, b] = await Promise.all([0, 1].map(() => make({ name: "dpo", options })));
    iterate(a.learner, 4);
    b.learner.load(a.learner.save());
    expect(iterate(b.learner, 4)).toEqual(iterate(a.learner, 4));
  });

  test("of LoRA is the base: a copy of the base given as the reference makes the same updates", async () => {
    const engine = await createEngine();
    const held = tinyModel(engine, 1);
    const [own, given] = [
      await make({ name: "dpo", model: tinyModel(engine, 1), adapter: true }),
      await make({ name: "dpo", model: tinyModel(engine, 1), adapter: true, reference: held }),
    ];
    const [a, b] = [iterate(own.learner, 4), iterate(given.learner, 4)];
    a.forEach((figures, i) => {
      expect(figures["loss"]).toBeCloseTo(b[i]["loss"], 6);
    });
    expect(own.learner.save().arrays["reference"]).toBeUndefined();
  });

  test("of an adapter that was trained before is not the base but the policy of the start", async () => {
    const engine = await createEngine();
    const trained = await make({ name: "sft", model: tinyModel(engine, 1), adapter: true });
    iterate(trained.learner, 5);
    const { learner } = await make({ name: "dpo", model: trained.model });
    const first = learner.iterate();
    expect(first["loss"]).toBeCloseTo(Math.LN2, 6);
    expect(first["rewards/margins"]).toBe(0);
  });

  test("moves towards the policy only where TR-DPO is wanted, every so many updates, by its share", async () => {
    const options = { movingReference: true, referenceMixing: 0.25, referenceEvery: 3 };
    const { learner, model } = await make({ name: "dpo", options });
    const start = numbersOf(model);
    const reference = () => learner.save().arrays["reference"].data as Float32Array;
    iterate(learner, 2);
    expect(reference()).toEqual(start);
    iterate(learner, 1);
    const policy = model.block.flat();
    const expected = start.map((x, i) => Math.fround(x + 0.25 * (policy[i] - x)));
    expect(Math.max(...reference().map((x, i) => Math.abs(x - expected[i])))).toBeLessThan(1e-7);
    await expect(make({ name: "dpo", options: { ...options, precomputeReference: true } })).rejects.toThrow(
      /cannot move/,
    );
    await expect(make({ name: "dpo", options, adapter: true })).rejects.toThrow(/base model, which nothing changes/);
  });

  test("that is the policy itself, or of another vocabulary, is refused", async () => {
    const engine = await createEngine();
    const model = tinyModel(engine, 1);
    await expect(make({ name: "dpo", model, reference: model })).rejects.toThrow(/the policy itself/);
    const other = makeLanguageModel(engine, { ...tiny, vocabularySize: 12 }, { seed: 1 });
    await expect(make({ name: "kto", model, reference: other })).rejects.toThrow(/12 tokens.*expected 11/);
  });
});

describe("pairs", () => {
  test("the chosen completion becomes more likely and the rejected one less, whichever is longer", async () => {
    for (const [chosen, rejected] of [
      [
        [5, 2],
        [6, 7, 8, 2],
      ],
      [
        [6, 7, 8, 2],
        [5, 2],
      ],
    ]) {
      const pairs = [{ prompt: [1], chosen, rejected }];
      const { learner, model } = await make({ name: "dpo", pairs, options: { ...plain, batchSize: 1 } });
      const [good, bad] = [logProbs(model, sides(pairs, "chosen"))[0], logProbs(model, sides(pairs, "rejected"))[0]];
      iterate(learner, 3);
      expect(logProbs(model, sides(pairs, "chosen"))[0]).toBeGreaterThan(good);
      expect(logProbs(model, sides(pairs, "rejected"))[0]).toBeLessThan(bad);
    }
  });

  test("chosen = rejected is no preference: such pairs are left out, and where there are no others that is said", async () => {
    const same = { prompt: [1, 4], chosen: [5, 6, 2], rejected: [5, 6, 2] };
    const { learner } = await make({
      name: "dpo",
      pairs: [same, ...somePairs(3)],
      options: { ...plain, batchSize: 8 },
    });
    expect(learner.stepsPerIteration).toBe(3);
    await expect(make({ name: "orpo", pairs: [same] })).rejects.toThrow(/two that are the same/);
    const alike = { ...same, rejected: [5, 6, 3] };
    await expect(make({ name: "dpo", pairs: [alike], options: { maxLength: 4 } })).rejects.toThrow(/the same/);
  });

  test("the first token of a completion counts: figures are sums over all of its tokens", async () => {
    const pairs = somePairs(4);
    const { learner, model } = await make({ name: "dpo", pairs, options: { ...plain, batchSize: 4 } });
    const [chosen, rejected] = (["chosen", "rejected"] as const).map((side) => logProbs(model, sides(pairs, side)));
    const mean = (values: Float32Array) => values.reduce((a, b) => a + b, 0) / values.length;
    const figures = learner.iterate();
    expect(figures["logps/chosen"]).toBeCloseTo(mean(chosen), 4);
    expect(figures["logps/rejected"]).toBeCloseTo(mean(rejected), 4);
  });

  test.each<[string, object]>([
    ["labelSmoothing", { labelSmoothing: 0.2 }],
    ["beta", { beta: 0.4 }],
    ["divergence", { divergence: "js_divergence" }],
    ["weighted", { weighted: true }],
    ["tailShare", { tailShare: 0.3 }],
    ["a mixture", { loss: "sigmoid:0.8+sft" }],
    ["loss", { loss: "ipo" }],
  ])("%s changes the loss and the gradient: no second path that does not know it", async (_, option) => {
    const figures = async (options: object) => {
      const engine = await createEngine();
      const reference = tinyModel(engine, 2);
      const settings = { ...plain, ...options };
      const { learner } = await make({ name: "dpo", model: tinyModel(engine, 1), reference, options: settings });
      return learner.iterate();
    };
    const [without, having] = [await figures({}), await figures(option)];
    expect(Math.abs(having["loss"] - without["loss"])).toBeGreaterThan(1e-3);
    expect(Math.abs(having["gradientNorm"] - without["gradientNorm"])).toBeGreaterThan(1e-3);
  });

  test("a loss that sorts the pairs of a batch is not computed in parts", async () => {
    const options = { loss: "aot", batchSize: 4, microBatchSize: 2 };
    await expect(make({ name: "dpo", options })).rejects.toThrow(/sorts the pairs of a batch/);
  });

  test("a setting that no chosen loss reads is refused before anything is trained", async () => {
    await expect(make({ name: "dpo", options: { loss: "nca_pair", labelSmoothing: 0.1 } })).rejects.toThrow(
      /labelSmoothing has no meaning/,
    );
  });
});

describe("kto", () => {
  const completions = (label: boolean) =>
    somePairs(6).map(({ prompt, chosen }) => ({ prompt, completion: chosen, label }));

  test.each([true, false])("a batch of labels %s alone works, its figures of the other kind are NaN", async (label) => {
    const engine = await createEngine();
    const { languageAlgorithms } = await import("../../../src/algorithms/language/languageRegistry.ts");
    const making = languageAlgorithms.kto.making as (material: object, options: object, steps: number) => never;
    const options = { ...plain, batchSize: 6 };
    const learner = finish<Awaited<ReturnType<typeof make>>["learner"]>(
      making({ model: tinyModel(engine, 1), rows: completions(label) }, options, 6),
    );
    const figures = learner.iterate();
    expect(figures["loss"]).toBe(0.5);
    expect(figures["gradientNorm"]).toBeGreaterThan(0);
    expect(Number.isNaN(figures[label ? "rewards/rejected" : "rewards/chosen"])).toBe(true);
    expect(figures[label ? "rewards/chosen" : "rewards/rejected"]).toBe(0);
  });

  test("the reference point is of prompts with completions of others, never with their own", async () => {
    const engine = await createEngine();
    const [model, reference] = [tinyModel(engine, 1), tinyModel(engine, 2)];
    const pairs = somePairs(2);
    const [a, b] = pairs;
    const rows = [
      { prompt: a.prompt, completion: b.chosen },
      { prompt: b.prompt, completion: a.chosen },
    ];
    const ratio = [model, reference].map((of) => logProbs(of, rows)).reduce((p, q) => p.map((x, i) => x - q[i]));
    const unpaired = pairs.map(({ prompt, chosen }) => ({ prompt, completion: chosen, label: true }));
    const { languageAlgorithms } = await import("../../../src/algorithms/language/languageRegistry.ts");
    const making = languageAlgorithms.kto.making as (material: object, options: object, steps: number) => never;
    const learner = finish<Awaited<ReturnType<typeof make>>["learner"]>(
      making({ model, reference, rows: unpaired }, { ...plain, batchSize: 2 }, 2),
    );
    expect(learner.iterate()["kl"]).toBeCloseTo(Math.max(0, (ratio[0] + ratio[1]) / 2), 4);
  });
});

describe("padding and ends of sequences", () => {
  test("a row's log-probability does not depend on what it is padded to, nor on the rows beside it", async () => {
    const engine = await createEngine();
    const model = tinyModel(engine, 1);
    const rows = sides(somePairs(7), "chosen").map((row) => encodeSequence("row", row, tiny, 12));
    const together = finish(sequenceScorer("test", model, [4, 7, 12], 3).logProbs(rows));
    const backwards = finish(sequenceScorer("test", model, [4, 7, 12], 3).logProbs([...rows].reverse())).reverse();
    const alone = finish(sequenceScorer("test", model, [12], 1).logProbs(rows));
    expect(backwards).toEqual(together);
    alone.forEach((value, i) => {
      expect(together[i]).toBeCloseTo(value, 4);
    });
  });

  test("an end of sequence that is the padding token too is learnt", async () => {
    const pairs = [{ prompt: [1], chosen: [5, 0], rejected: [6, 0] }];
    const { learner, model } = await make({ name: "sft", pairs, options: { learningRate: 0.05 }, steps: 4000 });
    iterate(learner, 40);
    const [stops] = logProbs(model, [{ prompt: [1, 5], completion: [0] }]);
    expect(stops).toBeGreaterThan(Math.log(0.9));
  });

  test("a reward model scores the last real token, also where padding looks the same", async () => {
    const short = [{ prompt: [1], chosen: [5, 0], rejected: [6, 0] }];
    const long = { prompt: [1, 3, 4], chosen: [5, 6, 7, 8, 0], rejected: [6, 0] };
    const scores = async (pairs: readonly PreferenceRow[]) => {
      const { learner } = await make({ name: "reward-model", pairs, options: { ...plain, batchSize: pairs.length } });
      return learner.iterate();
    };
    const [alone, padded] = [await scores(short), await scores([short[0], long])];
    expect(alone["max_reward"]).not.toBe(alone["min_reward"]);
    const inside = [alone["min_reward"], alone["max_reward"]].every(
      (reward) => reward >= padded["min_reward"] - 1e-5 && reward <= padded["max_reward"] + 1e-5,
    );
    expect(inside).toBe(true);
  });
});

describe("rows that cannot be learnt from", () => {
  test.each<[string, object, RegExp]>([
    ["an empty completion", { prompt: [1], chosen: [], rejected: [5, 2] }, /row 0, chosen: the completion is empty/],
    [
      "a token beyond the vocabulary",
      { prompt: [1], chosen: [11], rejected: [5] },
      /token that the model does not have/,
    ],
    ["a token that is no number", { prompt: [1], chosen: ["5"], rejected: [5] }, /token that the model does not have/],
  ])("%s", async (_, row, message) => {
    await expect(make({ name: "dpo", pairs: [row as PreferenceRow] })).rejects.toThrow(message);
  });

  test("rows that lose their whole completion to the longest length are left out; where none is left that is said", async () => {
    const long = { prompt: [1, 3, 3, 3, 3], chosen: [5, 2], rejected: [6, 2] };
    const pairs = [long, ...somePairs(3)];
    const { learner } = await make({ name: "dpo", pairs, options: { maxLength: 5, batchSize: 8 } });
    expect([learner.stepsPerIteration, learner.dropped]).toEqual([3, 1]);
    await expect(make({ name: "dpo", pairs: [long], options: { maxLength: 5 } })).rejects.toThrow(
      /1 rows, all of which lose their whole completion/,
    );
  });

  test("a label that is missing is named", async () => {
    const { languageAlgorithms } = await import("../../../src/algorithms/language/languageRegistry.ts");
    const making = languageAlgorithms.kto.making as (material: object, options: object, steps: number) => never;
    const model = tinyModel(await createEngine(), 1);
    const rows = [
      { prompt: [1], completion: [5, 2], label: true },
      { prompt: [1], completion: [6, 2] },
    ];
    expect(() => finish(making({ model, rows }, {}, 2))).toThrow(/row 1: the label is missing/);
  });
});
