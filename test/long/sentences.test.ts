/**
 * The learners on the world of text that is listed, against what is exact there: a small transformer, taught the world's sentences
 * first, must come within 2 % of β log Z, the most that a reward less β times the KL divergence can be worth.
 */

import { describe, expect, test } from "vitest";
import { type DpoOptions, makingDpo } from "../../src/algorithms/language/dpo.ts";
import { bestOfN } from "../../src/estimators/index.ts";
import type { LanguageModel } from "../../src/language/model/languageModel.ts";
import { listedLogProbs, type SentenceWorld, sentenceIndex, sentenceWorld } from "../../src/language/worlds/index.ts";
import {
  bradleyTerryPreferences,
  forwardKlOptimum,
  regularisedObjective,
  regularisedOptimum,
  stateKl,
  tokenKlOptimum,
  winRates,
} from "../../src/mdp/index.ts";
import { finish } from "../../src/pauses.ts";
import { createEngine } from "../../src/tensor/index.ts";
import { makeLearner, type Sampler } from "../algorithms/language/completionSupport.ts";
import { taught } from "./taughtModel.ts";

const engine = await createEngine();

function trained(
  algorithm: Sampler,
  world: SentenceWorld,
  model: LanguageModel,
  options: Readonly<Record<string, unknown>>,
  iterations: number,
) {
  const reward = (prompts: readonly (readonly number[])[], completions: readonly (readonly number[])[]) =>
    prompts.map((prompt, i) => world.reward(prompt, completions[i]));
  const { nPrompts, groupSize = 1, n = groupSize } = options as Record<string, number>;
  const material = { model, rows: world.prompts(64, 0), reward };
  const settings = {
    ...options,
    maxNewTokens: world.maxNewTokens,
    ...(algorithm === "best-of-n" && { groupSize: undefined }),
  };
  const learner = makeLearner(algorithm, material, settings, iterations * nPrompts * n);
  let figures: Record<string, number> = {};
  for (let i = 0; i < iterations; i++) figures = learner.iterate();
  return figures;
}

const exp = (logProbs: Float64Array) => logProbs.map(Math.exp);

describe("sentences of up to four tokens", () => {
  const world = sentenceWorld({ rewardScale: 0.5 });
  const beta = 0.5;

  test.each<[Sampler, Record<string, unknown>, number]>([
    ["rloo", { beta, groupSize: 4, nPrompts: 64, learningRate: "linear:3e-3" }, 80],
    ["rlhf", { beta, groupSize: 1, nPrompts: 256, learningRate: "linear:3e-3", nEpochs: 2, batchSize: 128 }, 80],
  ])("%s reaches β log Z within 2 %%", (algorithm, options, iterations) => {
    const model = taught(engine, world, 0);
    const listed = listedLogProbs(model, world);
    const reference = exp(listed());
    expect(reference.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    const { value, policy: optimum } = regularisedOptimum(reference, world.rewards, beta);
    const worth = () => regularisedObjective(exp(listed()), reference, world.rewards, beta);
    expect(worth()).toBeLessThan(0.3 * value);
    trained(algorithm, world, model, options, iterations);
    expect(worth()).toBeGreaterThan(0.98 * value);
    expect(worth()).toBeLessThanOrEqual(value + 1e-6);
    // What is missing is β KL(π ‖ π*), by definition.
    const [distance] = stateKl(exp(listed()), optimum, optimum.length);
    expect(worth()).toBeCloseTo(value - beta * distance, 5);
  });

  test("grpo comes to where its KL term leads, which is worth a little less, at β G/(G − 1)", () => {
    const groupSize = 8;
    const model = taught(engine, world, 0);
    const listed = listedLogProbs(model, world);
    const reference = exp(listed());
    const options = {
      ...{ beta: (beta * (groupSize - 1)) / groupSize, groupSize, nPrompts: 32, learningRate: "linear:2e-3" },
      ...{ scaleRewards: "none", loss: "luspo" },
    };
    trained("grpo", world, model, options, 150);
    const predicted = tokenKlOptimum(world.sequences, reference, world.rewards, beta);
    const { value } = regularisedOptimum(reference, world.rewards, beta);
    const [reached, expected] = [exp(listed()), predicted].map((policy) =>
      regularisedObjective(policy, reference, world.rewards, beta),
    );
    expect(expected).toBeLessThan(0.99 * value);
    expect(reached).toBeGreaterThan(0.97 * value);
    expect(Math.abs(reached - expected)).toBeLessThan(0.01 * value);
    expect(stateKl(exp(listed()), predicted, predicted.length)[0]).toBeLessThan(0.03);
  });

  test("rlhf: β is steered until the KL divergence is at its target", () => {
    const model = taught(engine, world, 0);
    const options = {
      ...{ beta: 0.02, klTarget: 0.5, klHorizon: 500, groupSize: 1, nPrompts: 128, nEpochs: 2, batchSize: 64 },
      learningRate: "linear:2e-3",
    };
    const figures = trained("rlhf", world, model, options, 150);
    expect(figures["beta"]).toBeGreaterThan(0.1);
    const listed = listedLogProbs(model, world);
    const reference = exp(listedLogProbs(taught(engine, world, 0), world)());
    const policy = exp(listed());
    expect(stateKl(policy, reference, policy.length)[0]).toBeGreaterThan(0.35);
    expect(stateKl(policy, reference, policy.length)[0]).toBeLessThan(0.7);
  });

  test.each([2, 4])("best-of-%i, distilled, is the best-of-n distribution of the model it began as", (n) => {
    const model = taught(engine, world, 0);
    const listed = listedLogProbs(model, world);
    const reference = exp(listed());
    const best = bestOfN(
      reference.map((p) => p / reference.reduce((a, b) => a + b)),
      world.rewards,
      n,
    );
    const before = stateKl(best, reference, best.length)[0];
    trained("best-of-n", world, model, { n, nPrompts: 256, learningRate: "linear:3e-3" }, 120);
    expect(stateKl(best, exp(listed()), best.length)[0]).toBeLessThan(0.15 * before);
  });
});

describe("one token: where GRPO leads, with either gradient of the KL term", () => {
  const world = sentenceWorld({ letters: 3, length: 1 });

  test.each([
    [2, true],
    [4, true],
    [2, false],
    [4, false],
  ])("groups of %i, corrected %s: the optimum at β G/(G − 1)", (groupSize, klCorrection) => {
    const model = taught(engine, world, 0);
    const listed = listedLogProbs(model, world);
    const reference = exp(listed());
    const options = {
      ...{ beta: 1, groupSize, klCorrection, scaleRewards: "none", nPrompts: 512 / groupSize },
      learningRate: "linear:3e-3",
    };
    trained("grpo", world, model, options, 150);
    const beta = groupSize / (groupSize - 1);
    const { policy } = regularisedOptimum(reference, world.rewards, beta);
    const other = forwardKlOptimum(reference, world.rewards, beta);
    const reached = exp(listed());
    const [expected, unexpected] = klCorrection ? [policy, other] : [other, policy];
    const distance = (to: Float64Array) => reached.reduce((sum, p, y) => sum + Math.abs(p - to[y]), 0) / 2;
    expect(distance(expected)).toBeLessThan(0.02);
    expect(distance(unexpected)).toBeGreaterThan(2 * distance(expected));
  });
});

describe("preferences: labels drawn by σ(r(y) − r(y′)), so that at β = 1 the reward that explains them is r itself", () => {
  function preferring(world: SentenceWorld, options: DpoOptions, pairs: number, epochs: number) {
    const model = taught(engine, world, 0);
    const listed = listedLogProbs(model, world);
    const reference = exp(listed());
    const rows = world.preferences!(pairs, 0);
    const settings: DpoOptions = { batchSize: 128, learningRate: "linear:3e-3", ...options };
    const learner = finish(makingDpo({ model, rows }, settings, epochs * pairs));
    while (learner.steps < epochs * pairs) learner.iterate();
    return { reference, reached: exp(listed()), rows };
  }
  const distance = (a: Float64Array, b: Float64Array) => a.reduce((sum, p, y) => sum + Math.abs(p - b[y]), 0) / 2;

  test("one token, dpo: π*", () => {
    const world = sentenceWorld({ letters: 3, length: 1 });
    const { reference, reached } = preferring(world, { beta: 1 }, 10_000, 1);
    expect(distance(reached, regularisedOptimum(reference, world.rewards, 1).policy)).toBeLessThan(0.02);
    expect(distance(reached, reference)).toBeGreaterThan(0.2);
  });

  test("one token, ipo: the fixed point of win rates against what pairs are drawn from", () => {
    const world = sentenceWorld({ letters: 3, length: 1 });
    const { reference, reached, rows } = preferring(world, { loss: "ipo", beta: 0.5 }, 10_000, 1);
    const drawn = new Float64Array(world.sequences.count);
    for (const { chosen, rejected } of rows) {
      for (const tokens of [chosen, rejected]) drawn[sentenceIndex(world, tokens)] += 1 / (2 * rows.length);
    }
    const wins = winRates(bradleyTerryPreferences(world.rewards), drawn);
    expect(distance(reached, regularisedOptimum(reference, wins, 0.5).policy)).toBeLessThan(0.02);
    expect(distance(reached, regularisedOptimum(reference, world.rewards, 0.5).policy)).toBeGreaterThan(0.1);
  });

  test("up to four tokens, dpo: most of what can be had, as far as so many labels tell", () => {
    const world = sentenceWorld({ rewardScale: 0.5 });
    const { reference, reached } = preferring(world, { beta: 1, learningRate: "linear:3e-4" }, 60_000, 1);
    const worth = (policy: Float64Array) => regularisedObjective(policy, reference, world.rewards, 1);
    const { value } = regularisedOptimum(reference, world.rewards, 1);
    expect((worth(reached) - worth(reference)) / (value - worth(reference))).toBeGreaterThan(0.85);
  });
});
