/** Signs of trouble read off a rollout: the size of observations, and actions at their bounds. */

import { describe, expect, test } from "vitest";
import { box, dict, discrete } from "../../src/envs/index.ts";
import { actionsAtBound } from "../../src/rollout/actionsAtBound.ts";
import { observationScale } from "../../src/rollout/observationScale.ts";

describe("observationScale", () => {
  const ones = [true, true];

  test("is the root mean square of the column farthest from 1", () => {
    expect(observationScale(Float32Array.of(3, 1, -3, 1), 2, ones)).toBeCloseTo(3, 6);
    expect(observationScale(Float32Array.of(3, 0.1, -3, 0.1), 2, ones)).toBeCloseTo(0.1, 6);
  });

  test("passes over indices and columns that are 0", () => {
    expect(observationScale(Float32Array.of(500, 1, 500, 1), 2, [false, true])).toBe(1);
    expect(observationScale(Float32Array.of(0, 2, 0, 2), 2, ones)).toBeCloseTo(2, 6);
  });

  test("looks at rows spread over a long rollout", () => {
    const rows = 10_000;
    const values = Float32Array.from({ length: rows }, (_, i) => (i < rows / 2 ? 0 : 2));
    expect(observationScale(values, rows, [true])).toBeCloseTo(Math.SQRT2, 1);
  });
});

describe("actionsAtBound", () => {
  const space = box({ low: [-1, 0.1], high: [1, 0.7] });

  test("is the largest share at one bound of one column, and begins anew when taken", () => {
    const counter = actionsAtBound(space)!;
    counter.count(Float32Array.of(-1, 0.7, 1, 0.7, 0, 0.7, 0, 0.2));
    expect(counter.take()).toBe(0.75);
    counter.count(Float32Array.of(-1, 0.2, 1, 0.3));
    expect(counter.take()).toBe(0.5);
    expect(counter.take()).toBe(0);
  });

  test("changing between the two bounds is no sign", () => {
    const counter = actionsAtBound(box({ low: -2, high: 2, shape: [1] }))!;
    counter.count(Float32Array.of(-2, 2, -2, 2));
    expect(counter.take()).toBe(0.5);
  });

  test("infinite bounds and columns of one value do not count; fields of a Dict do", () => {
    expect(actionsAtBound(discrete(3))).toBeUndefined();
    expect(actionsAtBound(box({ low: -Infinity, high: Infinity, shape: [2] }))).toBeUndefined();
    expect(actionsAtBound(box({ low: 1, high: 1, shape: [1] }))!.take()).toBe(0);
    const counter = actionsAtBound(dict({ choice: discrete(2), force: box({ low: 0, high: 5, shape: [1] }) }))!;
    counter.count(Float32Array.of(0, 5, 1, 5));
    expect(counter.take()).toBe(1);
  });
});
