/** How weights start. */

import { describe, expect, test } from "vitest";
import { orthogonal, uniformFanIn } from "../../src/nn/index.ts";
import { RandomStream } from "../../src/random/index.ts";

const start = (inputs: number, outputs: number, gain: number, seed = 1) => {
  const weights = new Float32Array(inputs * outputs);
  orthogonal(weights, inputs, outputs, gain, new RandomStream(seed, 3));
  return weights;
};

describe("orthogonal", () => {
  test.each([
    ["tall", 64, 4, Math.SQRT2],
    ["wide", 4, 64, Math.SQRT2],
    ["square", 32, 32, 1],
    ["one column", 64, 1, 0.01],
    ["one number", 1, 1, 0.5],
  ])("%s: the shorter side's vectors are orthogonal and of length gain", (_, inputs, outputs, gain) => {
    const weights = start(inputs, outputs, gain);
    const byColumn = inputs >= outputs;
    const [count, length] = byColumn ? [outputs, inputs] : [inputs, outputs];
    const at = (vector: number, k: number) => weights[byColumn ? k * outputs + vector : vector * outputs + k];
    for (let a = 0; a < count; a++) {
      for (let b = a; b < count; b++) {
        let product = 0;
        for (let k = 0; k < length; k++) product += at(a, k) * at(b, k);
        expect(product / gain ** 2).toBeCloseTo(a === b ? 1 : 0, 5);
      }
    }
  });

  test.each([
    [1, 1],
    [2, 2],
    [3, 1],
    [1, 3],
    [5, 7],
    [33, 20],
  ])(
    "%d × %d: Gram-Schmidt, one vector after the other and each projection twice, to the last bit",
    (inputs, outputs) => {
      const random = new RandomStream(1, 3);
      const [long, short] = inputs >= outputs ? [inputs, outputs] : [outputs, inputs];
      const vectors = Array.from({ length: short }, () => Array.from({ length: long }, () => random.normal()));
      const product = (a: number[], b: number[]) => a.reduce((total, value, k) => total + value * b[k], 0);
      vectors.forEach((vector, i) => {
        for (const along of [...vectors.slice(0, i), ...vectors.slice(0, i)]) {
          const part = product(vector, along);
          vector.forEach((value, k) => {
            vector[k] = value - part * along[k];
          });
        }
        const length = Math.sqrt(product(vector, vector));
        vector.forEach((value, k) => {
          vector[k] = value / length;
        });
      });
      const weights = Float32Array.from({ length: inputs * outputs }, (_, at) => {
        const [row, column] = [Math.floor(at / outputs), at % outputs];
        return Math.SQRT2 * (inputs >= outputs ? vectors[column][row] : vectors[row][column]);
      });
      expect(start(inputs, outputs, Math.SQRT2)).toEqual(weights);
    },
  );

  test("the same seed gives the same numbers, another seed others", () => {
    expect(start(8, 5, 1, 4)).toEqual(start(8, 5, 1, 4));
    expect(start(8, 5, 1, 4)).not.toEqual(start(8, 5, 1, 5));
  });

  test("entries have the spread of a uniformly random rotation: mean 0, variance gain²/longer side", () => {
    const weights = start(128, 64, 2);
    const mean = weights.reduce((a, b) => a + b, 0) / weights.length;
    const variance = weights.reduce((a, b) => a + b * b, 0) / weights.length;
    expect(Math.abs(mean)).toBeLessThan(3 * Math.sqrt(4 / 128 / weights.length));
    expect(variance).toBeCloseTo(4 / 128, 6);
  });
});

test("uniformFanIn fills ±1/√inputs evenly", () => {
  const values = new Float32Array(10_000);
  uniformFanIn(values, 16, new RandomStream(2, 3));
  expect(Math.max(...values)).toBeLessThanOrEqual(0.25);
  expect(Math.min(...values)).toBeGreaterThanOrEqual(-0.25);
  const variance = values.reduce((a, b) => a + b * b, 0) / values.length;
  expect(variance).toBeCloseTo(0.25 ** 2 / 3, 3);
});
