/** Turns what a user gave (preset, file, settings) into an algorithm's complete options, or an error that helps. */

import { closest } from "fastest-levenshtein";
import type { z } from "zod";
import type { Algorithm } from "../algorithms/registry.ts";
import { AscentError } from "../errors.ts";

/**
 * Complete options: the schema's defaults, then the environment's preset, then `overrides`, later ones first.
 *
 * @throws AscentError "option" naming the key, what was got, what was expected, and the nearest known key.
 */
export function resolveOptions(
  algorithm: Algorithm,
  environmentId: string,
  overrides: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const preset = algorithm.presets[environmentId]?.options ?? {};
  return parseOptions(algorithm.name, algorithm.options, { ...preset, ...overrides });
}

/**
 * Options as the algorithm's own schema completes them.
 *
 * @throws AscentError "option" as `resolveOptions`.
 */
export function parseOptions<Schema extends z.ZodObject>(
  algorithm: string,
  schema: Schema,
  given: Readonly<Record<string, unknown>>,
): z.output<Schema> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw optionError(algorithm, Object.keys(schema.shape), parsed.error.issues[0], given);
}

function optionError(
  algorithm: string,
  known: readonly string[],
  issue: z.core.$ZodIssue,
  given: Readonly<Record<string, unknown>>,
): AscentError {
  if (issue.code === "unrecognized_keys") {
    const [key] = issue.keys;
    return new AscentError("option", {
      what: `${algorithm} has no option "${key}"`,
      fix: `Did you mean "${closest(key, [...known])}"? All options: ${known.join(", ")}.`,
    });
  }
  const path = issue.path.join(".");
  const value = issue.path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown>)?.[key], given);
  return new AscentError("option", {
    what: `${algorithm}: option "${path}" has a wrong value`,
    got: typeof value === "number" ? String(value) : (JSON.stringify(value) ?? "nothing"),
    expected: issue.message
      .replace(/^(?:Invalid input|Too big|Too small): expected /, "")
      .replace(/, received .*$/, ""),
  });
}
