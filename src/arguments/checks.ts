/**
 * What public functions ask of their arguments, as data: a table names each argument and the check it must pass, and one
 * function reads such tables. For once a call or once an object; what is looked at at every step has checks of its own.
 */

import { AscentError, type ErrorCode } from "../errors.ts";
import { didYouMean } from "../nearest.ts";
import { describeValue, isClass } from "./describeValue.ts";

export interface Check {
  /** Completes "expected …". */
  readonly expected: string;
  fits(value: unknown): boolean;
  /** Whether undefined will do too. */
  readonly optional?: boolean;
  /** Default: "Give " and what is expected. */
  readonly fix?: string;
  /** Default "option". */
  readonly code?: ErrorCode;
  /** Where the value is one of some names: for "did you mean". */
  readonly names?: readonly string[];
}

export type Checks<Names extends string = string> = { readonly [Name in Names]: Check };

/** A check for every key of an interface of options: one that is forgotten does not compile. */
export type OptionChecks<Options> = Checks<keyof Options & string>;

/** With what to do in words of its own. */
function advising(check: Check, fix: string): Check {
  return { ...check, fix };
}

/** Undefined will do too. */
export function optional(check: Check): Check {
  return { ...check, optional: true };
}

// Calls at the top of a file are marked as pure, so that a page's bundle holds those only that it uses.
export const anything: Check = { expected: "anything", fits: () => true };
export const aNumber: Check = { expected: "a number", fits: (x) => typeof x === "number" && !Number.isNaN(x) };
export const finiteNumber: Check = { expected: "a finite number", fits: Number.isFinite };
export const positiveNumber: Check = {
  expected: "a finite number above 0",
  fits: (x) => Number.isFinite(x) && Number(x) > 0,
};
export const notNegativeNumber: Check = {
  expected: "a finite number ≥ 0",
  fits: (x) => Number.isFinite(x) && Number(x) >= 0,
};
export const share: Check = { expected: "a number from 0 to 1", fits: (x) => Number.isFinite(x) && within(x, 0, 1) };
export const trueOrFalse: Check = { expected: "true or false", fits: (x) => typeof x === "boolean" };
export const text: Check = { expected: "a text", fits: (x) => typeof x === "string" };
export const callback: Check = { expected: "a function", fits: (x) => typeof x === "function" && !isClass(x) };
export const seed: Check = {
  expected: "a whole number from 0 to 2^53 - 1",
  fits: (x) => Number.isSafeInteger(x) && within(x, 0, Infinity),
  fix: "Give a whole number, such as 0.",
};
export const signal: Check = /* @__PURE__ */ advising(
  /* @__PURE__ */ having("an AbortSignal", "aborted", "addEventListener"),
  "Give the signal of an AbortController: controller.signal.",
);
export const engine: Check = /* @__PURE__ */ advising(
  /* @__PURE__ */ having("an engine", "allocate", "kernels"),
  "Give what `await createEngine()` gives.",
);
/** Plain or typed, so long as it is no BigInt array; the entries are not looked at. */
export const numbers: Check = { expected: "an array of numbers", fits: isNumbers, code: "shape" };
export const floats: Check = /* @__PURE__ */ typed("a Float32Array or Float64Array", "Float32Array", "Float64Array");
export const integers: Check = /* @__PURE__ */ typed("an Int32Array", "Int32Array");
export const bytes: Check = /* @__PURE__ */ advising(
  /* @__PURE__ */ typed("a Uint8Array", "Uint8Array"),
  "Give the bytes of a file: a Buffer is one, of an ArrayBuffer write new Uint8Array(buffer).",
);

/** A whole number of at least `least`. */
export function wholeNumber(least = 0, most = Infinity): Check {
  const expected = most === Infinity ? `a whole number ≥ ${least}` : `a whole number from ${least} to ${most}`;
  return { expected, fits: (x) => Number.isSafeInteger(x) && within(x, least, most) };
}

/** A number above this one, infinity too. */
export function above(bound: number): Check {
  return { expected: `a number above ${bound}`, fits: (x) => typeof x === "number" && x > bound };
}

/** One of some names. */
export function oneOf(names: readonly string[]): Check {
  return { expected: `one of ${names.join(", ")}`, fits: (x) => names.includes(x as string), names };
}

/** An object, or a function, that has these members. */
export function having(expected: string, ...members: readonly string[]): Check {
  const fits = (x: unknown) => isObject(x) && members.every((member) => member in (x as object));
  return { expected, fits };
}

/** A plain object of members by name: no list, no Promise, no function. */
export function named(expected: string, member: (value: unknown) => boolean = () => true): Check {
  const plain = (x: unknown) =>
    typeof x === "object" && x !== null && !Array.isArray(x) && !ArrayBuffer.isView(x) && !("then" in x);
  return { expected, fits: (x) => plain(x) && Object.values(x as object).every(member) };
}

/** A typed array of one of these kinds. */
export function typed(expected: string, ...kinds: readonly string[]): Check {
  const tags = kinds.map((kind) => `[object ${kind}]`);
  return { expected, fits: (x) => tags.includes(Object.prototype.toString.call(x)), code: "shape" };
}

/** A list, each entry of which passes. */
export function listOf(check: Check, expected: string): Check {
  return { expected, fits: (x) => Array.isArray(x) && x.every((one) => check.fits(one)) };
}

/** Whether it is an array of numbers by its kind: a BigInt array, a text and a DataView are not. */
export function isNumbers(value: unknown): value is ArrayLike<number> {
  // The most frequent first: arrays of another realm are instances of nothing here, and take the way round.
  if (value instanceof Float32Array || value instanceof Float64Array || Array.isArray(value)) return true;
  return ArrayBuffer.isView(value) && !NO_NUMBERS.test(Object.prototype.toString.call(value));
}

const NO_NUMBERS = /Big|DataView/;

function isObject(value: unknown): boolean {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

function within(value: unknown, low: number, high: number): boolean {
  return (value as number) >= low && (value as number) <= high;
}

function passes(check: Check, value: unknown): boolean {
  return value === undefined ? check.optional === true : check.fits(value);
}

/**
 * @param what names the argument, such as "makeBatched: count".
 * @throws AscentError of the check's code unless the value passes.
 */
export function checkArgument(what: string, check: Check, value: unknown): void {
  if (passes(check, value)) return;
  const { expected, names, code = "option" } = check;
  const meant = typeof value === "string" && names !== undefined ? didYouMean(value, names) : "";
  const fix = `${meant}${check.fix ?? `Give ${expected}.`}`;
  throw new AscentError(code, { what, got: describeValue(value), expected, fix });
}

/**
 * The arguments of a call, by name.
 *
 * @throws AscentError for the first that does not pass.
 */
export function checkArguments<Names extends string>(
  caller: string,
  checks: Checks<Names>,
  given: { readonly [Name in NoInfer<Names>]: unknown },
): void {
  // Words are made for what does not pass only: estimators are called thousands of times a second.
  for (const name in checks)
    if (!passes(checks[name], given[name])) checkArgument(`${caller}: ${name}`, checks[name], given[name]);
}

/**
 * An object of options: its keys must be in the table and their values pass. A key with the value undefined counts as left
 * out.
 *
 * @param inside objects of options among the options, whose keys are easily written beside them: their keys, by name.
 * @throws AscentError "option" that names the nearest known key, or where the key belongs.
 */
export function checkOptions(
  caller: string,
  checks: Checks,
  given: unknown,
  inside: Readonly<Record<string, readonly string[]>> = {},
): void {
  const known = Object.keys(checks);
  if (typeof given !== "object" || given === null || Array.isArray(given) || "then" in given) {
    throw new AscentError("option", {
      what: `${caller}: options`,
      got: describeValue(given),
      expected: `an object with any of ${known.join(", ")}`,
      fix: `Write them by name, such as { ${known[0]}: … }.`,
    });
  }
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined || Object.hasOwn(checks, key)) continue;
    const belongs = Object.entries(inside).find(([, keys]) => keys.includes(key));
    throw new AscentError("option", {
      what: `${caller} has no option "${key}"`,
      got: `${key}: ${describeValue(value)}`,
      expected: `any of ${known.join(", ")}`,
      fix:
        belongs === undefined
          ? `${didYouMean(key, [...known, ...Object.values(inside).flat()])}Correct its name, or leave it out.`
          : `Write it inside ${belongs[0]}: { ${key}: … }.`,
    });
  }
  for (const key of known) checkArgument(`${caller}: ${key}`, checks[key], (given as Record<string, unknown>)[key]);
}
