/** A learner goes on only from a state of the model that it has: of the same description, whatever its numbers. */

import { AscentError } from "../../errors.ts";

/** @throws AscentError "file" unless a saved state is of this model. */
export function requireSameModel(algorithm: string, saved: unknown, own: unknown): void {
  if (JSON.stringify(saved) === JSON.stringify(own)) return;
  throw new AscentError("file", {
    what: `${algorithm}: the saved state is of another model`,
    got: JSON.stringify(saved)?.slice(0, 120) ?? "none",
    expected: JSON.stringify(own).slice(0, 120),
    fix: "Resume with the model that the run was started with.",
  });
}
