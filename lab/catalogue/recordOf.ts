/** JSON values that are objects, as such. */
import type { JsonValue } from "ascent-rl";

export function recordOf(value: JsonValue): Readonly<Record<string, JsonValue | undefined>> | undefined {
  const isRecord = typeof value === "object" && value !== null && !Array.isArray(value);
  return isRecord ? (value as Readonly<Record<string, JsonValue | undefined>>) : undefined;
}
