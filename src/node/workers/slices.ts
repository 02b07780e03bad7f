/** A batch cut into runs of environments, and its saved state with it: whole, it is that of a batch in one piece. */

import { checkSavedLength } from "../../envs/checks.ts";
import { AscentError } from "../../errors.ts";
import type { Slice } from "./messages.ts";

/** As even as can be; no slice is empty. */
export function slicesOf(count: number, workers: number): Slice[] {
  const parts = Math.min(count, workers);
  return Array.from({ length: parts }, (_, k) => {
    const first = Math.floor((k * count) / parts);
    return { first, count: Math.floor(((k + 1) * count) / parts) - first };
  });
}

/**
 * The state of the whole batch from those of its slices: their arrays one after the other, and what else there is once.
 *
 * @throws AscentError "environment" where they are not of that form.
 */
export function joinStates(id: string, states: readonly unknown[]): unknown {
  if (states.length === 1) return states[0];
  if (!states.every(isRecord)) refuseForm(id, "what is no object");
  const [head] = states;
  return Object.fromEntries(
    Object.keys(head).map((key) => {
      const values = states.map((state) => state[key]);
      if (values.every(Array.isArray)) return [key, values.flat(1)];
      const odd = values.some((value) => JSON.stringify(value) !== JSON.stringify(head[key]));
      if (odd) refuseForm(id, `${key}, which differs between environments`);
      return [key, head[key]];
    }),
  );
}

/**
 * The states of the slices from that of the whole batch.
 *
 * @param base the number of the first environment of all.
 * @throws AscentError "file" for that of another number of environments.
 */
export function cutState(id: string, state: unknown, slices: readonly Slice[], base: number, count: number): unknown[] {
  if (slices.length === 1 || !isRecord(state)) return slices.map(() => state);
  for (const [key, value] of Object.entries(state)) {
    if (!Array.isArray(value) || value.length % count === 0) continue;
    checkSavedLength({ id }, key, value.length, Math.max(1, Math.round(value.length / count)) * count);
  }
  return slices.map((slice) =>
    Object.fromEntries(
      Object.entries(state).map(([key, value]) => {
        if (!Array.isArray(value)) return [key, value];
        const width = value.length / count;
        const from = (slice.first - base) * width;
        return [key, value.slice(from, from + slice.count * width)];
      }),
    ),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function refuseForm(id: string, got: string): never {
  throw new AscentError("environment", {
    what: `The saved state of ${id} cannot be put together from those of its worker threads`,
    got,
    expected: "an object whose arrays hold as much of every environment, and which is the same for all otherwise",
    fix: "Let saveState of the batch give that, or train without worker threads.",
  });
}
