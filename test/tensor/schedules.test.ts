/** Schedules: their ends, their middle, and beyond. */

import { expect, test } from "vitest";
import { type Schedule, scheduleValue } from "../../src/tensor/schedules.ts";

test("a number stays", () => {
  expect(scheduleValue(3e-4, 0)).toBe(3e-4);
  expect(scheduleValue(3e-4, 1)).toBe(3e-4);
});

test("linear goes from one end to the other and not beyond", () => {
  const schedule: Schedule = { kind: "linear", from: 1 };
  expect([-1, 0, 0.25, 1, 2].map((p) => scheduleValue(schedule, p))).toEqual([1, 1, 0.75, 0, 0]);
  expect(scheduleValue({ kind: "linear", from: 1, to: 3 }, 0.5)).toBe(2);
});

test("cosine follows half a cosine to 1e-14", () => {
  for (let i = 0; i <= 1000; i++) {
    const p = i / 1000;
    const expected = 0.1 + 0.9 * 0.5 * (1 + Math.cos(Math.PI * p));
    expect(Math.abs(scheduleValue({ kind: "cosine", from: 1, to: 0.1 }, p) - expected)).toBeLessThan(1e-14);
  }
});

test("steps change at their milestones", () => {
  const milestones: [number, number][] = [
    [0.5, 0.1],
    [0.75, 0.01],
  ];
  const at = (p: number) => scheduleValue({ kind: "steps", from: 1, milestones }, p);
  expect([0, 0.499, 0.5, 0.74, 0.75, 1].map(at)).toEqual([1, 1, 0.1, 0.1, 0.01, 0.01]);
});

test("an unknown kind is refused", () => {
  expect(() => scheduleValue({ kind: "linaer", from: 1 } as unknown as Schedule, 0)).toThrow(
    /Unknown schedule.*linaer/,
  );
});
