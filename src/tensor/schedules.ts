/** How a number (learning rate, clip range, entropy weight) changes over a run: data, so that it can be saved and printed. */

import { aNumber, checkArgument, optional } from "../arguments/checks.ts";
import { describeValue } from "../arguments/describeValue.ts";
import { AscentError } from "../errors.ts";

export type Schedule =
  /** The same throughout. */
  | number
  /** From `from` to `to` in proportion to progress; `to` defaults to 0. */
  | { kind: "linear"; from: number; to?: number }
  /** Half a cosine from `from` down to `to`. */
  | { kind: "cosine"; from: number; to?: number }
  /** `from` until the first milestone, then the value beside each milestone reached (progress in [0, 1]). */
  | { kind: "steps"; from: number; milestones: readonly (readonly [progress: number, value: number])[] };

/** A schedule as options take it: also in short, "linear:FROM" or "linear:FROM:TO". */
export type ScheduleInput =
  | Schedule
  | `${"linear" | "cosine"}:${number}`
  | `${"linear" | "cosine"}:${number}:${number}`;

/** cos(π x) for x in [0, 1], from a series: the same bits in every engine, error below 1e-14. */
function cosinePi(x: number): number {
  if (x > 0.5) return -cosinePi(1 - x);
  const angle = Math.PI * x;
  const z = angle * angle;
  let term = 1;
  let total = 1;
  for (let k = 1; k <= 9; k++) {
    term *= -z / ((2 * k - 1) * (2 * k));
    total += term;
  }
  return total;
}

/**
 * The schedule's value.
 *
 * @param progress the share of the run's environment steps already made, from 0 to 1. Nothing else: not updates, not epochs.
 */
export function scheduleValue(schedule: Schedule, progress: number): number {
  checkArgument("scheduleValue: progress", aNumber, progress);
  if (typeof schedule === "number") {
    checkArgument("scheduleValue: schedule", aNumber, schedule);
    return schedule;
  }
  if (typeof schedule === "object" && schedule !== null && "from" in schedule) {
    checkArgument("scheduleValue: from", aNumber, schedule.from);
    checkArgument("scheduleValue: to", optional(aNumber), "to" in schedule ? schedule.to : undefined);
  }
  const p = Math.min(Math.max(progress, 0), 1);
  switch (schedule?.kind) {
    case "linear":
      return schedule.from + ((schedule.to ?? 0) - schedule.from) * p;
    case "cosine": {
      const to = schedule.to ?? 0;
      return to + (schedule.from - to) * 0.5 * (1 + cosinePi(p));
    }
    case "steps": {
      let value = schedule.from;
      for (const [at, next] of schedule.milestones) if (p >= at) value = next;
      return value;
    }
    default:
      throw new AscentError("option", {
        what: "Unknown schedule",
        got: describeValue(schedule),
        expected: "a number or { kind: linear | cosine | steps, … }",
        fix: 'Give one of these forms, for example { kind: "linear", from: 1e-3, to: 0 }.',
      });
  }
}
