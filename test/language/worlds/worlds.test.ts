/** What holds of every world of text: streams of their own, rows that fit the model, rewards at most 1 where the best is known. */

import { describe, expect, test } from "vitest";
import { checkDescription } from "../../../src/language/model/description.ts";
import { textWorldNamed, textWorldNames } from "../../../src/language/worlds/index.ts";

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

describe.each(textWorldNames)("%s", (name) => {
  const world = textWorldNamed(name);
  const rows = world.demonstrations(200, 3);

  test("has the registry's name, and a model that can be made for its tokenizer", () => {
    expect(world.name).toBe(name);
    expect(world.model.vocabularySize).toBe(world.tokenizer.vocabularySize);
    expect(world.tokenizer.eosId).toBeDefined();
    expect(() => checkDescription("test", world.model)).not.toThrow();
  });

  test("the first rows of many are those of few, and another seed has others", () => {
    expect(world.prompts(5, 3)).toEqual(world.prompts(9, 3).slice(0, 5));
    expect(world.demonstrations(5, 3)).toEqual(rows.slice(0, 5));
    expect(world.demonstrations(50, 4)).not.toEqual(rows.slice(0, 50));
    expect(world.demonstrations(0, 3)).toEqual([]);
  });

  test("prompts and completions fit the context, of tokens that there are", () => {
    for (const { prompt, completion } of rows) {
      expect(prompt.length).toBeGreaterThan(0);
      expect(completion.length).toBeLessThanOrEqual(world.maxNewTokens);
      expect(prompt.length + world.maxNewTokens).toBeLessThanOrEqual(world.model.contextLength);
      for (const token of [...prompt, ...completion]) expect(token).toBeLessThan(world.tokenizer.vocabularySize);
    }
  });

  test("rewards and measures are finite, of any tokens; the solution's is 1, the most there is", () => {
    const figures = [world.reward, ...Object.values(world.measures)];
    const anything = [0, 1, world.model.vocabularySize - 1, world.tokenizer.eosId!, 3];
    for (const { prompt, completion } of rows) {
      for (const figure of figures) {
        for (const tokens of [completion, [], anything]) expect(figure(prompt, tokens)).toSatisfy(Number.isFinite);
      }
      if (world.solution === undefined) continue;
      expect(world.reward(prompt, world.solution(prompt))).toBe(1);
      expect(world.reward(prompt, completion)).toBeLessThanOrEqual(1);
    }
  });

  test("chosen completions have the higher reward, most of the time at least", () => {
    if (world.preferences === undefined) return;
    const pairs = world.preferences(300, 1);
    const better = pairs.map(({ prompt, chosen, rejected }) =>
      Math.sign(world.reward(prompt, chosen) - world.reward(prompt, rejected)),
    );
    expect(mean(better)).toBeGreaterThan(0.3);
    for (const { chosen, rejected } of pairs)
      expect(Math.max(chosen.length, rejected.length)).toBeLessThanOrEqual(world.maxNewTokens);
  });
});

test("a name that is near one is suggested", () => {
  expect(() => textWorldNamed("sorts")).toThrow('Did you mean "sort"');
});

test.each([
  ["a negative count", -1, 0],
  ["a count that is no whole number", 1.5, 0],
  ["a negative seed", 1, -1],
])("%s is refused", (_, count, seed) => {
  expect(() => textWorldNamed("sort").prompts(count, seed)).toThrow("a whole number");
});
