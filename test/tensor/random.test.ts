/** Random numbers inside programs: Threefry's known answers, and the distributions that are made of it. */

import { beforeAll, expect, test } from "vitest";
import { threefry2x32 } from "../../src/math/threefry.ts";
import { compile } from "../../src/tensor/compile.ts";
import { type Engine, intsOf } from "../../src/tensor/engine.ts";
import { randomKey, randomNormal, randomUniform } from "../../src/tensor/ops/index.ts";
import { bothEngines } from "./support.ts";

let engines: Engine[];
beforeAll(async () => {
  engines = await bothEngines();
});

const COUNT = 200_000;

function draw(engine: Engine, key: readonly number[], count = COUNT) {
  const k = randomKey();
  const outputs = { uniform: randomUniform(k, [count]), normal: randomNormal(k, [count]) };
  const program = compile(engine, { outputs });
  program.inputInts("randomKey").set(key);
  program.run();
  return { uniform: program.output("uniform").slice(), normal: program.output("normal").slice() };
}

test("Threefry-2x32-20 gives the known answers of Random123", () => {
  const known = [
    [
      [0, 0, 0, 0],
      [0x6b200159, 0x99ba4efe],
    ],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0x1cb996fc, 0xbb002be7],
    ],
    [
      [0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3],
      [0xc4923a9c, 0x483df7a0],
    ],
  ];
  for (const engine of engines) {
    const out = engine.allocate(2, "i32");
    for (const [[key0, key1, counter0, counter1], answer] of known) {
      engine.kernels.threefryWords(out.pointer, key0, key1, counter0, counter1);
      expect([...new Uint32Array(intsOf(out))]).toEqual(answer);
    }
  }
});

test("the kernel's Threefry is the library's", () => {
  const words = new Uint32Array(2);
  for (const engine of engines) {
    const out = engine.allocate(2, "i32");
    for (let i = 0; i < 500; i++) {
      threefry2x32(i * 77, -i, i * i, 3 * i, words);
      engine.kernels.threefryWords(out.pointer, i * 77, -i, i * i, 3 * i);
      expect([...new Uint32Array(intsOf(out))]).toEqual([...words]);
    }
  }
});

function moments(x: Float32Array) {
  const mean = x.reduce((a, b) => a + b, 0) / x.length;
  const central = (n: number) => x.reduce((a, b) => a + (b - mean) ** n, 0) / x.length;
  return {
    mean,
    variance: central(2),
    skewness: central(3) / central(2) ** 1.5,
    kurtosis: central(4) / central(2) ** 2,
  };
}

/** The largest distance between the empirical distribution and `cdf`, times √n. */
function kolmogorovSmirnov(x: Float32Array, cdf: (value: number) => number): number {
  const sorted = x.slice().sort();
  let worst = 0;
  sorted.forEach((value, i) => {
    const p = cdf(value);
    worst = Math.max(worst, Math.abs(p - i / x.length), Math.abs(p - (i + 1) / x.length));
  });
  return worst * Math.sqrt(x.length);
}

/** The normal distribution function, by its series below 3 and its continued fraction beyond. */
function normalCdf(x: number): number {
  if (x < 0) return 1 - normalCdf(-x);
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  if (x > 3) {
    let fraction = x;
    for (let k = 60; k >= 1; k--) fraction = x + k / fraction;
    return 1 - density / fraction;
  }
  let term = x;
  let total = x;
  for (let k = 1; k < 100; k++) {
    term *= (x * x) / (2 * k + 1);
    total += term;
  }
  return 0.5 + density * total;
}

test("uniform: inside (0, 1), moments and Kolmogorov-Smirnov", () => {
  const { uniform } = draw(engines[0], [12345, 6, 7, 8]);
  expect(uniform.every((u) => u > 0 && u < 1)).toBe(true);
  const { mean, variance } = moments(uniform);
  // Five standard errors.
  expect(Math.abs(mean - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / COUNT));
  expect(Math.abs(variance - 1 / 12)).toBeLessThan(5 * Math.sqrt(1 / 180 / COUNT));
  // 1.95: one false alarm in a thousand seeds.
  expect(kolmogorovSmirnov(uniform, (u) => u)).toBeLessThan(1.95);
});

test("normal: finite, moments, Kolmogorov-Smirnov, and no correlation inside a pair", () => {
  const { normal } = draw(engines[1], [987, 0, 3, 1]);
  expect(normal.every((z) => Number.isFinite(z) && Math.abs(z) <= 5.77)).toBe(true);
  const { mean, variance, skewness, kurtosis } = moments(normal);
  expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(COUNT));
  expect(Math.abs(variance - 1)).toBeLessThan(5 * Math.sqrt(2 / COUNT));
  expect(Math.abs(skewness)).toBeLessThan(5 * Math.sqrt(6 / COUNT));
  expect(Math.abs(kurtosis - 3)).toBeLessThan(5 * Math.sqrt(24 / COUNT));
  expect(kolmogorovSmirnov(normal, normalCdf)).toBeLessThan(1.95);
  let products = 0;
  for (let i = 0; i < COUNT; i += 2) products += normal[i] * normal[i + 1];
  expect(Math.abs(products / (COUNT / 2))).toBeLessThan(5 / Math.sqrt(COUNT / 2));
});

test("position i depends on the key and i alone; each word of the key matters", () => {
  for (const engine of engines) {
    const { uniform: long, normal } = draw(engine, [1, 2, 3, 4], 100);
    const short = draw(engine, [1, 2, 3, 4], 33);
    expect([...short.uniform]).toEqual([...long.subarray(0, 33)]);
    expect([...short.normal]).toEqual([...normal.subarray(0, 33)]);
    for (let word = 0; word < 4; word++) {
      const other = draw(engine, [1, 2, 3, 4].with(word, 9), 100).uniform;
      expect(other.filter((u, i) => u === long[i]).length).toBeLessThan(3);
    }
  }
});
