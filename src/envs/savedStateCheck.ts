/**
 * The part of the checker that is about saved states: whether a checkpoint can hold them, whether they say everything, and
 * whether they stay as they were saved.
 */
import { parseExact, stringifyExact } from "../files/exactJson.ts";
import { deriveSeed, RandomStream } from "../random/stream.ts";
import { streams } from "../random/streams.ts";
import type { Environment, EnvironmentFactory } from "./environment.ts";

/** How a check runs its environments. */
export interface Trial {
  seed: number;
  /** Stream of the seeds of further episodes. */
  restarts: number;
  steps: number;
  /** A random action that is allowed now. */
  act(environment: Environment, random: RandomStream): unknown;
}

/** Takes one broken rule. */
export type Report = (rule: string, message: string, level?: "error" | "warning") => void;

/** Reports what is wrong with saveState and loadState; nothing for environments without them. */
export function checkSavedState(
  factory: EnvironmentFactory,
  { seed, restarts, steps, act }: Trial,
  report: Report,
): void {
  const original = factory();
  if ((original.saveState === undefined) !== (original.loadState === undefined)) {
    report("saved-state", "got only one of saveState and loadState, expected both or neither.");
    return;
  }
  if (original.saveState === undefined || original.loadState === undefined) return;
  checkBeforeReset(factory, report);
  const random = new RandomStream(seed, streams.checker, 2);
  original.reset({ seed });
  for (let t = 0; t < Math.min(5, steps); t++) {
    const { terminated, truncated } = original.step(act(original, random));
    if (terminated || truncated) original.reset({ seed: deriveSeed(seed, streams.checker, restarts, t) });
  }
  const live = original.saveState();
  const saved = exactText(live);
  if (saved instanceof Error) {
    report("saved-state", `got a state that no checkpoint can hold, expected plain data. ${saved.message}`);
    return;
  }
  const copy = factory();
  const given = parseExact(saved);
  copy.loadState?.(given);
  for (let t = 0; t < steps; t++) {
    const counter = random.counter;
    const expected = original.step(act(original, random));
    random.counter = counter;
    const got = copy.step(act(copy, random));
    if (toText(got) !== toText(expected)) {
      report(
        "saved-state",
        `got ${toText(got)} at step ${t} after saveState and loadState, expected ${toText(expected)}. ` +
          "Save everything that later steps depend on, the random generator included.",
      );
      return;
    }
    if (expected.terminated || expected.truncated) break;
  }
  if (exactText(live) === saved && exactText(given) === saved) return;
  report(
    "shared-state",
    "got a saved state that changes as the environment goes on, expected one that stays as it was. Return a copy from " +
      "saveState(), and let loadState() copy what it is given, as structuredClone does.",
    "warning",
  );
}

/** A state that nothing can be done with is better refused where it is asked for. */
function checkBeforeReset(factory: EnvironmentFactory, report: Report): void {
  let state: unknown;
  try {
    state = factory().saveState?.();
  } catch {
    return;
  }
  const text = exactText(state);
  if (text instanceof Error) return;
  try {
    factory().loadState?.(parseExact(text));
  } catch (error) {
    report(
      "state-before-reset",
      `got a state from saveState() before any reset() that cannot be loaded (${messageOf(error)}), expected an error from ` +
        "saveState(). Throw one, or make the state loadable.",
      "warning",
    );
  }
}

/** The text that a checkpoint would hold, or why there is none. */
function exactText(state: unknown): string | Error {
  try {
    return stringifyExact(state);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Text that is equal exactly when values are: typed arrays as lists. */
export function toText(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    ArrayBuffer.isView(part) ? Array.from(part as unknown as ArrayLike<number>) : part,
  );
}
