/**
 * What an action or an observation can be, as plain data with a `kind`, after Gymnasium's spaces. Values are flat
 * (row-major) whatever the shape. What one does with values (contains, sample, flatten) is in values.ts.
 */

import { isNumbers } from "../../arguments/checks.ts";
import { describeValue } from "../../arguments/describeValue.ts";
import { AscentError } from "../../errors.ts";

/** Real vectors, matrices or images; bounds per element, row-major, rounded to float32. */
export interface Box {
  readonly kind: "box";
  readonly shape: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** One of the n integers start, start + 1, …, start + n - 1. */
export interface Discrete {
  readonly kind: "discrete";
  readonly n: number;
  readonly start: number;
}

/** Several independent choices; the i-th is an integer from 0 to categories[i] - 1. */
export interface MultiDiscrete {
  readonly kind: "multiDiscrete";
  readonly categories: readonly number[];
}

/** n switches, each 0 or 1. */
export interface MultiBinary {
  readonly kind: "multiBinary";
  readonly n: number;
}

/** Named parts; columns follow the order of the fields. */
export interface Dict<Fields extends Readonly<Record<string, Space>> = Readonly<Record<string, Space>>> {
  readonly kind: "dict";
  readonly fields: Fields;
}

export type Space = Box | Discrete | MultiDiscrete | MultiBinary | Dict;

/** The type of the values of a space, as the library hands them out. It also takes plain number arrays in their place. */
export type ValueOf<S> = S extends Box
  ? Float32Array
  : S extends Discrete
    ? number
    : S extends MultiDiscrete
      ? Int32Array
      : S extends MultiBinary
        ? Uint8Array
        : S extends Dict<infer Fields>
          ? { [Name in keyof Fields]: ValueOf<Fields[Name]> }
          : never;

/** What the library takes as a value of a space: arrays of numbers, plain or typed, and any object with a Dict's fields. */
export type ValueLike<S> = S extends Discrete
  ? number
  : S extends Box | MultiDiscrete | MultiBinary
    ? ArrayLike<number>
    : S extends Dict<infer Fields>
      ? string extends keyof Fields
        ? object
        : { readonly [Name in keyof Fields]: ValueLike<Fields[Name]> }
      : never;

/** The spaces that values of a type can be of, where the space itself is not known: the way back from `ValueOf`. */
export type SpaceOf<Value> = unknown extends Value
  ? Space
  : Value extends number
    ? Discrete
    : Value extends Float32Array
      ? Box
      : Value extends Int32Array
        ? MultiDiscrete
        : Value extends Uint8Array
          ? MultiBinary
          : Value extends ArrayLike<number>
            ? Box | MultiDiscrete | MultiBinary
            : Value extends object
              ? Dict<{ readonly [Name in keyof Value]-?: SpaceOf<Value[Name]> }>
              : Space;

/** Integers must survive a float32 column. */
const LARGEST_INTEGER = 2 ** 24;

/**
 * Real vectors. low and high: one number for all elements, or one for each (row-major); ±Infinity where unbounded.
 * shape: default the length of the bound that is an array. Throws AscentError "space" when these do not fit together.
 */
export function box(options: {
  low: number | ArrayLike<number>;
  high: number | ArrayLike<number>;
  shape?: readonly number[];
}): Box {
  requireParts("box", options, ["low", "high", "shape"]);
  for (const name of ["low", "high"] as const) {
    const bound: unknown = options[name];
    if (typeof bound !== "number" && !isNumbers(bound)) {
      refuse(`box ${name}`, describeValue(bound), "a number, or an array of numbers");
    }
  }
  if (options.shape !== undefined && !isNumbers(options.shape)) {
    refuse("box shape", describeValue(options.shape), "an array of positive integers");
  }
  const given = [options.low, options.high].find((bound) => typeof bound !== "number");
  const shape = options.shape ?? (given === undefined ? [1] : [(given as ArrayLike<number>).length]);
  if (!shape.every((size) => Number.isInteger(size) && size > 0)) {
    refuse("box shape", describeValue([...shape]), "positive integers");
  }
  const size = shape.reduce((product, n) => product * n, 1);
  const low = bounds("low", options.low, size);
  const high = bounds("high", options.high, size);
  for (let i = 0; i < size; i++) {
    if (!(low[i] <= high[i])) refuse(`box bounds of element ${i}`, `low ${low[i]}, high ${high[i]}`, "low ≤ high");
  }
  return { kind: "box", shape: [...shape], low, high };
}

/** n integers from start on. Throws AscentError "space" unless n ≥ 1 and all are below 2²⁴ in size. */
export function discrete(n: number, start = 0): Discrete {
  checkCount("discrete n", n);
  if (!Number.isInteger(start) || Math.abs(start) + n > LARGEST_INTEGER) {
    refuse("discrete start", describeValue(start), "an integer with |start| + n ≤ 2^24");
  }
  return { kind: "discrete", n, start };
}

/** Independent choices with these numbers of categories. Throws AscentError "space" when empty or not integers ≥ 1. */
export function multiDiscrete(categories: ArrayLike<number>): MultiDiscrete {
  if (!isNumbers(categories)) refuse("multiDiscrete categories", describeValue(categories), "an array of integers");
  const list = Array.from(categories);
  if (list.length === 0) refuse("multiDiscrete categories", "none", "at least one");
  for (const n of list) checkCount("multiDiscrete categories", n);
  return { kind: "multiDiscrete", categories: list };
}

/** n switches. Throws AscentError "space" unless n is an integer ≥ 1. */
export function multiBinary(n: number): MultiBinary {
  checkCount("multiBinary n", n);
  return { kind: "multiBinary", n };
}

/** Named parts, in the order given. Throws AscentError "space" when there are none. */
export function dict<Fields extends Readonly<Record<string, Space>>>(fields: Fields): Dict<Fields> {
  const isRecord = typeof fields === "object" && fields !== null && !Array.isArray(fields);
  if (!isRecord) refuse("dict fields", describeValue(fields), "an object of spaces");
  if (Object.keys(fields).length === 0) refuse("dict fields", "none", "at least one");
  for (const [name, field] of Object.entries(fields)) {
    const why = whyNotSpace(field);
    if (why !== undefined) refuse(`dict field "${name}"`, `${describeValue(field)} (${why})`, "a space");
  }
  return { kind: "dict", fields };
}

/** Why something is not a space as the functions above make it, or undefined when it is; bounds are not compared. */
export function whyNotSpace(space: unknown): string | undefined {
  if (typeof space !== "object" || space === null) return "not an object";
  const parts = space as Partial<Record<string, unknown>>;
  const isCount = (x: unknown) => Number.isInteger(x) && (x as number) >= 1;
  switch (parts["kind"]) {
    case "box": {
      const { shape, low, high } = parts;
      if (!Array.isArray(shape) || !shape.every(isCount)) return "its shape is not a list of positive integers";
      const size = shape.reduce((product: number, n: number) => product * n, 1);
      const fits = (bound: unknown) => isNumbers(bound) && bound.length === size;
      return fits(low) && fits(high) ? undefined : `low and high are not ${size} numbers each`;
    }
    case "discrete":
      return isCount(parts["n"]) && Number.isInteger(parts["start"]) ? undefined : "n or start is not an integer";
    case "multiDiscrete": {
      const { categories } = parts;
      return isNumbers(categories) && categories.length > 0 && Array.from(categories).every(isCount)
        ? undefined
        : "its categories are not a list of positive integers";
    }
    case "multiBinary":
      return isCount(parts["n"]) ? undefined : "n is not a positive integer";
    case "dict": {
      const { fields } = parts;
      if (typeof fields !== "object" || fields === null) return "it has no fields";
      for (const [name, field] of Object.entries(fields)) {
        const why = whyNotSpace(field);
        if (why !== undefined) return `its field "${name}": ${why}`;
      }
      return undefined;
    }
    default:
      return "its kind is none of box, discrete, multiDiscrete, multiBinary, dict";
  }
}

/** Thrown for what is given in a space's place to the functions below; nothing is looked at twice. */
export function refuseSpace(what: string, space: unknown): never {
  throw new AscentError("space", {
    what: `${what}: this is not a space`,
    got: describeValue(space),
    expected: "a space",
    fix: "Make it with box, discrete, multiDiscrete, multiBinary or dict.",
  });
}

/** How many float32 columns a value takes: box product of shape, discrete 1, multiDiscrete k, multiBinary n, dict sum. */
export function flatSize(space: Space): number {
  switch (space?.kind) {
    case "box":
      return space.low.length;
    case "discrete":
      return 1;
    case "multiDiscrete":
      return space.categories.length;
    case "multiBinary":
      return space.n;
    case "dict":
      return Object.values(space.fields).reduce((sum, field) => sum + flatSize(field), 0);
    default:
      return refuseSpace("flatSize", space);
  }
}

/** A flat column that holds one of `size` integers from `start` on. */
export interface ChoiceColumn {
  readonly column: number;
  readonly start: number;
  readonly size: number;
}

/** The columns of discrete and multiDiscrete parts, in order: those that action masks speak of. */
export function choiceColumns(space: Space): ChoiceColumn[] {
  switch (space?.kind) {
    case "discrete":
      return [{ column: 0, start: space.start, size: space.n }];
    case "multiDiscrete":
      return space.categories.map((size, column) => ({ column, start: 0, size }));
    case "dict": {
      let first = 0;
      return Object.values(space.fields).flatMap((field) => {
        const columns = choiceColumns(field).map((choice) => ({ ...choice, column: first + choice.column }));
        first += flatSize(field);
        return columns;
      });
    }
    case "box":
    case "multiBinary":
      return [];
    default:
      return refuseSpace("choiceColumns", space);
  }
}

/**
 * How many entries an action mask has: n of discrete, the sum of multiDiscrete's categories, the sum over a dict's fields;
 * undefined where there is nothing to mask.
 */
export function maskSize(space: Space): number | undefined {
  const columns = choiceColumns(space);
  return columns.length === 0 ? undefined : columns.reduce((sum, { size }) => sum + size, 0);
}

/** The space in one short line, such as `Discrete(2)` or `Box([3], -1..1)`. */
export function describe(space: Space): string {
  switch (space?.kind) {
    case "box": {
      const same = space.low.every((x) => x === space.low[0]) && space.high.every((x) => x === space.high[0]);
      return `Box([${space.shape.join(", ")}]${same ? `, ${space.low[0]}..${space.high[0]}` : ""})`;
    }
    case "discrete":
      return space.start === 0 ? `Discrete(${space.n})` : `Discrete(${space.n}, start ${space.start})`;
    case "multiDiscrete":
      return `MultiDiscrete([${space.categories.join(", ")}])`;
    case "multiBinary":
      return `MultiBinary(${space.n})`;
    case "dict": {
      const parts = Object.entries(space.fields).map(([name, field]) => `${name}: ${describe(field)}`);
      return `Dict({ ${parts.join(", ")} })`;
    }
    default:
      return refuseSpace("describe", space);
  }
}

function bounds(name: string, bound: number | ArrayLike<number>, size: number): number[] {
  const list = typeof bound === "number" ? new Array<number>(size).fill(bound) : Array.from(bound);
  if (list.length !== size) refuse(`box ${name}`, `${list.length} numbers`, `${size}, the product of the shape`);
  for (const x of list)
    if (typeof x !== "number" || Number.isNaN(x)) refuse(`box ${name}`, describeValue(x), "numbers");
  return list.map(Math.fround);
}

function checkCount(name: string, n: number): void {
  if (!Number.isInteger(n) || n < 1 || n > LARGEST_INTEGER) refuse(name, describeValue(n), "an integer from 1 to 2^24");
}

function requireParts(maker: string, given: unknown, names: readonly string[]): void {
  if (typeof given !== "object" || given === null)
    refuse(`${maker} of`, describeValue(given), `{ ${names.join(", ")} }`);
  const unknown = Object.keys(given as object).find((name) => !names.includes(name));
  if (unknown !== undefined) refuse(`${maker} part "${unknown}"`, unknown, `only ${names.join(", ")}`);
}

function refuse(what: string, got: string, expected: string): never {
  throw new AscentError("space", {
    what: `A space cannot have this ${what}`,
    got,
    expected,
    fix: "Correct it where the space is made.",
  });
}
