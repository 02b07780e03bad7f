/** The checks and refusals every batched environment shares, so that their errors read alike. */
import type { z } from "zod";
import { type Check, checkArgument, wholeNumber } from "../arguments/checks.ts";
import { AscentError } from "../errors.ts";
import { firstIssue } from "./firstIssue.ts";
import { describe, type Space } from "./spaces.ts";

/** Throws AscentError "option" unless count is an integer ≥ 1. */
export function checkCount(id: string, count: number): void {
  checkArgument(`${id} cannot run this many environments`, environmentCount, count);
}

/** Throws AscentError "option" unless index is that of one of the environments. */
export function checkIndex({ id, count }: { id: string; count: number }, index: number): void {
  checkArgument(`${id}: the number of an environment`, wholeNumber(0, count - 1), index);
}

/** Throws AscentError "option" unless this can be the number of a batch's first environment. */
export function checkFirstIndex(id: string, firstIndex: number): void {
  checkArgument(`${id}: the number of the first environment`, wholeNumber(0), firstIndex);
}

const environmentCount: Check = {
  ...wholeNumber(1),
  fix: "Give the number of environments that are to be stepped together.",
};

export function checkActionsLength(id: string, actions: Float32Array, length: number): void {
  if (actions.length !== length) {
    throw new AscentError("shape", {
      what: `The actions for ${id} have the wrong length`,
      got: String(actions.length),
      expected: `${length} (environments × action columns)`,
      fix: "Give one row of action columns for each environment, in a single Float32Array.",
    });
  }
}

export function refuseBeforeReset(id: string, call: string): never {
  throw new AscentError("state", { what: `${id}: ${call} was called before reset`, fix: "Call reset first." });
}

export function refuseAction(
  environment: { id: string; actionSpace: Space; firstIndex?: number },
  index: number,
  step: number,
  reason: string,
): never {
  throw new AscentError("space", {
    what: `${environment.id}: environment ${(environment.firstIndex ?? 0) + index} cannot take the action at step ${step} of its episode`,
    got: reason,
    expected: `an action of ${describe(environment.actionSpace)}`,
    fix: "Give only finite actions that the space has and the mask allows; clipAction brings Box actions within bounds.",
  });
}

/** The saved state in the given form, for the environment with this id. Throws AscentError "file". */
export function parseSaved<Form extends z.ZodType<{ id: string }>>(
  environment: { id: string },
  form: Form,
  saved: unknown,
): z.infer<Form> {
  const parsed = form.safeParse(saved);
  if (parsed.success && parsed.data.id === environment.id) return parsed.data;
  refuseSaved(environment.id, parsed.success ? `one of ${parsed.data.id}` : parsed.error);
}

/** Throws AscentError "file": what was given is no saved state of `id`, for this reason. */
export function refuseSaved(id: string, reason: string | z.ZodError): never {
  throw new AscentError("file", {
    what: `This is not a saved state of ${id}`,
    got: typeof reason === "string" ? reason : firstIssue(reason),
    expected: "what saveState gave",
    fix: `Load a state that was saved by ${id}, unchanged.`,
  });
}

/** Throws AscentError "file" unless a saved state holds `expected` of `what`: it may be of another number of environments. */
export function checkSavedLength(environment: { id: string }, what: string, got: number, expected: number): void {
  if (got === expected) return;
  throw new AscentError("file", {
    what: `The saved state of ${environment.id} has the wrong length`,
    got: `${got} ${what}`,
    expected: String(expected),
    fix: "Load it into as many environments as it was saved from.",
  });
}
