/** Windows larger than vector registers, against the reference; and what does not fit, named. */

import { expect, test } from "vitest";
import { input } from "../../src/tensor/graph.ts";
import { col2im, conv2d, im2col, windowCount } from "../../src/tensor/ops/index.ts";
import { sizeOf } from "../../src/tensor/shape.ts";
import { bothEngines, expectSameAsReference, numbers, seeded, type Values } from "./support.ts";

test("odd numbers of channels, strides beyond the kernel, padding beyond the image", async () => {
  const engines = await bothEngines();
  const random = seeded(7);
  for (const [shape, kernel, options] of [
    [[3, 9, 11, 7], [3, 5], { stride: 2, padding: 1 }],
    [[2, 12, 10, 17], [2, 2], { stride: [3, 4] }],
    [[1, 2, 3, 6], [4, 4], { padding: 4 }],
  ] as const) {
    const x = input("x", shape);
    const values: Values = new Map([[x, numbers(random, sizeOf(shape))]]);
    const columns = im2col(x, kernel, options);
    expectSameAsReference(engines, [columns, col2im(columns, shape, kernel, options)], values, `${shape}`);
  }
});

test("windows are counted as PyTorch does: ⌊(n + 2p − k) / s⌋ + 1", () => {
  expect(windowCount([84, 84], [8, 8], { stride: 4 })).toEqual([20, 20]);
  expect(windowCount([5, 6], [3, 3], { stride: 2, padding: 1 })).toEqual([3, 3]);
  expect(windowCount([2, 9], [3, 3])[0]).toBe(0);
});

test("what does not fit is named", () => {
  const images = input("x", [2, 4, 5, 3]);
  expect(() => im2col(images, [5, 2])).toThrow(/im2col: no window fits: got \[2, 4, 5, 3\] with windows of 5 × 2/);
  expect(() => im2col(images, [2, 2], { stride: 0 })).toThrow(/steps of 0 × 0/);
  for (const wrong of [[1], [1, 1, 1], [1, Number.NaN], "1"] as never[]) {
    expect(() => im2col(images, [2, 2], { stride: wrong })).toThrow(/a number, or two: down and right/);
    expect(() => im2col(images, [2, 2], { padding: wrong })).toThrow(/a number, or two: down and right/);
  }
  expect(() => im2col(images, [2, 2], { padding: -1 })).toThrow(/padding -1/);
  expect(() => im2col(input("y", [4, 5]), [1, 1])).toThrow(/images \[rows, height, width, channels\]/);
  expect(() => col2im(input("y", [24, 11]), [2, 4, 5, 3], [2, 2])).toThrow(/not windows of such images.*\[24, 12\]/);
  expect(() => conv2d(images, input("w", [2, 2, 4, 6]))).toThrow(/the filters do not fit the images/);
});
