/**
 * Operations that are made of others, by hand: the reference evaluates the graph that was built, so what such a graph means
 * must be said here.
 */

import { beforeAll, expect, test } from "vitest";
import type { Engine } from "../../src/tensor/engine.ts";
import { constant, type Tensor } from "../../src/tensor/graph.ts";
import * as ops from "../../src/tensor/ops/index.ts";
import { bothEngines, execute, expectClose } from "./support.ts";

let engines: Engine[];
beforeAll(async () => {
  engines = await bothEngines();
});

// Rows of means 2 and 7; squares of the deviations add up to 2 and 26, and to 65.5 about the mean of all, 4.5.
const x = constant([1, 2, 3, 4, 6, 11], [2, 3]);
const row = constant([1, 2, 3], [3]);
const keep = { keepDims: true };

const cases: [what: string, result: Tensor, shape: number[], expected: number[]][] = [
  ["mean", ops.mean(x), [], [4.5]],
  ["mean keepDims", ops.mean(x, undefined, keep), [1, 1], [4.5]],
  ["mean axis 0", ops.mean(x, 0), [3], [2.5, 4, 7]],
  ["mean axis 1 keepDims", ops.mean(x, 1, keep), [2, 1], [2, 7]],
  ["minimum", ops.minimum(x), [], [1]],
  ["minimum axis 0", ops.minimum(x, 0), [3], [1, 2, 3]],
  ["minimum axis −1 keepDims", ops.minimum(x, -1, keep), [2, 1], [1, 4]],
  ["variance", ops.variance(x), [], [65.5 / 6]],
  ["variance of a sample", ops.variance(x, undefined, 1), [], [13.1]],
  ["variance axis 1", ops.variance(x, 1), [2], [2 / 3, 26 / 3]],
  ["variance axis 1 of a sample", ops.variance(x, 1, 1, keep), [2, 1], [1, 13]],
  ["variance of one number", ops.variance(ops.sliceAxis(row, 0, 1, 1), undefined, 1), [], [0]],
  ["standardise", ops.standardise(row), [3], [-1, 0, 1]],
  ["standardise with ε", ops.standardise(row, 1), [3], [-0.5, 0, 0.5]],
  ["standardise of a population", ops.standardise(row, 0, 0), [3], [-Math.sqrt(1.5), 0, Math.sqrt(1.5)]],
  ["clip", ops.clip(x, 2, constant([3, 4, 5], [3])), [2, 3], [2, 2, 3, 3, 4, 5]],
  ["greater", ops.greater(row, 2), [3], [0, 0, 1]],
  ["greaterEqual", ops.greaterEqual(row, 2), [3], [0, 1, 1]],
  ["logSigmoid", ops.logSigmoid(constant([0, -200, 2], [3])), [3], [-Math.LN2, -200, -Math.log1p(Math.exp(-2))]],
  ["sumTo", ops.sumTo(x, [3]), [3], [5, 8, 14]],
  ["sumTo a column", ops.sumTo(x, [2, 1]), [2, 1], [6, 21]],
  ["sumTo a number", ops.sumTo(x, []), [], [27]],
  ["sliceAxis", ops.sliceAxis(x, 1, 1, 2), [2, 2], [2, 3, 6, 11]],
  ["sliceAxis −2", ops.sliceAxis(x, -2, 1, 1), [1, 3], [4, 6, 11]],
  ["transpose", ops.transpose(x), [3, 2], [1, 4, 2, 6, 3, 11]],
  ["oneHot", ops.oneHot(ops.toInt(constant([2, 0], [2])), 3), [2, 3], [0, 0, 1, 1, 0, 0]],
  [
    "conv2d",
    ops.conv2d(constant([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]), constant([1, 0, 0, 10], [2, 2, 1, 1])),
    [1, 2, 2, 1],
    [51, 62, 84, 95],
  ],
];

test.each(cases)("%s", (what, result, shape, expected) => {
  expect(result.shape).toEqual(shape);
  for (const engine of engines) {
    const [actual] = execute(engine, [ops.identity(result)], new Map());
    expectClose(actual, expected, `${what}, ${engine.build}`, { absolute: 1e-6, relative: 1e-6 });
  }
});
