/** A setting's value as text and back: as it is typed after --set, in a field of the page and in a link. Pure. */
import type { JsonValue } from "ascent-rl";
import type { OptionFacts } from "./catalogue.ts";
import { recordOf } from "./recordOf.ts";

/** 0.98, 64,64, linear:0.001:0.0001, true, null; anything else as JSON. */
export function textOfValue(value: JsonValue): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === "number")) return value.join();
  const { kind, from, to, ...rest } = recordOf(value) ?? {};
  const isShort =
    (kind === "linear" || kind === "cosine") && typeof from === "number" && Object.keys(rest).length === 0;
  if (isShort && to === undefined) return `${kind}:${from}`;
  if (isShort && typeof to === "number") return `${kind}:${from}:${to}`;
  return JSON.stringify(value);
}

/** The value a text stands for. Undefined where it stands for none; whether it fits is for `expectedInstead`. */
export function valueOfText(option: Pick<OptionFacts, "kind">, text: string): JsonValue | undefined {
  if (text === "null") return null;
  switch (option.kind) {
    case "integer":
    case "number":
      return numberOf(text);
    case "boolean":
      return text === "true" ? true : text === "false" ? false : undefined;
    case "choice":
      return text;
    case "limit":
      return text === "none" ? text : numberOf(text);
    case "schedule":
      return numberOf(text) ?? shortSchedule(text) ?? jsonOf(text);
    case "list":
      return listOf(text) ?? jsonOf(text);
    case "other":
      return jsonOf(text) ?? listOf(text) ?? text;
  }
}

function numberOf(text: string): number | undefined {
  const value = text.trim() === "" ? Number.NaN : Number(text.replace(/(?<=\d)_(?=\d)/g, ""));
  return Number.isFinite(value) ? value : undefined;
}

function listOf(text: string): number[] | undefined {
  const values = text.split(",").map(numberOf);
  return values.every((value) => value !== undefined) ? values : undefined;
}

function shortSchedule(text: string): JsonValue | undefined {
  const [kind, ...numbers] = text.split(":");
  if ((kind !== "linear" && kind !== "cosine") || numbers.length === 0 || numbers.length > 2) return undefined;
  const [from, to] = numbers.map(numberOf);
  if (from === undefined || (numbers.length === 2 && to === undefined)) return undefined;
  return { kind, from, ...(to !== undefined && { to }) };
}

function jsonOf(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
