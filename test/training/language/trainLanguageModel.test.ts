/** From a name, a world or a model, and data: it really trains, and says what is wrong. */

import { describe, expect, test } from "vitest";
import type { LanguageAlgorithmName } from "../../../src/algorithms/language/byName.ts";
import { languageAlgorithms } from "../../../src/algorithms/language/languageRegistry.ts";
import type { TextData } from "../../../src/language/data/textData.ts";
import { copyLanguageModel, type LanguageModel } from "../../../src/language/model/languageModel.ts";
import { sentenceWorld } from "../../../src/language/worlds/sentences.ts";
import { createEngine } from "../../../src/tensor/engine.ts";
import { evaluateLanguageModel } from "../../../src/training/language/evaluateLanguageModel.ts";
import { languageAlgorithmNamed } from "../../../src/training/language/languageAlgorithmNamed.ts";
import {
  createLanguageLearner,
  type LanguageTrainOptions,
  trainLanguageModel,
} from "../../../src/training/language/trainLanguageModel.ts";
import { tiny, tinyModel } from "../../algorithms/language/support.ts";

const world = "sentences";
const quiet = { monitor: false } as const;

describe("on a world of text, from nothing", () => {
  let base: LanguageModel;
  const reward = async (model: LanguageModel) =>
    (await evaluateLanguageModel(model, world, { samples: 200 })).reward!.mean;

  test("sft learns to write what is shown", async () => {
    const losses: number[] = [];
    const { model, stopped, metrics } = await trainLanguageModel("sft", {
      ...{ world, steps: 4000, ...quiet },
      onIteration: ({ loss }) => {
        losses.push(loss);
      },
    });
    base = model;
    expect(stopped).toBe(false);
    expect(metrics.steps).toBeGreaterThanOrEqual(4000);
    expect(losses.at(-1)).toBeLessThan(0.75 * losses[0]);
  });

  test.each<[LanguageAlgorithmName, number]>([
    ["dpo", 1],
    ["kto", 0.7],
    ["cpo", 0.4],
  ])("%s then raises the world's reward", async (name, least) => {
    const before = await reward(base);
    const model = copyLanguageModel(base, { name: "policy" });
    await trainLanguageModel(name, { world, model, seed: 1, steps: 3000, ...quiet });
    expect((await reward(model)) - before).toBeGreaterThan(least);
  });

  test("orpo needs no model that was trained before", async () => {
    const { model } = await trainLanguageModel("orpo", { world, steps: 6000, ...quiet });
    expect(await reward(model)).toBeGreaterThan((await reward(base)) + 0.3);
  });

  test("a reward model prefers what the world prefers, on pairs that it has not seen", async () => {
    const { model } = await trainLanguageModel("reward-model", { world, worldRows: 3000, steps: 9000, ...quiet });
    const { accuracy } = await evaluateLanguageModel(model, sentenceWorld());
    expect(accuracy).toBeGreaterThan(0.6);
  });
});

describe("the figures", () => {
  test.each<LanguageAlgorithmName>(["sft", "reward-model", "dpo", "kto", "cpo", "orpo"])(
    "%s: of each update",
    async (name) => {
      const { learner } = await createLanguageLearner(name, { world, worldRows: 8, options: { batchSize: 4 } });
      const figures = Object.keys(learner.iterate());
      expect(figures).toEqual(
        expect.arrayContaining(["steps", "loss", "num_tokens", "epoch", "gradientNorm", "learningRate"]),
      );
      for (const { figure } of languageAlgorithms[name].curves) expect(figures).toContain(figure);
    },
  );
});

test("completions are looked at as it goes, of the same prompts, with what they are worth", async () => {
  const looks: number[] = [];
  await trainLanguageModel("sft", {
    ...{ world: "reverse", worldRows: 16, steps: 48, sampleEvery: 16, ...quiet, options: { batchSize: 8 } },
    onSamples: (samples, steps) => {
      looks.push(steps);
      expect(samples.length).toBe(3);
      for (const { reward } of samples) expect(reward).toBeGreaterThanOrEqual(0);
    },
  });
  expect(looks).toEqual([16, 32, 48]);
});

test("a signal ends it, and a saved state goes on bit for bit", async () => {
  const options = { batchSize: 4, annealSteps: 32 };
  const given = { world, worldRows: 16, ...quiet, options } as const;
  const whole = await trainLanguageModel("dpo", { ...given, steps: 32 });
  const stop = new AbortController();
  const half = await trainLanguageModel("dpo", {
    ...{ ...given, steps: 32, signal: stop.signal },
    onIteration: ({ steps }) => {
      if (steps === 12) stop.abort();
    },
  });
  expect([half.stopped, half.learner.steps]).toEqual([true, 12]);
  const rest = await trainLanguageModel("dpo", { ...given, steps: 32, resumeFrom: half.learner.save() });
  expect(rest.model.block.flat()).toEqual(whole.model.block.flat());
});

describe("what is wrong is said", () => {
  const refused = (name: string, given: LanguageTrainOptions, message: RegExp) =>
    expect(trainLanguageModel(name as "dpo", { ...quiet, ...given })).rejects.toThrow(message);

  test("an algorithm, a world or an option that is none, with the nearest one", async () => {
    expect(() => languageAlgorithmNamed("dop")).toThrow(/no algorithm "dop".*Did you mean "dpo"/);
    await refused("ppo", {}, /no algorithm "ppo" for language models/);
    await refused("dpo", { world: "sentence" as "sentences" }, /no world of text.*Did you mean "sentences"/);
    await refused("dpo", { world, options: { bta: 1 } }, /no option "bta".*Did you mean "beta"/);
    await refused("dpo", { world, steps: 0 }, /steps/);
    await refused("dpo", { world, beta: 0.1 } as LanguageTrainOptions, /beta/);
  });

  test("nothing to train, or nothing to learn from", async () => {
    await refused("dpo", {}, /learns from preference data, and there are none/);
    await refused("sft", { data: [{ prompt: [1], completion: [2] }] }, /needs a model/);
    await refused("dpo", { world: "random-walks" }, /has no preferences/);
  });

  test("data of another kind, a reward or a reference without a place, a model with another head", async () => {
    const engine = await createEngine();
    const model = tinyModel(engine);
    const text = { kind: "prompt-completion", rows: [], report: {} } as unknown as TextData;
    await refused(
      "dpo",
      { world, data: text },
      /does not learn from such data: got "?prompt-completion"?, expected preference/,
    );
    await refused("dpo", { world, reward: () => [0] }, /learns from data alone/);
    await refused("sft", { world, reference: model }, /sft has no reference/);
    const scores = tinyModel(engine, 1, { ...tiny, head: "score" });
    await refused("dpo", { model: scores, data: [] }, /trains a model that predicts tokens/);
    await refused("dpo", { model, data: [] }, /nothing to learn from: got no rows/);
  });

  test("a model that does not have the world's tokens", async () => {
    const model = tinyModel(await createEngine());
    await refused("sft", { world: "names", model }, /tokens that the model does not have/);
  });
});
