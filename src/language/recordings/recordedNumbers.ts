/** Numbers as recordings write them, and what they are compared by. */

import { z } from "zod";
import { AscentError } from "../../errors.ts";
import { hasMembers, notARecording, type RecordingPlace } from "./recordingKind.ts";

const NAMED = { nan: Number.NaN, inf: Number.POSITIVE_INFINITY, "-inf": Number.NEGATIVE_INFINITY } as const;

export const recordedNumber = z
  .union([z.number(), z.enum(["nan", "inf", "-inf"])])
  .transform((x) => (typeof x === "number" ? x : NAMED[x]));
export const vector = z.array(recordedNumber);
export const matrix = z.array(vector);
export const wholes = z.array(z.array(z.int()));
export const figures = z.record(z.string(), recordedNumber);

/** The largest of the absolute values that are finite, as a scale of errors; 1e-6 of nothing but zeros. */
export function scaleOf(recorded: ArrayLike<number>): number {
  let largest = 1e-6;
  for (let i = 0; i < recorded.length; i++) {
    if (Number.isFinite(recorded[i])) largest = Math.max(largest, Math.abs(recorded[i]));
  }
  return largest;
}

/** Whether it has cases, by name or as a list, whose first has all these members. */
export function casesHave(content: unknown, ...members: readonly string[]): boolean {
  if (!hasMembers(content, "cases")) return false;
  const { cases } = content as { cases: unknown };
  return typeof cases === "object" && cases !== null && hasMembers(Object.values(cases)[0], ...members);
}

/** A recording in its form. @throws AscentError "file" naming what does not fit. */
export function recordingOf<Form extends z.ZodType>(form: Form, content: unknown, file: string): z.output<Form> {
  const parsed = form.safeParse(content);
  if (parsed.success) return parsed.data;
  throw notARecording(file, parsed.error.issues[0]);
}

/** Another recording beside one. @throws AscentError "file" where there is none, or it has another form. */
export function recordingBeside<Form extends z.ZodType>(
  form: Form,
  place: RecordingPlace,
  path: string,
): z.output<Form> {
  const bytes = place.read(path);
  if (bytes === undefined) throw missingBeside(place, path);
  let content: unknown;
  try {
    content = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw notARecording(path, { path: [], message: cause instanceof Error ? cause.message : String(cause) });
  }
  return recordingOf(form, content, path);
}

function missingBeside(place: RecordingPlace, path: string): AscentError {
  return new AscentError("file", {
    what: `${place.file} needs another recording beside it`,
    got: `no ${path} in its folder`,
    expected: path,
    fix: "Copy the whole folder of recordings.",
  });
}
