import { describe, expect, test } from "vitest";
import { goldWorld, standardised } from "../../src/overoptimisation/goldWorld.ts";

const world = goldWorld(3);
const expected = (values: ArrayLike<number>) => world.base.reduce((sum, p, y) => sum + p * values[y], 0);

describe("the world with a known gold score", () => {
  test("lists 7,776 sentences whose probabilities sum to 1", () => {
    expect(world.base.length).toBe(7776);
    expect(world.base.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 10);
  });

  test("the grammar slips with 3 % at each of four places", () => {
    expect(expected(world.slips)).toBeCloseTo(0.12, 10);
    expect(Math.max(...world.slips)).toBe(4);
  });

  test("gold has mean 0 and deviation 1 under the grammar", () => {
    expect(expected(world.gold)).toBeCloseTo(0, 10);
    expect(expected(world.gold.map((x) => x * x))).toBeCloseTo(1, 10);
  });

  test("sentences with slips are worth less on average", () => {
    const mean = (slips: number) => {
      const some = world.gold.filter((_, y) => world.slips[y] === slips);
      return some.reduce((a, b) => a + b, 0) / some.length;
    };
    expect(mean(1)).toBeLessThan(mean(0) - 0.5);
    expect(mean(2)).toBeLessThan(mean(1) - 0.5);
  });

  test("another seed is another world", () => {
    expect(goldWorld(4).gold[0]).not.toBe(world.gold[0]);
    expect(goldWorld(3).gold).toEqual(world.gold);
  });

  test("standardised keeps the order", () => {
    expect(Array.from(standardised([0.5, 0.5], [3, 7]))).toEqual([-1, 1]);
  });
});
