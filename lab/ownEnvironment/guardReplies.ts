/**
 * What comes from a run's worker that also holds a text of the reader's: read as something that may be wrong. The text has no way
 * to send (lockdown.ts); this is for the day when it finds one.
 */
import type { RunReply } from "../runs/protocol.ts";
import { isDrawable } from "./checkProtocol.ts";

/** Messages in a second that no run comes near: frames are 60, iterations are gathered. */
const MOST_A_SECOND = 600;

const FORMS: Readonly<Record<RunReply["kind"], (reply: Record<string, unknown>) => boolean>> = {
  started: ({ version, facts }) => isNumber(version) && isRecord(facts) && isNumber(facts["total"]),
  columns: ({ names }) => Array.isArray(names) && names.length < 500 && names.every(isText),
  iterations: ({ rows, values }) => Number.isSafeInteger(rows) && values instanceof Float64Array,
  paused: ({ steps }) => isNumber(steps),
  changed: ({ id, changes }) => isNumber(id) && Array.isArray(changes),
  bytes: ({ id, bytes }) => isNumber(id) && bytes instanceof Uint8Array,
  refused: ({ id, message }) => isNumber(id) && isText(message),
  kept: ({ steps, bytes }) => isNumber(steps) && bytes instanceof Uint8Array,
  scene: ({ scene }) => isDrawable(scene),
  samples: ({ steps, samples }) => isNumber(steps) && Array.isArray(samples),
  warning: ({ warning }) => isRecord(warning) && isText(warning["what"]) && isText(warning["fix"]),
  finished: ({ hash, policy, snapshot }) =>
    isText(hash) && policy instanceof Uint8Array && snapshot instanceof Uint8Array,
  failed: ({ message }) => isText(message),
  alive: () => true,
};

/** A guard for one worker. @returns why it has to be ended, or undefined for a message that is one. */
export function replyGuard(now: () => number = () => performance.now()): (data: unknown) => string | undefined {
  let since = Number.NEGATIVE_INFINITY;
  let count = 0;
  return (data) => {
    if (now() - since > 1000) {
      since = now();
      count = 0;
    }
    if (++count > MOST_A_SECOND) return `more than ${MOST_A_SECOND} messages in a second`;
    if (!isRecord(data) || !isText(data["kind"]) || !Object.hasOwn(FORMS, data["kind"]))
      return "a message of no known kind";
    return FORMS[data["kind"] as RunReply["kind"]](data) ? undefined : `a message "${data["kind"]}" of another form`;
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.length < 20_000;
}

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}
