/**
 * What a sweep may choose: a setting's values as a dimension, and each value as a position in [0, 1), which is all that samplers
 * know of it. Logarithms are the library's own, so that a sweep proposes the same settings in every engine.
 */
import { z } from "zod";
import { exp, log } from "../math/deterministic.ts";

export type SettingValue = z.output<typeof settingValue>;

const settingValue = z.json();
const range = z
  .tuple([z.number(), z.number()])
  .refine(([low, high]) => low < high, "the first must be the smaller one");
const positive = range.refine(([low]) => low > 0, "both must be above 0: the logarithm is uniform");
const wholeRange = z.tuple([z.int(), z.int()]).refine(([low, high]) => low < high, "the first must be the smaller one");
/** How many values of a dimension a grid takes; what lists its values has all of them. */
const points = z.int().min(2).optional();

export const dimensionSchema = z.union([
  z.strictObject({ choice: z.array(settingValue).min(1) }),
  z.strictObject({ uniform: range, points }),
  z.strictObject({ logUniform: positive, points }),
  z.strictObject({ integer: wholeRange, points }),
  z.strictObject({ logInteger: wholeRange.refine(([low]) => low > 0, "both must be above 0"), points }),
]);

/** One setting's values: a choice, or a range that is uniform, uniform in the logarithm, or of whole numbers. Both ends belong to it. */
export type Dimension = z.output<typeof dimensionSchema>;

/** Settings by name. Their order is the order of samplers' coordinates. */
export type Space = Readonly<Record<string, Dimension>>;

/** A trial's choice, by name. */
export type Settings = Record<string, SettingValue>;

/** Of numbers from a continuous range: enough for any setting, and short to write down. */
const DIGITS = 6;

/** The value at a position in [0, 1). Continuous ones are rounded to six digits, so that what is printed is what was run. */
export function valueAt(dimension: Dimension, position: number): SettingValue {
  if ("choice" in dimension) return dimension.choice[Math.floor(position * dimension.choice.length)];
  if ("uniform" in dimension) {
    const [low, high] = dimension.uniform;
    return rounded(low + position * (high - low), low, high);
  }
  if ("logUniform" in dimension) {
    const [low, high] = dimension.logUniform;
    return rounded(exp(log(low) + position * (log(high) - log(low))), low, high);
  }
  const [low, high] = "integer" in dimension ? dimension.integer : dimension.logInteger;
  const value =
    "integer" in dimension
      ? low + Math.floor(position * (high - low + 1))
      : Math.floor(exp(log(low) + position * (log(high + 1) - log(low))));
  return Math.min(high, Math.max(low, value));
}

/** A position whose value it is: the middle of them, where there are many. Undefined for what is no value of the dimension. */
export function positionOf(dimension: Dimension, value: unknown): number | undefined {
  if ("choice" in dimension) {
    const wanted = JSON.stringify(value);
    const index = dimension.choice.findIndex((one) => JSON.stringify(one) === wanted);
    return index < 0 ? undefined : (index + 0.5) / dimension.choice.length;
  }
  if (typeof value !== "number") return undefined;
  if ("uniform" in dimension) {
    const [low, high] = dimension.uniform;
    return inside((value - low) / (high - low));
  }
  if ("logUniform" in dimension) {
    const [low, high] = dimension.logUniform;
    return value > 0 ? inside((log(value) - log(low)) / (log(high) - log(low))) : undefined;
  }
  if (!Number.isInteger(value)) return undefined;
  const [low, high] = "integer" in dimension ? dimension.integer : dimension.logInteger;
  if (value < low || value > high) return undefined;
  if ("integer" in dimension) return (value - low + 0.5) / (high - low + 1);
  return (0.5 * (log(value) + log(value + 1)) - log(low)) / (log(high + 1) - log(low));
}

/** Settings at a point: one position in [0, 1) for each dimension, in the space's order. */
export function settingsAt(space: Space, point: readonly number[]): Settings {
  return Object.fromEntries(Object.entries(space).map(([name, dimension], i) => [name, valueAt(dimension, point[i])]));
}

function rounded(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, Number(value.toPrecision(DIGITS))));
}

function inside(position: number): number | undefined {
  return position >= 0 && position <= 1 ? Math.min(position, 1 - Number.EPSILON) : undefined;
}
