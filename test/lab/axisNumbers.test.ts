/** Numbers beside the lines of the lab's axes: different places have different numbers. */

import { expect, test } from "vitest";
import { contourPieces } from "../../lab/drawers/contours.ts";
import { planeOf, ticksOf } from "../../lab/drawers/plane.ts";
import { axisNumbers, logNumber, logPlaces } from "../../lab/figures/axisNumbers.ts";
import { digitsOf, fixed, intervalWords } from "../../lab/figures/numberWords.ts";

test("evenly spaced places have as many digits as tell them apart", () => {
  expect(axisNumbers([0, 0.5, 1])).toEqual(["0", "0.5", "1.0"]);
  expect(axisNumbers([-2, 0, 2])).toEqual(["−2", "0", "2"]);
  expect(axisNumbers([0, 2.5, 5])).toEqual(["0", "2.5", "5.0"]);
  expect(axisNumbers([0, 0.25, 0.5])).toEqual(["0", "0.25", "0.50"]);
  expect(axisNumbers([0.001, 0.0015, 0.002])).toEqual(["0.0010", "0.0015", "0.0020"]);
  expect(axisNumbers([0, 0.00002, 0.00004])).toEqual(["0", "2e−5", "4e−5"]);
  expect(axisNumbers([0, 50_000, 100_000])).toEqual(["0", "50k", "100k"]);
});

test("logarithmic axes: powers of ten, or 1, 2 and 5 where there is but one", () => {
  expect(logPlaces(0.1, 1000)).toEqual([0.1, 1, 10, 100, 1000]);
  expect(logPlaces(1e-14, 1).length).toBeLessThan(9);
  expect(logPlaces(2, 8)).toEqual([2, 5]);
  expect([1e-4, 0.01, 1, 1000, 1e7].map(logNumber)).toEqual(["10⁻⁴", "0.01", "1", "1,000", "10⁷"]);
});

test("numbers in sentences", () => {
  expect([fixed(-0.001), fixed(-1.2345, 3), fixed(Number.NaN), fixed(Number.POSITIVE_INFINITY)]).toEqual([
    ...["0.00", "−1.234", "not known", "∞"],
  ]);
  expect([digitsOf(0.000123), digitsOf(-1234.5), digitsOf(0)]).toEqual(["1.23 × 10⁻⁴", "−1,230", "0"]);
  expect(intervalWords({ low: -1, high: 2.25 })).toBe("[−1.00, 2.25]");
});

test("a plane goes from numbers to pixels and back, and holds what is outside", () => {
  const plane = planeOf({ width: 300, height: 200 }, { left: -1, right: 3, bottom: 0, top: 10 });
  for (const value of [-1, 0.5, 3]) expect(plane.fromX(plane.x(value))).toBeCloseTo(value, 12);
  for (const value of [0, 7, 10]) expect(plane.fromY(plane.y(value))).toBeCloseTo(value, 12);
  expect(plane.fromX(-50)).toBe(-1);
  expect(plane.fromY(-50)).toBe(10);
  expect(ticksOf(-1, 3, 4)).toEqual([-1, 0, 1, 2, 3]);
  expect(ticksOf(0, 0.34, 3)).toEqual([0, 0.2]);
});

test("contours lie at their height", () => {
  const size = 41;
  const at = (i: number) => -2 + (4 * i) / (size - 1);
  const values = Float64Array.from(
    { length: size * size },
    (_, k) => at(k % size) ** 2 + at(Math.floor(k / size)) ** 2,
  );
  const pieces = contourPieces({ size, from: -2, to: 2, values }, 1);
  expect(pieces.length).toBeGreaterThan(4 * 40);
  let length = 0;
  for (let i = 0; i < pieces.length; i += 4) {
    expect(Math.hypot(pieces[i], pieces[i + 1])).toBeCloseTo(1, 2);
    length += Math.hypot(pieces[i + 2] - pieces[i], pieces[i + 3] - pieces[i + 1]);
  }
  expect(length).toBeCloseTo(2 * Math.PI, 1);
});
