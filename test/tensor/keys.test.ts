/** Keys made of keys: held for several steps, and folded into independent ones. */

import { beforeAll, expect, test } from "vitest";
import type { Engine } from "../../src/tensor/engine.ts";
import { input, type Tensor } from "../../src/tensor/graph.ts";
import { foldKey, holdKey, randomKey, randomNormal, randomUniform } from "../../src/tensor/ops/index.ts";
import { evaluate } from "./reference.ts";
import { bothEngines, execute, type Values } from "./support.ts";

let engines: Engine[];
beforeAll(async () => {
  engines = await bothEngines();
});

const numbersOf = (tensor: Tensor, key: Tensor, words: number[]) =>
  engines.map((engine) => execute(engine, [tensor], new Map([[key, words]]))[0]);

test("derived keys are the reference's, word for word, also past 2³¹ steps", () => {
  const key = randomKey();
  for (const words of [
    [1, 2, 3, 4],
    [-5, 1_999_999, 7, -1],
    [2 ** 31 - 1, 0, 2, -(2 ** 31)],
  ]) {
    const values: Values = new Map([[key, words]]);
    for (const derived of [foldKey(key, 0), foldKey(key, 9), holdKey(key, 4), foldKey(holdKey(key, 3), 1)]) {
      const expected = evaluate([derived], values)[0];
      for (const got of numbersOf(derived, key, words)) expect(got).toEqual(expected);
    }
  }
});

test("a held key draws the same numbers for its steps, then others", () => {
  const key = randomKey();
  const draws = randomUniform(holdKey(key, 4), [5]);
  const at = (step: number) => numbersOf(draws, key, [3, 0, 1, step])[0];
  for (const step of [1, 2, 3]) expect(at(step)).toEqual(at(0));
  expect(at(4)).not.toEqual(at(3));
  expect(at(7)).toEqual(at(4));
  expect(holdKey(key, 1)).toBe(key);
});

test("folds of a key are not correlated with it or with each other", () => {
  const key = randomKey();
  const n = 20_000;
  const draws = [key, foldKey(key, 0), foldKey(key, 1), foldKey(foldKey(key, 0), 0)].map(
    (one) => numbersOf(randomNormal(one, [n]), key, [11, 0, 1, 5])[0],
  );
  for (let i = 0; i < draws.length; i++) {
    for (let j = 0; j < i; j++) {
      const correlation = draws[i].reduce((sum, x, k) => sum + x * draws[j][k], 0) / n;
      expect(Math.abs(correlation)).toBeLessThan(4 / Math.sqrt(n));
    }
  }
});

test("what is no key, and numbers that are not whole, are refused", () => {
  expect(() => foldKey(input("x", [4]), 0)).toThrow(/foldKey: not a key/);
  expect(() => foldKey(randomKey(), -1)).toThrow(/foldKey.*whole number from 0/);
  expect(() => holdKey(randomKey(), 0)).toThrow(/holdKey.*whole number from 1/);
  expect(() => holdKey(randomKey(), 1.5)).toThrow(/holdKey/);
});
