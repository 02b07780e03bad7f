/** The jackknife of a mean is the interval of every textbook, Student's t in it. */
import { expect, test } from "vitest";
import { jackknife } from "../../src/numerics/jackknife.ts";
import { studentQuantile } from "../../src/numerics/studentQuantile.ts";
import { seeded } from "../tensor/support.ts";

test.each([4, 5, 30])(
  "the interval of the mean of %d numbers is mean ± t s / √n with n − 1 degrees of freedom",
  (n) => {
    const random = seeded(n);
    const values = Array.from({ length: n }, () => 3 + random.normal());
    const mean = values.reduce((a, b) => a + b, 0) / n;
    const deviation = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1));
    const { value, low, high } = jackknife(mean, n, (i) => (n * mean - values[i]) / (n - 1));
    const half = (studentQuantile(n - 1) * deviation) / Math.sqrt(n);
    expect(value).toBe(mean);
    expect(low).toBeCloseTo(mean - half, 10);
    expect(high).toBeCloseTo(mean + half, 10);
  },
);

test("leave-one-out values far from 0, of two samples and of three", () => {
  const of = (values: number[]) => jackknife(7, values.length, (i) => values[i]);
  expect(of([100, 102]).high - 7).toBeCloseTo(12.706204736174696 * 1, 9);
  expect(of([100, 102, 107]).high - 7).toBeCloseTo(4.302652729749463 * Math.sqrt((26 * 2) / 3), 9);
  expect(of([100, 102, 107]).low).toBeCloseTo(14 - of([100, 102, 107]).high, 12);
  expect(() => of([1])).toThrow(expect.objectContaining({ name: "AscentError" }));
});
