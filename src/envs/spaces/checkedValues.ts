/**
 * What users call of values.ts, with arguments checked. The library itself calls values.ts: it lays out values at every step,
 * of spaces and in arrays that are its own.
 */

import { type Checks, checkArgument, checkArguments, having, numbers, wholeNumber } from "../../arguments/checks.ts";
import type { RandomStream } from "../../random/stream.ts";
import { spaceCheck } from "../spaceCheck.ts";
import type { Space, ValueOf } from "./kinds.ts";
import * as values from "./values.ts";

const randomCheck = {
  ...having("a RandomStream", "uniform", "integer"),
  fix: "Give new RandomStream(seed, streams.user).",
};
const columnsChecks: Checks<"array" | "offset"> = { array: numbers, offset: wholeNumber() };
const outChecks: Checks<"out" | "offset"> = { out: numbers, offset: wholeNumber() };

/** Like `whyNotIn`, for a value laid out in the columns of array from offset on. */
export function whyNotFlat(space: Space, array: ArrayLike<number>, offset: number): string | undefined {
  checkArgument("whyNotFlat: space", spaceCheck, space);
  checkArguments("whyNotFlat", columnsChecks, { array, offset });
  return values.whyNotFlat(space, array, offset);
}

/**
 * A random value. Box elements: uniform when bounded, exponential away from the bound when bounded on one side, normal
 * when unbounded (as Gymnasium); everything else uniform.
 */
export function sample<S extends Space>(space: S, random: RandomStream): ValueOf<S> {
  checkArgument("sample: space", spaceCheck, space);
  checkArgument("sample: random", randomCheck, random);
  return values.sample(space, random);
}

/** Writes a random value of the space into the columns of out from offset on. */
export function sampleFlat(space: Space, random: RandomStream, out: Float32Array, offset: number): void {
  checkArgument("sampleFlat: space", spaceCheck, space);
  checkArgument("sampleFlat: random", randomCheck, random);
  checkArguments("sampleFlat", outChecks, { out, offset });
  values.sampleFlat(space, random, out, offset);
}

/**
 * Writes value into the columns out[offset …]. Checks kinds and lengths (AscentError "space"), not bounds: that is
 * `whyNotIn`.
 */
export function writeFlat(space: Space, value: unknown, out: Float32Array | Float64Array, offset: number): void {
  checkArgument("writeFlat: space", spaceCheck, space);
  checkArguments("writeFlat", outChecks, { out, offset });
  values.writeFlat(space, value, out, offset);
}

/** The value laid out in array[offset …], as a new array (box, multiDiscrete, multiBinary), number or object. */
export function readFlat<S extends Space>(space: S, array: ArrayLike<number>, offset: number): ValueOf<S> {
  checkArgument("readFlat: space", spaceCheck, space);
  checkArguments("readFlat", columnsChecks, { array, offset });
  return values.readFlat(space, array, offset);
}
