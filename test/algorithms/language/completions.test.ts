/** What all algorithms with completions of their own have in common: they train everything, resume exactly, and refuse in words. */

import { describe, expect, test } from "vitest";
import { makeLanguageModel } from "../../../src/language/model/languageModel.ts";
import { givingWay } from "../../../src/pauses.ts";
import { createEngine } from "../../../src/tensor/index.ts";
import {
  END,
  makeLearner,
  type Sampler,
  samplers,
  tinyDescription,
  tinyModel,
  worldReward,
} from "./completionSupport.ts";

const engine = await createEngine();

describe.each(samplers)("%s", (algorithm) => {
  test("every trainable array changes, in two updates, and the reference does not", () => {
    const model = tinyModel(engine);
    const before = new Map(model.block.names.map((name) => [name, model.block.values(name).slice()]));
    const learner = makeLearner(algorithm, { model }, { learningRate: 0.01 });
    const held = learner.save().arrays;
    for (let i = 0; i < 2; i++) learner.iterate();
    for (const [name, values] of before) {
      // Keys' biases shift all scores of a query alike: softmax does not see them, and neither does a gradient.
      const own = model.block.values(name);
      const from = name.endsWith("c_attn.bias") ? own.filter((_, i) => i < 16 || i >= 32) : own;
      const to = name.endsWith("c_attn.bias") ? values.filter((_, i) => i < 16 || i >= 32) : values;
      expect(from, name).not.toEqual(to);
    }
    const { reference, sampler, value } = learner.save().arrays;
    if (reference !== undefined) expect(reference.data).toEqual(held["reference"].data);
    if (sampler !== undefined) expect(sampler.data).toEqual(held["sampler"].data);
    if (algorithm === "rlhf") expect(value.data).not.toEqual(held["value"].data);
  });

  test("a saved state goes on bit for bit, with several updates an iteration and a schedule", () => {
    const options = { nEpochs: 2, batchSize: 6, beta: 0.05, klTarget: 1 };
    const { beta, klTarget, ...common } = options;
    const own = algorithm === "best-of-n" ? common : algorithm === "rlhf" ? options : { ...common, beta };
    const learner = makeLearner(algorithm, { model: tinyModel(engine) }, own);
    learner.iterate();
    const saved = learner.save();
    const further = [learner.iterate(), learner.iterate()];
    const other = makeLearner(algorithm, { model: tinyModel(engine, 5) }, own);
    other.load(saved);
    expect([other.iterate(), other.iterate()]).toEqual(further);
    expect(other.save()).toEqual(learner.save());
    expect(other.samples?.()).toEqual(learner.samples?.());
  });

  test("figures are finite and count completions", () => {
    const learner = makeLearner(algorithm, { model: tinyModel(engine) });
    const figures = learner.iterate();
    for (const [name, value] of Object.entries(figures)) expect(value, name).toSatisfy(Number.isFinite);
    expect(figures).toMatchObject({ steps: 16, epoch: 0.5, updates: algorithm === "rlhf" ? 4 : 1 });
    expect(learner.stepsPerIteration).toBe(16);
    const lengths = learner.samples!().map(({ completion }) => completion.length);
    expect(figures["completions/max_length"]).toBeGreaterThanOrEqual(Math.max(...lengths));
    expect(figures["num_tokens"]).toBe(16 + 16 * figures["completions/mean_length"]);
  });

  test("rewards that are all equal move nothing but what holds the policy, and are no NaN", () => {
    const model = tinyModel(engine);
    const before = model.block.flat().slice();
    const noReference = algorithm === "grpo" || algorithm === "rloo" ? { beta: 0 } : {};
    const learner = makeLearner(algorithm, { model, reward: (prompts) => prompts.map(() => 0.5) }, noReference);
    const figures = learner.iterate();
    for (const [name, value] of Object.entries(figures)) expect(value, name).not.toBeNaN();
    if (algorithm === "grpo" || algorithm === "rloo") {
      expect(figures["frac_reward_zero_std"]).toBe(1);
      expect(figures["gradientNorm"]).toBe(0);
      expect(model.block.flat()).toEqual(before);
    }
  });

  test.each<[string, () => unknown, string, string]>([
    [
      "throws",
      () => {
        throw new Error("no network");
      },
      "option",
      "no network",
    ],
    ["gives the wrong count", () => [1, 2], "option", "2 of them"],
    ["gives nothing", () => undefined, "option", "got nothing"],
    ["gives NaN", () => new Array(16).fill(Number.NaN), "non-finite", "completion 0: got NaN"],
    ["gives texts", () => new Array(16).fill("good"), "option", "completion 0"],
    ["gives a Promise to iterate()", () => Promise.resolve(new Array(16).fill(1)), "state", "cannot wait for"],
  ])("a reward function that %s: an error in words, and nothing is learnt", (_, score, code, words) => {
    const model = tinyModel(engine);
    const before = model.block.flat().slice();
    let broken = true;
    const reward = function judge(
      prompts: readonly (readonly number[])[],
      completions: readonly (readonly number[])[],
    ) {
      return broken ? (score() as number[]) : worldReward(prompts, completions);
    };
    const learner = makeLearner(algorithm, { model, reward });
    const saved = learner.save();
    expect(() => learner.iterate()).toThrow(expect.objectContaining({ code, message: expect.stringContaining(words) }));
    expect(() => learner.iterate()).toThrow('The reward function "judge"');
    expect(model.block.flat()).toEqual(before);
    expect(learner.save()).toEqual(saved);
    broken = false;
    const untroubled = makeLearner(algorithm, { model: tinyModel(engine), reward: worldReward });
    expect(learner.iterate()["loss"]).toBe(untroubled.iterate()["loss"]);
  });

  test("filters of sampling are refused where log-probabilities are compared", () => {
    const make = (options: object) => () => makeLearner(algorithm, { model: tinyModel(engine) }, { ...options });
    if (algorithm === "best-of-n") expect(make({ topK: 2, topP: 0.9 })).not.toThrow();
    else {
      expect(make({ topK: 2 })).toThrow("a filter gives each model a distribution of other tokens: got topK: 2");
      expect(make({ topP: 0.9 })).toThrow("got topP: 0.9");
    }
  });
});

test.each(["grpo", "rloo"] as const)("%s: a group of one has nothing to be compared with", (algorithm) => {
  expect(() => makeLearner(algorithm, { model: tinyModel(engine) }, { groupSize: 1 })).toThrow(
    expect.objectContaining({ code: "option", message: expect.stringContaining("groupSize") }),
  );
});

test("a reward may come later, where others have their turn; so may its error", async () => {
  const reward = async (prompts: readonly (readonly number[])[], completions: readonly (readonly number[])[]) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    return worldReward(prompts, completions);
  };
  const [slow, quick] = [reward, worldReward].map((reward) =>
    makeLearner("grpo", { model: tinyModel(engine), reward }),
  );
  const { "rewards/reward/mean": _, "rewards/reward/std": __, ...slowly } = await givingWay(slow.iteration());
  expect(quick.iterate()).toMatchObject(slowly);
  const late = () => Promise.reject(new Error("503"));
  const failing = makeLearner("grpo", { model: tinyModel(engine), reward: late });
  await expect(givingWay(failing.iteration())).rejects.toThrow("503");
});

describe("several rewards", () => {
  const length = (_: unknown, completions: readonly (readonly number[])[]) => completions.map((ids) => ids.length);
  const opinion = (_: unknown, completions: readonly (readonly number[])[]) =>
    completions.map((ids) => (ids.length > 2 ? 1 : null));

  test("are a weighted list, with figures of each by name", () => {
    const learner = makeLearner("grpo", {
      model: tinyModel(engine),
      reward: [
        { reward: worldReward, name: "table" },
        { reward: length, weight: -0.5 },
      ],
    });
    const figures = learner.iterate();
    const expected = figures["rewards/table/mean"] - 0.5 * figures["rewards/length/mean"];
    expect(figures["reward"]).toBeCloseTo(expected, 12);
    expect(figures["rewards/length/mean"]).toBeCloseTo(figures["completions/mean_length"], 12);
  });

  test("one without an opinion counts in no mean; rlhf, which has no group, wants a score", () => {
    const reward = [{ reward: opinion }];
    const figures = makeLearner("rloo", { model: tinyModel(engine), reward }).iterate();
    expect(figures["rewards/opinion/mean"]).toBe(1);
    expect(figures["loss"]).toSatisfy(Number.isFinite);
    expect(() => makeLearner("rlhf", { model: tinyModel(engine), reward }).iterate()).toThrow("has no score");
  });

  test("may be standardised each in its group before they are summed: a large one does not drown a small one", () => {
    const loud = (prompts: readonly (readonly number[])[], completions: readonly (readonly number[])[]) =>
      worldReward(prompts, completions).map((r) => 1e4 * r);
    const losses = (["sumThenNormalize", "normalizeThenSum"] as const).map((aggregation) => {
      const model = tinyModel(engine);
      makeLearner("grpo", { model, reward: [{ reward: loud }, { reward: length }] }, { aggregation }).iterate();
      return model.block.flat().slice();
    });
    expect(losses[0]).not.toEqual(losses[1]);
  });

  test("a model with the head score is one; what is none is refused", () => {
    const scorer = makeLanguageModel(engine, { ...tinyDescription, head: "score" }, { seed: 1, name: "scorer" });
    const learner = makeLearner("grpo", { model: tinyModel(engine), reward: scorer });
    const figures = learner.iterate();
    expect(figures["rewards/model/mean"]).toBe(figures["reward"]);
    expect(figures["reward_std"]).toBeGreaterThan(0);
    const make = (reward: unknown) => () => makeLearner("grpo", { model: tinyModel(engine), reward: reward as never });
    expect(make(tinyModel(engine))).toThrow('a model with the head "language"');
    expect(make([])).toThrow("an empty list");
    expect(make(undefined)).toThrow("nothing that scores completions");
    expect(make([{ reward: worldReward, weight: Number.NaN }])).toThrow("weight");
  });
});

describe("prompts", () => {
  const make =
    (rows: readonly (readonly number[])[], options = {}) =>
    () =>
      makeLearner("grpo", { model: tinyModel(engine), rows }, options);

  test.each<[string, readonly (readonly number[])[], string]>([
    ["none", [], "no prompts"],
    ["an empty one", [[1], []], "prompt 1 is empty"],
    ["a token that there is not", [[1], [99]], "prompt 1 has a token that the model does not: got 99"],
    ["one that leaves no room", [[1, 3]], "prompt 0 is too long"],
  ])("%s: an error that names it", (_, rows, words) => {
    expect(make(rows)).toThrow(words);
  });

  test("every one comes once an epoch, the next epoch in another order", () => {
    const rows = [[3], [4], [5], [1]];
    const learner = makeLearner("grpo", { model: tinyModel(engine), rows }, { nPrompts: 2, groupSize: 2 });
    const seen = Array.from({ length: 8 }, () => {
      learner.iterate();
      return learner.samples!()
        .filter((_, i) => i % 2 === 0)
        .map(({ prompt }) => prompt[0]);
    }).flat();
    const epochs = [0, 1, 2, 3].map((epoch) => seen.slice(4 * epoch, 4 * epoch + 4));
    for (const epoch of epochs) expect([...epoch].sort()).toEqual([1, 3, 4, 5]);
    expect(new Set(epochs.map(String)).size).toBeGreaterThan(1);
  });
});

test("the same update in parts: completions that are computed at once change nothing", () => {
  for (const algorithm of samplers as readonly Sampler[]) {
    const [whole, parts] = [undefined, 3].map((microBatchSize) => {
      const model = tinyModel(engine);
      const options = algorithm === "best-of-n" ? {} : { beta: 0.1 };
      makeLearner(
        algorithm,
        { model },
        { ...options, ...(microBatchSize && { microBatchSize }), optimiser: "sgd" },
      ).iterate();
      return model.block.flat().slice();
    });
    const distance = Math.max(...whole.map((x, i) => Math.abs(x - parts[i])));
    expect(distance, algorithm).toBeLessThan(1e-7);
  }
});

test("nothing is learnt from completions that were cut off, where they do not count", () => {
  const model = tinyModel(engine);
  const before = model.block.flat().slice();
  const figures = makeLearner("grpo", { model }, { maskTruncated: true, stopTokens: [] }).iterate();
  expect(figures).toMatchObject({ "completions/clipped_ratio": 1, updates: 0, gradientNorm: 0 });
  expect(model.block.flat()).toEqual(before);
});

test("without anything that says what ends a completion, the error says so", () => {
  const { specialTokens: _, ...description } = tinyDescription;
  const model = makeLanguageModel(engine, description, { seed: 0 });
  expect(() => makeLearner("rloo", { model })).toThrow("nothing says what ends a completion");
  expect(() => makeLearner("rloo", { model }, { stopTokens: [END] })).not.toThrow();
});

test("a reference that is the policy, or of another vocabulary, is refused", () => {
  const model = tinyModel(engine);
  expect(() => makeLearner("rloo", { model, reference: model })).toThrow("the reference is the policy itself");
  const other = makeLanguageModel(engine, { ...tinyDescription, vocabularySize: 9 }, { seed: 0, name: "other" });
  expect(() => makeLearner("rloo", { model, reference: other })).toThrow("other vocabularies");
});
