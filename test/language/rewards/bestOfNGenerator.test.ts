/** Best-of-n sampling against the exact distribution of the best of n, on sentences that are listed. */

import { expect, test } from "vitest";
import { bestOfN } from "../../../src/estimators/index.ts";
import { makeLanguageModel } from "../../../src/language/model/languageModel.ts";
import { bestOfNGenerator } from "../../../src/language/rewards/bestOfNGenerator.ts";
import { listedLogProbs, sentenceIndex, sentenceWorld } from "../../../src/language/worlds/index.ts";
import { createEngine } from "../../../src/tensor/index.ts";

const engine = await createEngine();
const world = sentenceWorld({ letters: 2, length: 2 });
const model = makeLanguageModel(
  engine,
  { ...world.model, width: 8, layers: 1, headSize: 4, hiddenSize: 8 },
  { seed: 2 },
);
const reward = (prompts: readonly (readonly number[])[], completions: readonly (readonly number[])[]) =>
  prompts.map((prompt, i) => world.reward(prompt, completions[i]));
const options = { rows: 64, promptLength: 1, maxNewTokens: world.maxNewTokens };

test("the best of three has the distribution that theory says, within three standard errors", () => {
  const sampler = bestOfNGenerator(model, reward, { ...options, n: 3 });
  const count = 4000;
  const drawn = sampler.generate(world.prompts(count, 0), { seed: 1 });
  const found = new Float64Array(world.sequences.count);
  for (const { tokens, reward: worth } of drawn) {
    const y = sentenceIndex(world, tokens);
    found[y] += 1 / count;
    expect(worth).toBe(world.rewards[y]);
  }
  const base = listedLogProbs(model, world)().map(Math.exp);
  const sum = base.reduce((a, b) => a + b);
  bestOfN(
    base.map((p) => p / sum),
    world.rewards,
    3,
  ).forEach((p, y) => {
    expect(Math.abs(found[y] - p)).toBeLessThan(3.5 * Math.sqrt((p * (1 - p)) / count) + 1e-3);
  });
});

test("without any score it is the first, and says so; n is a whole number from 1 on", () => {
  const silent = (prompts: readonly (readonly number[])[]) => prompts.map(() => null);
  const [one] = bestOfNGenerator(model, silent, { ...options, n: 4 }).generate([[1]], { seed: 5 });
  const [first] = bestOfNGenerator(model, reward, { ...options, n: 1 }).generate([[1]], { seed: 5 });
  expect(one.tokens).toEqual(first.tokens);
  expect(one.reward).toBeNaN();
  expect(() => bestOfNGenerator(model, reward, { ...options, n: 0 })).toThrow("n");
});
