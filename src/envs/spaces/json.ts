/**
 * Spaces to JSON and back, for saved policies: bounds may be infinite, which JSON cannot say by itself. The form is checked
 * by hand: a page that only loads a policy must not load zod for it.
 */
import { AscentError } from "../../errors.ts";
import { type ExactNumber, fromExact, isExact, toExact } from "../exactNumbers.ts";
import { box, dict, discrete, multiBinary, multiDiscrete, refuseSpace, type Space } from "./kinds.ts";

/** The space as a JSON-able object. */
export function spaceToJson(space: Space): unknown {
  if (space?.kind === undefined) refuseSpace("spaceToJson", space);
  if (space.kind === "box") return { ...space, low: toExact(space.low), high: toExact(space.high) };
  if (space.kind !== "dict") return { ...space };
  return { kind: "dict", fields: Object.entries(space.fields).map(([name, field]) => [name, spaceToJson(field)]) };
}

/** The space that `spaceToJson` wrote. Throws AscentError "space" for anything else. */
export function spaceFromJson(json: unknown): Space {
  if (typeof json !== "object" || json === null) refuse(`expected object, received ${nameOf(json)}`);
  const data = json as Record<string, unknown>;
  const number = (key: string) => part(data, key, "number", (value) => typeof value === "number") as number;
  const numbers = (key: string) => list(data, key, "number", (value) => typeof value === "number") as number[];
  const bounds = (key: string) => fromExact(list(data, key, "number", isExact) as ExactNumber[]);
  switch (data.kind) {
    case "box":
      return box({ shape: numbers("shape"), low: bounds("low"), high: bounds("high") });
    case "discrete":
      return discrete(number("n"), number("start"));
    case "multiDiscrete":
      return multiDiscrete(numbers("categories"));
    case "multiBinary":
      return multiBinary(number("n"));
    case "dict": {
      // A list of pairs, so that the order of columns never depends on what a JSON library does with object keys.
      const fields = list(data, "fields", "pair of name and space", isPair) as [string, unknown][];
      return dict(Object.fromEntries(fields.map(([name, field]) => [name, spaceFromJson(field)])));
    }
    default:
      refuse(data.kind === undefined ? "no kind (expected string)" : `kind: ${JSON.stringify(data.kind)}`);
  }
}

type Check = (value: unknown) => boolean;

const isPair: Check = (value) => Array.isArray(value) && value.length === 2 && typeof value[0] === "string";

/** data[key], if it passes; else refused as what was `expected` under this name. */
function part(data: Record<string, unknown>, key: string, expected: string, passes: Check): unknown {
  const value = data[key];
  if (value === undefined) refuse(`no ${key} (expected ${expected})`);
  if (!passes(value)) refuse(`${key}: expected ${expected}, received ${nameOf(value)}`);
  return value;
}

/** data[key], if it is an array whose every entry passes. */
function list(data: Record<string, unknown>, key: string, expected: string, passes: Check): unknown[] {
  const entries = part(data, key, "array", Array.isArray) as unknown[];
  const wrong = entries.findIndex((entry) => !passes(entry));
  if (wrong >= 0) refuse(`${key}.${wrong}: expected ${expected}, received ${nameOf(entries[wrong])}`);
  return entries;
}

/** A wrong value in a few characters: its own if it is short, else what it is. */
function nameOf(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  return Array.isArray(value) ? "array" : typeof value === "object" ? "object" : String(value);
}

function refuse(got: string): never {
  throw new AscentError("space", {
    what: "This is not a space",
    got,
    expected: "what spaceToJson writes",
    fix: "Make the space with box, discrete, multiDiscrete, multiBinary or dict, and write it with spaceToJson.",
  });
}
