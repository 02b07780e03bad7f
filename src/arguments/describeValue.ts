/**
 * Any value as errors show it under "got": as what it is, so that a text "1", a BigInt 1n and the number 1 can be told apart.
 * Short whatever it is given, and it never throws. Not for results: those have formats of their own.
 */

/** Longer texts, lists and objects are named, not written out. */
const LONGEST = 60;

/** Such as `"1"`, `1n`, `NaN`, `[1, "a"]`, `a Float32Array of 3`, `class Game`, `a Promise`, `nothing` (undefined). */
export function describeValue(value: unknown): string {
  switch (typeof value) {
    case "undefined":
      return "nothing";
    case "string":
      return value.length <= LONGEST ? JSON.stringify(value) : `${JSON.stringify(value.slice(0, LONGEST))}…`;
    case "bigint":
      return `${value}n`;
    case "number":
      return Object.is(value, -0) ? "-0" : String(value);
    case "function":
      return isClass(value) ? `class ${value.name}`.trim() : `a function ${value.name}`.trim();
    case "object":
      return value === null ? "null" : describeObject(value);
    default:
      return String(value);
  }
}

/** Whether a function can be called with `new` only. */
export function isClass(value: unknown): boolean {
  return typeof value === "function" && /^class\b/.test(Function.prototype.toString.call(value));
}

function describeObject(value: object): string {
  if (ArrayBuffer.isView(value)) {
    const { length } = value as { length?: number };
    return length === undefined ? `a ${nameOf(value)}` : `a ${nameOf(value)} of ${length}`;
  }
  if (typeof (value as { then?: unknown }).then === "function") return "a Promise";
  if (Array.isArray(value)) {
    if (value.length > LONGEST / 3) return `an array of ${value.length}`;
    const text = `[${value.map(describePart).join(", ")}]`;
    return text.length <= LONGEST ? text : `an array of ${value.length}`;
  }
  const name = nameOf(value);
  const keys = Object.keys(value);
  if (name !== "Object") return `${/^[AEIOU]/i.test(name) ? "an" : "a"} ${name}`;
  if (keys.length === 0) return "{}";
  const parts = keys.slice(0, 12).map((key) => `${key}: ${describePart((value as Record<string, unknown>)[key])}`);
  const text = `{ ${parts.join(", ")} }`;
  if (keys.length <= 12 && text.length <= LONGEST) return text;
  return `an object with ${keys.slice(0, 6).join(", ")}${keys.length > 6 ? ", …" : ""}`;
}

/** What lies inside another value: not opened again where that could go on for ever. */
function describePart(value: unknown): string {
  if (typeof value !== "object" || value === null) return describeValue(value);
  if (Array.isArray(value)) {
    return value.length <= 8 && value.every((one) => typeof one !== "object" || one === null)
      ? `[${value.map(describeValue).join(", ")}]`
      : `an array of ${value.length}`;
  }
  return nameOf(value) === "Object" ? "an object" : describeObject(value);
}

function nameOf(value: object): string {
  const { constructor: maker } = value as { constructor?: unknown };
  return typeof maker === "function" && maker.name !== "" ? maker.name : "Object";
}
