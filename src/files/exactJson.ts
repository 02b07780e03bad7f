/**
 * JSON that gives back exactly what it was given. Plain JSON.stringify quietly turns NaN and infinities into null, -0
 * into 0, a Map into {} and a typed array into an object, and each of these would make a resumed run differ from an
 * uninterrupted one. Here the special numbers are kept (as {"$number":"-Infinity"}) and everything else is refused.
 */
import { text as aText, checkArguments } from "../arguments/checks.ts";
import { AscentError } from "../errors.ts";

/** What a saved state may be made of. Numbers may be NaN, infinite or -0; undefined members of objects are left out. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue | undefined };

const NUMBER_KEY = "$number";
const SPECIAL_NUMBERS = new Map([
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
  ["-0", -0],
]);

/**
 * JSON text from which `parseExact` gives an equal value, member order included.
 * @throws AscentError "file" naming the path of the first value that JSON cannot carry.
 */
export function stringifyExact(value: unknown): string {
  return JSON.stringify(prepare(value, "state", []));
}

/**
 * The value `stringifyExact` wrote.
 * @throws AscentError "file" when the text is not JSON.
 */
export function parseExact(text: string): JsonValue {
  checkArguments("parseExact", { text: aText }, { text });
  try {
    return JSON.parse(text, revive) as JsonValue;
  } catch (cause) {
    throw new AscentError(
      "file",
      { what: "The saved state is not JSON", got: String(cause), fix: "Restore the file from a copy." },
      { cause },
    );
  }
}

/**
 * A copy that shares nothing with `value`: what `parseExact` gives of its text. What can be copied can be saved, and the other
 * way round.
 *
 * @throws AscentError "file" as `stringifyExact`.
 */
export function copyExact(value: unknown): JsonValue {
  return parseExact(stringifyExact(value));
}

function prepare(value: unknown, path: string, parents: readonly object[]): unknown {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number") {
    if (Object.is(value, -0)) return { [NUMBER_KEY]: "-0" };
    return Number.isFinite(value) ? value : { [NUMBER_KEY]: String(value) };
  }
  if (typeof value !== "object") throw notJson(path, typeof value);
  if (parents.includes(value)) throw notJson(path, "a value that contains itself");
  const line = [...parents, value];
  if (Array.isArray(value)) return Array.from(value, (item, index) => prepare(item, `${path}[${index}]`, line));
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw notJson(path, nameOf(value));
  if (NUMBER_KEY in value) throw notJson(path, `an object with the reserved member "${NUMBER_KEY}"`);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([key, member]) => [key, prepare(member, `${path}.${key}`, line)]));
}

function revive(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || !(NUMBER_KEY in value)) return value;
  const special = SPECIAL_NUMBERS.get(String(value[NUMBER_KEY]));
  return special === undefined ? value : special;
}

function nameOf(value: object): string {
  return `a ${value.constructor?.name ?? "class instance"}`;
}

function notJson(path: string, got: string): AscentError {
  return new AscentError("file", {
    what: `The state to save cannot be kept exactly at ${path}`,
    got,
    expected: "null, booleans, numbers, strings, arrays and plain objects",
    fix: "Turn it into plain data first (Array.from for a typed array), or store large arrays under `arrays`.",
  });
}
