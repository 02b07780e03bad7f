/** Options against the schema that describes them: complete ones, or an error that helps. Knows no algorithm. */

import type { z } from "zod";
import { checkArgument, named } from "../arguments/checks.ts";
import { describeValue } from "../arguments/describeValue.ts";
import { AscentError } from "../errors.ts";
import { didYouMean } from "../nearest.ts";
import { settingExpected } from "./settingType.ts";

/** The schemas' own library does not get over one. */
const settled = {
  expected: "what the Promise will give",
  fits: (value: unknown) => !(value instanceof Promise),
  optional: true,
  fix: "Write await before it.",
};
const settings = { ...named("an object of settings"), fix: "Write them by name: { learningRate: 1e-3 }." };

/**
 * Options as the algorithm's own schema completes them.
 *
 * @throws AscentError "option" naming the key, what was got, what was expected, and the nearest known key.
 */
export function parseOptions<Schema extends z.ZodObject>(
  algorithm: string,
  schema: Schema,
  given: Readonly<Record<string, unknown>>,
): z.output<Schema> {
  checkArgument(`${algorithm}: options`, settings, given);
  for (const [key, value] of Object.entries(given)) checkArgument(`${algorithm}: ${key}`, settled, value);
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw optionError(algorithm, schema, parsed.error.issues[0], given);
}

/** Problems whose cause the setting's type tells better than the checker's own words. */
const TYPE_PROBLEMS: readonly string[] = ["invalid_type", "invalid_value", "too_small", "too_big", "not_multiple_of"];

function optionError(
  name: string,
  { shape }: z.ZodObject,
  issue: z.core.$ZodIssue,
  given: Readonly<Record<string, unknown>>,
): AscentError {
  const help = `\`ascent train ${name} --help\` lists every setting with its range.`;
  const [key] = issue.code === "unrecognized_keys" && issue.path.length === 0 ? issue.keys : issue.path.map(String);
  const field = shape[key];
  if (field === undefined) {
    return new AscentError("option", {
      what: `${name} has no option "${key}"`,
      fix: `${didYouMean(key, Object.keys(shape))}All options: ${Object.keys(shape).join(", ")}. ${help}`,
    });
  }
  const value = given[key];
  return new AscentError("option", {
    what: `${name}: option "${key}" has a wrong value`,
    got: describeValue(value),
    expected: TYPE_PROBLEMS.includes(issue.code) ? settingExpected(field) : issue.message,
    fix: help,
  });
}
