/** The checks and refusals every batched environment shares, so that their errors read alike. */
import { z } from "zod";
import { AscentError } from "../errors.ts";
import { describe, type Space } from "./spaces.ts";

/** Throws AscentError "option" unless count is an integer ≥ 1. */
export function checkCount(id: string, count: number): void {
  if (!Number.isInteger(count) || count < 1) {
    throw new AscentError("option", {
      what: `${id} cannot run this many environments`,
      got: String(count),
      expected: "an integer ≥ 1",
    });
  }
}

export function checkActionsLength(id: string, actions: Float32Array, length: number): void {
  if (actions.length !== length) {
    throw new AscentError("shape", {
      what: `The actions for ${id} have the wrong length`,
      got: String(actions.length),
      expected: `${length} (environments × action columns)`,
    });
  }
}

export function refuseBeforeReset(id: string, call: string): never {
  throw new AscentError("state", { what: `${id}: ${call} was called before reset`, fix: "Call reset first." });
}

export function refuseAction(
  environment: { id: string; actionSpace: Space },
  index: number,
  step: number,
  reason: string,
): never {
  throw new AscentError("space", {
    what: `${environment.id}: environment ${index} cannot take the action at step ${step} of its episode`,
    got: reason,
    expected: `an action of ${describe(environment.actionSpace)}`,
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
  throw new AscentError("file", {
    what: `This is not a saved state of ${environment.id}`,
    got: parsed.success ? `one of ${parsed.data.id}` : z.prettifyError(parsed.error).replaceAll("\n", " "),
    expected: "what saveState gave",
  });
}
