/**
 * What one does with values of spaces: check that they belong, draw them at random, and lay them out in float32 columns
 * (a Dict's fields one after the other) and back.
 */
import { describeValue } from "../../arguments/describeValue.ts";
import { AscentError } from "../../errors.ts";
import { log } from "../../math/deterministic.ts";
import type { RandomStream } from "../../random/stream.ts";
import { describe, flatSize, refuseSpace, type Space, type ValueOf } from "./kinds.ts";

/** Whether value belongs to the space; box elements are compared as float32. Plain number arrays are welcome. */
export function contains(space: Space, value: unknown): boolean {
  return whyNotIn(space, value) === undefined;
}

/** Why value does not belong to the space ("element 2 is 7, outside [0, 5]"), or undefined when it does. */
export function whyNotIn(space: Space, value: unknown): string | undefined {
  if (space?.kind === undefined) refuseSpace("whyNotIn", space);
  if (space.kind === "dict") {
    if (typeof value !== "object" || value === null) return `${describeValue(value)} is not an object`;
    const record = value as Record<string, unknown>;
    for (const [name, field] of Object.entries(space.fields)) {
      if (!Object.hasOwn(record, name)) return `field "${name}" is missing`;
      const reason = whyNotIn(field, record[name]);
      if (reason !== undefined) return `field "${name}": ${reason}`;
    }
    const extra = Object.keys(record).find((name) => !Object.hasOwn(space.fields, name));
    return extra === undefined ? undefined : `field "${extra}" is not in the space`;
  }
  if (space.kind === "discrete") {
    return typeof value === "number" ? whyNotElement(space, value, 0) : `${describeValue(value)} is not a number`;
  }
  if (!isArray(value)) return `${describeValue(value)} is not an array of numbers`;
  const size = flatSize(space);
  if (value.length !== size) return `it has ${value.length} elements, not ${size}`;
  for (let i = 0; i < size; i++) {
    if (typeof value[i] !== "number") return `element ${i} is ${describeValue(value[i])}, not a number`;
    const reason = whyNotElement(space, value[i], i);
    if (reason !== undefined) return `element ${i}: ${reason}`;
  }
  return undefined;
}

/** Like `whyNotIn`, for a value laid out in the columns of array from offset on. */
export function whyNotFlat(space: Space, array: ArrayLike<number>, offset: number): string | undefined {
  if (space?.kind === undefined) refuseSpace("whyNotFlat", space);
  if (space.kind === "dict") {
    let column = offset;
    for (const [name, field] of Object.entries(space.fields)) {
      const reason = whyNotFlat(field, array, column);
      if (reason !== undefined) return `field "${name}": ${reason}`;
      column += flatSize(field);
    }
    return undefined;
  }
  const size = flatSize(space);
  for (let i = 0; i < size; i++) {
    const reason = whyNotElement(space, array[offset + i], i);
    if (reason !== undefined) return size === 1 ? reason : `element ${i}: ${reason}`;
  }
  return undefined;
}

function whyNotElement(space: Exclude<Space, { kind: "dict" }>, x: number, i: number): string | undefined {
  let low = 0;
  let high = 1;
  if (space.kind === "box") {
    low = space.low[i];
    high = space.high[i];
    const rounded = Math.fround(x);
    if (rounded >= low && rounded <= high) return undefined;
    return Number.isNaN(x) ? "NaN" : `${x} is outside [${low}, ${high}]`;
  }
  if (space.kind === "discrete") {
    low = space.start;
    high = space.start + space.n - 1;
  } else if (space.kind === "multiDiscrete") {
    high = space.categories[i] - 1;
  }
  return x >= low && x <= high && Math.floor(x) === x ? undefined : `${x} is not an integer in [${low}, ${high}]`;
}

/**
 * A random value. Box elements: uniform when bounded, exponential away from the bound when bounded on one side, normal
 * when unbounded (as Gymnasium); everything else uniform.
 */
export function sample<S extends Space>(space: S, random: RandomStream): ValueOf<S> {
  const columns = new Float32Array(flatSize(space));
  sampleFlat(space, random, columns, 0);
  return readFlat(space, columns, 0);
}

/** Writes a random value of the space into the columns of out from offset on. */
export function sampleFlat(space: Space, random: RandomStream, out: Float32Array, offset: number): void {
  if (space?.kind === undefined) refuseSpace("sampleFlat", space);
  if (space.kind === "dict") {
    let column = offset;
    for (const field of Object.values(space.fields)) {
      sampleFlat(field, random, out, column);
      column += flatSize(field);
    }
    return;
  }
  const size = flatSize(space);
  for (let i = 0; i < size; i++) {
    if (space.kind === "discrete") out[offset] = space.start + random.integer(space.n);
    else if (space.kind === "multiDiscrete") out[offset + i] = random.integer(space.categories[i]);
    else if (space.kind === "multiBinary") out[offset + i] = random.integer(2);
    else out[offset + i] = sampleBetween(space.low[i], space.high[i], random);
  }
}

function sampleBetween(low: number, high: number, random: RandomStream): number {
  if (low > -Infinity && high < Infinity) {
    return Math.min(high, Math.max(low, Math.fround(low + (high - low) * random.uniform())));
  }
  if (low > -Infinity) return low - log(1 - random.uniform());
  if (high < Infinity) return high + log(1 - random.uniform());
  return random.normal();
}

/**
 * Writes value into the columns out[offset …]. Checks kinds and lengths (AscentError "space"), not bounds: that is
 * `whyNotIn`.
 */
export function writeFlat(space: Space, value: unknown, out: Float32Array | Float64Array, offset: number): void {
  if (space?.kind === undefined) refuseSpace("writeFlat", space);
  if (space.kind === "dict") {
    if (typeof value !== "object" || value === null) refuse(space, describeValue(value));
    const record = value as Record<string, unknown>;
    let column = offset;
    for (const [name, field] of Object.entries(space.fields)) {
      if (!Object.hasOwn(record, name)) refuse(space, `an object without "${name}"`);
      writeFlat(field, record[name], out, column);
      column += flatSize(field);
    }
    return;
  }
  if (space.kind === "discrete") {
    if (typeof value !== "number") refuse(space, describeValue(value));
    out[offset] = value as number;
    return;
  }
  const size = flatSize(space);
  if (!isArray(value)) refuse(space, describeValue(value));
  const list = value as ArrayLike<number>;
  if (list.length !== size) refuse(space, `${list.length} elements`);
  for (let i = 0; i < size; i++) {
    if (typeof list[i] !== "number") refuse(space, `element ${i} = ${describeValue(list[i])}`);
    out[offset + i] = list[i];
  }
}

/** The value laid out in array[offset …], as a new array (box, multiDiscrete, multiBinary), number or object. */
export function readFlat<S extends Space>(space: S, array: ArrayLike<number>, offset: number): ValueOf<S> {
  if (space?.kind === undefined) refuseSpace("readFlat", space);
  return readAny(space, array, offset) as ValueOf<S>;
}

function readAny(space: Space, array: ArrayLike<number>, offset: number): unknown {
  if (space.kind === "discrete") return array[offset];
  if (space.kind === "dict") {
    const record: Record<string, unknown> = {};
    let column = offset;
    for (const [name, field] of Object.entries(space.fields)) {
      record[name] = readAny(field, array, column);
      column += flatSize(field);
    }
    return record;
  }
  const size = flatSize(space);
  const value =
    space.kind === "box"
      ? new Float32Array(size)
      : space.kind === "multiBinary"
        ? new Uint8Array(size)
        : new Int32Array(size);
  for (let i = 0; i < size; i++) value[i] = array[offset + i];
  return value;
}

/** Cheap, for it is asked at every step: what is in a BigInt array is refused entry by entry. */
function isArray(value: unknown): value is ArrayLike<number> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

function refuse(space: Space, got: string): never {
  throw new AscentError("space", {
    what: "The value does not fit its space",
    got,
    expected: `a value of ${describe(space)}`,
    fix: "Correct the value, or the space that it is said to belong to.",
  });
}
