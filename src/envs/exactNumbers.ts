/**
 * Numbers through JSON without loss: JSON has no infinities, NaN or -0, so those travel as strings. Every other float64
 * already survives JSON bit for bit. Policies are read with it, so it knows nothing of zod: exactNumberForm.ts does.
 */
export type ExactNumber = number | string;

/** The strings that stand for a number. */
export const EXACT_NAMES = ["Infinity", "-Infinity", "NaN", "-0"] as const;

/** Whether this is one of what `toExact` gives. */
export function isExact(value: unknown): value is ExactNumber {
  return typeof value === "number" || EXACT_NAMES.some((name) => name === value);
}

export function toExact(values: ArrayLike<number>): ExactNumber[] {
  return Array.from(values, (x) => (Object.is(x, -0) ? "-0" : Number.isFinite(x) ? x : String(x)));
}

export function fromExact(values: readonly ExactNumber[]): number[] {
  return values.map(Number);
}
