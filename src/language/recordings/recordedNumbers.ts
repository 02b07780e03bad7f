/** Numbers as recordings write them, and what they are compared by. */

import { z } from "zod";

const NAMED = { nan: Number.NaN, inf: Number.POSITIVE_INFINITY, "-inf": Number.NEGATIVE_INFINITY } as const;

export const recordedNumber = z
  .union([z.number(), z.enum(["nan", "inf", "-inf"])])
  .transform((x) => (typeof x === "number" ? x : NAMED[x]));
export const vector = z.array(recordedNumber);
export const matrix = z.array(vector);
export const wholes = z.array(z.array(z.int()));
export const figures = z.record(z.string(), recordedNumber);

/** The largest of the absolute values that are finite, as a scale of errors; 1e-6 of nothing but zeros. */
export function scaleOf(recorded: ArrayLike<number>): number {
  let largest = 1e-6;
  for (let i = 0; i < recorded.length; i++) {
    if (Number.isFinite(recorded[i])) largest = Math.max(largest, Math.abs(recorded[i]));
  }
  return largest;
}
