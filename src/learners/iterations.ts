/**
 * One iteration at a time, at one go or as work that stops now and then, and what a learner allows while it is in the midst
 * of one: to read its policy and its figures, but not to save or load what is half done.
 */

import { AscentError } from "../errors.ts";
import { finish, type Work } from "../pauses.ts";
import type { Metrics } from "./learner.ts";

export interface Iterations {
  iterate(): Metrics;
  iteration(): Work<Metrics>;
  /** @throws AscentError "state" within an iteration, or behind one that was given up. */
  requireSavable(): void;
  /** @throws AscentError "state" within an iteration. */
  requireLoadable(): void;
  /** What was given up is forgotten. */
  loaded(): void;
}

/** @param body one whole iteration. */
export function iterations(algorithm: string, body: () => Work<Metrics>): Iterations {
  let state: "between" | "within" | "given up" = "between";

  function require(call: string, allowed: boolean): void {
    if (allowed) return;
    throw new AscentError("state", {
      what: `${call}: the ${algorithm} learner is in the midst of an iteration`,
      got: state === "within" ? "one that is still going on" : "one that was given up",
      expected: "a call between iterations",
      fix:
        state === "within"
          ? "Run the iteration to its end first, or give it up with its return()."
          : "Load a saved state first: what the iteration left half done is no beginning for anything.",
    });
  }

  function* iteration(): Work<Metrics> {
    require("iterate", state === "between");
    state = "within";
    try {
      const metrics = yield* body();
      state = "between";
      return metrics;
    } catch (error) {
      state = "between";
      throw error;
    } finally {
      if (state === "within") state = "given up";
    }
  }

  return {
    iterate: () => finish(iteration()),
    iteration,
    requireSavable: () => require("save", state === "between"),
    requireLoadable: () => require("load", state !== "within"),
    loaded: () => {
      state = "between";
    },
  };
}
