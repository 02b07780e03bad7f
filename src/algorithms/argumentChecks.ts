/** What every algorithm asks of what it is made from, beside its options: those have a schema. */

import { above, type Check, checkArguments, engine, having } from "../arguments/checks.ts";
import type { Engine } from "../tensor/engine.ts";

const environment: Check = {
  ...having("a batch of environments", "count", "observationSpace", "actionSpace", "observations", "reset", "step"),
  fix: "Give makeBatched(source, count).",
};
const totalSteps: Check = above(0);

/** @throws AscentError "option" for the first that is of another kind. */
export function checkMadeFrom(
  algorithm: string,
  given: { engine: Engine; environment: unknown; totalSteps: number },
): void {
  checkArguments(algorithm, { engine, environment, totalSteps }, given);
}

/** The same where there are recorded episodes in place of environments. */
export function checkMadeFromData(algorithm: string, given: { engine: Engine; totalSteps: number }): void {
  checkArguments(algorithm, { engine, totalSteps }, given);
}
