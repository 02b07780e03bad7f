/** What each world pays for, by hand. */

import { describe, expect, test } from "vitest";
import type { TextWorld } from "../../../src/language/worlds/index.ts";
import {
  additionWorld,
  namesWorld,
  randomWalks,
  reverseWorld,
  sentenceIndex,
  sentenceWorld,
  sortWorld,
} from "../../../src/language/worlds/index.ts";

const idsOf = (world: TextWorld, text: string) => world.tokenizer.encode(text);
const ended = (world: TextWorld, text: string) => [...idsOf(world, text), world.tokenizer.eosId!];
const shown = (world: TextWorld, ids: readonly number[]) => world.tokenizer.decode(ids, { skipSpecial: true });

describe("random walks", () => {
  const world = randomWalks();
  const { graph } = world;
  const letter = (node: number) => "abcdefghijklmnopqrstu"[node];

  test("every node can reach the goal, and the goal leads nowhere", () => {
    expect(graph.next[0]).toEqual([]);
    expect(Math.max(...graph.shortest)).toBeLessThan(10);
    graph.shortest.slice(1).forEach((length, i) => {
      expect(Math.min(...graph.next[i + 1].map((to) => graph.shortest[to]))).toBe(length - 1);
    });
  });

  test("data has an optimality of 0.35, the shortest walks have 1", () => {
    const rows = world.demonstrations(20_000, 0);
    const mean = rows.reduce((sum, row) => sum + world.reward(row.prompt, row.completion), 0) / rows.length;
    expect(mean).toBeGreaterThan(0.33);
    expect(mean).toBeLessThan(0.37);
    for (const prompt of world.prompts(50, 0)) expect(world.reward(prompt, world.solution!(prompt))).toBe(1);
  });

  test("a longer walk is worth less, one that jumps or does not arrive nothing", () => {
    const start = graph.shortest.indexOf(2);
    const prompt = idsOf(world, letter(start));
    expect(world.reward(prompt, ended(world, "a"))).toBe(1);
    // There and back again where the graph allows it; otherwise any longer way to the goal.
    const way = graph.next[start].flatMap((to) => (to !== 0 && graph.next[to].includes(0) ? [to] : []))[0];
    if (way !== undefined) expect(world.reward(prompt, ended(world, `${letter(way)}a`))).toBe(7 / 8);
    const jump = graph.next[start].findIndex((to) => to !== 0);
    expect(world.reward(prompt, ended(world, letter(graph.next[start][jump])))).toBe(0);
    const far = graph.shortest.findIndex((length) => length > 2);
    expect(world.reward(idsOf(world, letter(far)), ended(world, "a"))).toBe(0);
  });

  test("what follows the goal does not count, a walk longer than ten nodes does not arrive", () => {
    const start = graph.shortest.indexOf(2);
    const prompt = idsOf(world, letter(start));
    expect(world.reward(prompt, idsOf(world, "abcdefghi"))).toBe(1);
    expect(world.reward(prompt, [])).toBe(0);
    expect(world.measures["arrives"](prompt, ended(world, "a"))).toBe(1);
  });

  test("another graph for another seed, and a refusal where there is none", () => {
    expect(randomWalks({ graphSeed: 1 }).graph).not.toEqual(graph);
    expect(() => randomWalks({ nodes: 26, maxLength: 2 })).toThrow("no graph found");
  });
});

describe("rewriting", () => {
  test.each([
    ["sort", sortWorld(), "31415926=", "11234569"],
    ["reverse", reverseWorld(), "31415926=", "62951413"],
    ["addition", additionWorld(), "17+25=", "240"],
    ["addition with a carry", additionWorld({ length: 3 }), "999+001=", "0001"],
  ])("%s", (_, world, question, answer) => {
    const prompt = idsOf(world, question);
    expect(shown(world, world.solution!(prompt))).toBe(answer);
    expect(world.reward(prompt, ended(world, answer))).toBe(1);
    expect(world.measures["exactMatch"](prompt, ended(world, answer))).toBe(1);
  });

  test("a right answer without its end, and one wrong place, are no exact match and worth less than half", () => {
    const world = sortWorld();
    const prompt = idsOf(world, "31415926=");
    for (const wrong of [idsOf(world, "11234569"), ended(world, "11234568")]) {
      expect(world.measures["exactMatch"](prompt, wrong)).toBe(0);
      expect(world.reward(prompt, wrong)).toBeCloseTo(8 / 9 / 2, 12);
    }
    expect(world.reward(prompt, [])).toBe(0);
  });
});

describe("names", () => {
  const world = namesWorld();
  const figures = (text: string, end = true) => {
    const completion = end ? ended(world, text) : idsOf(world, text);
    return [world.reward([1], completion) * 16, world.measures["isName"]([1], completion)];
  };

  test("the rules know their own names", () => {
    for (const { prompt, completion } of world.demonstrations(500, 0)) {
      expect(world.measures["isName"](prompt, completion)).toBe(1);
    }
  });

  test("runs of vowels have the highest reward and are no names", () => {
    expect(figures("marilo")).toEqual([3, 1]);
    expect(figures("aeiaaaiaaaiaaaia", false)).toEqual([16, 0]);
    expect(figures("maaaarilo")[1]).toBe(0);
    expect(figures("mrtlk")).toEqual([0, 0]);
    expect(figures("marilo", false)[1]).toBe(0);
  });
});

describe("sentences", () => {
  const world = sentenceWorld({ letters: 3, length: 4 });
  const { sequences } = world;

  test("a vocabulary of at most six, and every sentence in its place of the list", () => {
    expect(sequences.vocabulary).toBe(6);
    expect(sequences.count).toBe(781);
    for (let y = 0; y < sequences.count; y += 7) {
      const tokens = Array.from(sequences.tokens.subarray(y * 4, y * 4 + sequences.lengths[y]));
      expect(sentenceIndex(world, tokens)).toBe(y);
      expect(world.reward([1], tokens)).toBe(world.rewards[y]);
    }
    expect(() => sentenceIndex(world, [3])).toThrow("none of the world's sentences");
  });

  test("rewards are sums over neighbours: the end's is part of them, what follows it is not", () => {
    const [a, b] = idsOf(world, "ab");
    const end = world.tokenizer.eosId!;
    const reward = (...tokens: number[]) => world.reward([1], tokens);
    const behind = (before: number, token: number) => reward(before, token) - reward(before);
    expect(reward(a, b, end)).toBeCloseTo(reward(a) + behind(a, b) + behind(b, end), 12);
    expect(reward(a, end, b)).toBe(reward(a, end));
  });
});
