/**
 * Numbers through JSON without loss: JSON has no infinities, NaN or -0, so those travel as strings. Every other float64
 * already survives JSON bit for bit.
 */
import { z } from "zod";

export type ExactNumber = number | string;

/** The zod form of what `toExact` gives. */
export const exactNumber = z.union([z.number(), z.enum(["Infinity", "-Infinity", "NaN", "-0"])]);

export function toExact(values: ArrayLike<number>): ExactNumber[] {
  return Array.from(values, (x) => (Object.is(x, -0) ? "-0" : Number.isFinite(x) ? x : String(x)));
}

export function fromExact(values: readonly ExactNumber[]): number[] {
  return values.map(Number);
}
