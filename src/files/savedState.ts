/** Checks of a saved state before anything of it is taken over: its form, its lengths, whose it is. */

import { z } from "zod";
import { describeValue } from "../arguments/describeValue.ts";
import { AscentError } from "../errors.ts";
import { copyExact } from "./exactJson.ts";
import type { TypedArray } from "./safetensors.ts";

const fix = "Resume with the algorithm, environment and options that the run was started with.";

/** @throws AscentError "file" unless saved numbers are as many as the learner has. */
export function requireFit(name: string, saved: number | undefined, own: number): void {
  if (saved === own) return;
  refuse(name, saved === undefined ? "nothing" : `${saved} numbers`, `${own}`);
}

function refuse(name: string, got: string, expected: string): never {
  throw new AscentError("file", {
    what: `The saved state does not fit this learner: "${name}"`,
    got,
    expected,
    fix,
  });
}

const snapshotForm = z.object({
  arrays: z.record(z.string(), z.object({ data: z.custom<TypedArray>(ArrayBuffer.isView, "not a typed array") })),
  state: z.record(z.string(), z.unknown()),
});

/**
 * A snapshot's arrays by name, and a copy of its state that shares nothing with it.
 *
 * @throws AscentError "file" when it has another form than any learner's.
 */
export function partsOfSnapshot(snapshot: unknown): {
  arrays: Record<string, TypedArray>;
  state: Record<string, unknown>;
} {
  const { arrays, state } = requireForm(snapshotForm, snapshot);
  const data = Object.entries(arrays).map(([name, array]) => [name, array.data]);
  return { arrays: Object.fromEntries(data), state: copyExact(state) as Record<string, unknown> };
}

/** @throws AscentError "file" unless the saved arrays are there, of these lengths, and finite. */
export function requireArrays(
  arrays: Readonly<Record<string, TypedArray | undefined>>,
  targets: Readonly<Record<string, Float32Array>>,
): void {
  for (const [name, target] of Object.entries(targets)) {
    const data = arrays[name];
    requireFit(name, data?.length, target.length);
    if (!(data instanceof Float32Array)) refuse(name, Object.prototype.toString.call(data), "a Float32Array");
    const odd = data.findIndex((x) => !Number.isFinite(x));
    if (odd >= 0) refuse(name, `${data[odd]} at ${odd}`, "finite numbers");
  }
}

/** @throws AscentError "file" unless `saved`, a name, is the learner's own. */
export function requireSame(what: "algorithm" | "environment", saved: unknown, own: string): void {
  if (saved === own) return;
  throw new AscentError("file", {
    what: `The saved state is of another ${what}`,
    got: saved === undefined ? "none" : describeValue(saved),
    expected: `"${own}"`,
    fix,
  });
}

/** The saved state in this form. @throws AscentError "file", naming what does not fit. */
export function requireForm<Form extends z.ZodType>(form: Form, saved: unknown): z.output<Form> {
  const parsed = form.safeParse(saved);
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues;
  const reason = message.replace(/^Invalid input: /, "");
  throw new AscentError("file", {
    what: `The saved state does not fit this learner: "${path.join(".")}" (${reason})`,
    fix,
  });
}

/** The whole numbers from 0 to length − 1, each once, in any order. @param what they number, for the error. */
export const orderOf = (length: number, what: string) =>
  z
    .array(z.int().min(0))
    .refine((list) => list.length === length && new Set(list).size === length && list.every((k) => k < length), {
      error: `not each of ${length} ${what} once`,
    });

/** Any number, also NaN and the infinities. */
export const anyNumber = z.custom<number>((value) => typeof value === "number", "not a number");

/** A list of exactly so many finite numbers. */
export const numbers = (length: number) => z.array(z.number()).length(length, `not ${length} numbers`);
