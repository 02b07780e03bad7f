/** Checks of a saved state before anything of it is taken over: its form, its lengths, whose it is. */

import { z } from "zod";
import { describeValue } from "../arguments/describeValue.ts";
import { AscentError } from "../errors.ts";

const fix = "Resume with the algorithm, environment and options that the run was started with.";

/** @throws AscentError "file" unless saved numbers are as many as the learner has. */
export function requireFit(name: string, saved: number | undefined, own: number): void {
  if (saved === own) return;
  throw new AscentError("file", {
    what: `The saved state does not fit this learner: "${name}"`,
    got: saved === undefined ? "nothing" : `${saved} numbers`,
    expected: `${own}`,
    fix,
  });
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

/** A list of exactly so many finite numbers. */
export const numbers = (length: number) => z.array(z.number()).length(length, `not ${length} numbers`);
