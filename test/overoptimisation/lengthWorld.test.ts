import { describe, expect, test } from "vitest";
import { lengthFindings, tailFindings } from "../../src/overoptimisation/exactScenes.ts";
import { lengthWorld, withoutLength } from "../../src/overoptimisation/lengthWorld.ts";

const world = lengthWorld(2);
const under = (of: (y: number) => number) => world.reference.reduce((sum, p, y) => sum + p * of(y), 0);

describe("a proxy that pays for length", () => {
  test("sentences end after each word with 40 %, after the seventh for certain", () => {
    expect(under(() => 1)).toBeCloseTo(1, 10);
    const mean = 1 + [1, 2, 3, 4, 5, 6].reduce((sum, k) => sum + 0.6 ** k, 0);
    expect(under((y) => world.words[y])).toBeCloseTo(mean, 10);
    expect(under((y) => (world.words[y] === 0 ? 1 : 0))).toBe(0);
  });

  test("its cure leaves nothing that goes with length under the reference", () => {
    const cured = withoutLength(world, world.words);
    const mean = under((y) => world.words[y]);
    expect(under((y) => cured[y] * (world.words[y] - mean))).toBeCloseTo(0, 8);
    expect(under((y) => world.proxy[y] * (world.words[y] - mean))).toBeGreaterThan(0.5);
  });

  test("best of n drives the length up and gold down, the cured proxy does not at first", () => {
    const [paid, cured] = lengthFindings([0, 1, 2], [1, 4, 16, 64]);
    expect(paid.words[3].value).toBeGreaterThan(paid.words[0].value + 3);
    expect(paid.bestOfN.points[3].gold.value).toBeLessThan(-0.5);
    expect(cured.bestOfN.points[2].gold.value).toBeGreaterThan(0.3);
    expect(cured.words[2].value).toBeLessThan(paid.words[1].value);
  });
});

test("of both tails, gold falls behind its peak with the heavy one alone", () => {
  const [normal, student] = tailFindings([0, 1, 2], [1, 8, 64, 512, 4096], 4000);
  expect(normal.bestOfN.peak).toBe(4);
  expect(student.bestOfN.peak).toBeLessThan(4);
  expect(student.bestOfN.fall.value).toBeGreaterThan(0.2);
});
