/**
 * A learner whose settings change at steps of its run. Between two iterations it saves its state, is made anew with the settings
 * that hold from now on, in the same environments, and loads the state again: what an exact resume does. So every setting
 * takes part, schedules too, and one that changes to what it was changes no bit. An engine gives no memory back: a change takes as
 * much of it again as the learner, 1 to 5 MB of the usual ones.
 */

import type { Algorithm } from "../algorithms/algorithm.ts";
import { checkArgument, wholeNumber } from "../arguments/checks.ts";
import { AscentError } from "../errors.ts";
import type { JsonValue } from "../files/exactJson.ts";
import { partsOfSnapshot } from "../files/savedState.ts";
import { iterations } from "../learners/iterations.ts";
import type { LearnerSnapshot, Metrics, PolicyLearner } from "../learners/learner.ts";
import { finish, type Work } from "../pauses.ts";
import { type ChangedOptions, type SettingChange, sameSettings, settingsBehind } from "./settingChanges.ts";

export interface ChangingParts {
  readonly algorithm: Algorithm;
  /** Made with `options`. */
  readonly learner: PolicyLearner;
  /** Complete, of the run's beginning. */
  readonly options: Readonly<Record<string, unknown>>;
  /** As `checkChanges` lets them through. */
  readonly changes: readonly SettingChange[];
  /** A learner with other settings in the same environments, or on the same data. */
  making(options: Readonly<Record<string, unknown>>): Work<PolicyLearner>;
}

export interface ChangingLearner {
  readonly learner: PolicyLearner;
  /** Complete, those that hold now. */
  options(): Record<string, unknown>;
  /** Those given and those made by `change`, in order. */
  changes(): readonly SettingChange[];
  /**
   * From the next iteration on, or from a step that is still to come: the first iteration that begins there or behind it.
   *
   * @returns the change, with which `changes` of another run repeats it.
   * @throws AscentError "option" as `checkChanges`, and for a step that has been made; nothing has changed then.
   */
  change(options: ChangedOptions, atStep?: number): SettingChange;
}

/** Name in a saved state: how many changes it has behind it. */
const MADE = "settingChanges";

export function changingLearner(parts: ChangingParts): ChangingLearner {
  const { algorithm, making } = parts;
  let changes = [...parts.changes];
  let inner = parts.learner;
  let made = 0;
  let current: Record<string, unknown> = { ...parts.options };

  /** Behind so many changes. */
  function settingsAfter(count: number): Record<string, unknown> {
    return changes.slice(0, count).reduce((before, change) => settingsBehind(algorithm, before, change), {
      ...parts.options,
    } as Record<string, unknown>);
  }

  function dueChanges(): number {
    let count = made;
    while (count < changes.length && changes[count].atStep <= inner.steps) count++;
    return count;
  }

  /** Makes the learner behind so many changes, with this state; when that fails all is as before. */
  function* remaking(count: number, snapshot: LearnerSnapshot, before: LearnerSnapshot | undefined): Work<void> {
    const settings = settingsAfter(count);
    if (!sameSettings(settings, current)) {
      try {
        const next = yield* making(settings);
        next.load(snapshot);
        inner = next;
      } catch (error) {
        // Making a learner resets the environments, which both share.
        if (before !== undefined) inner.load(before);
        throw error;
      }
    } else if (snapshot !== before) {
      inner.load(snapshot);
    }
    current = settings;
    made = count;
  }

  const own = iterations(algorithm.name, function* () {
    const count = dueChanges();
    if (count > made) {
      const snapshot = inner.save();
      yield* remaking(count, snapshot, snapshot);
    }
    return yield* inner.iteration();
  });

  /** What stands to be put back; nothing where an iteration was given up. */
  function stateNow(): LearnerSnapshot | undefined {
    try {
      own.requireSavable();
    } catch {
      return undefined;
    }
    return inner.save();
  }

  const learner: PolicyLearner = {
    get algorithm() {
      return inner.algorithm;
    },
    get steps() {
      return inner.steps;
    },
    get finished() {
      return inner.finished ?? false;
    },
    get stepsPerIteration() {
      return inner.stepsPerIteration;
    },
    get times() {
      return inner.times;
    },
    get exactResume() {
      return inner.exactResume;
    },
    iterate: own.iterate as () => Metrics,
    iteration: own.iteration,
    save() {
      own.requireSavable();
      const { arrays, state } = inner.save();
      return made === 0
        ? { arrays, state }
        : { arrays, state: { ...(state as Record<string, JsonValue>), [MADE]: made } };
    },
    load(snapshot) {
      own.requireLoadable();
      const count = changesBehind(snapshot, changes.length);
      if (count === made) inner.load(snapshot);
      else finish(remaking(count, snapshot, stateNow()));
      own.loaded();
    },
    close: () => inner.close?.(),
    startFrom(initial, choice) {
      own.requireSavable();
      return inner.startFrom(initial, choice);
    },
    policy: () => inner.policy(),
  };

  return {
    learner,
    options: () => current,
    changes: () => changes.map(({ atStep, options }) => ({ atStep, options: { ...options } })),
    change(options, atStep = inner.steps) {
      requireToCome(algorithm, atStep, inner.steps);
      const earlier = changes.filter((change) => change.atStep < atStep);
      const same = changes.find((change) => change.atStep === atStep);
      const later = changes.filter((change) => change.atStep > atStep);
      const change = { atStep, options: { ...same?.options, ...options } };
      const next = [...earlier, change, ...later];
      next.reduce((before, one) => settingsBehind(algorithm, before, one), {
        ...parts.options,
      } as Record<string, unknown>);
      changes = next;
      return change;
    },
  };
}

function requireToCome({ name }: Algorithm, atStep: number, steps: number): void {
  checkArgument(`${name}: change: atStep`, wholeNumber(0), atStep);
  if (atStep >= steps) return;
  throw new AscentError("option", {
    what: `${name}: settings cannot change at a step that has been made`,
    got: `step ${atStep} of a run that is at ${steps}`,
    expected: `${steps} or more`,
    fix: "Leave the step out: the change then holds from the next iteration on.",
  });
}

/** How many changes a state has behind it. @throws AscentError "file" when the run has fewer. */
function changesBehind(snapshot: LearnerSnapshot, known: number): number {
  const saved = partsOfSnapshot(snapshot).state[MADE];
  if (saved === undefined) return 0;
  if (typeof saved === "number" && Number.isInteger(saved) && saved >= 0 && saved <= known) return saved;
  throw new AscentError("file", {
    what: "The saved state is of a run whose settings changed",
    got: `${JSON.stringify(saved)} changes behind it`,
    expected: `at most ${known}, those of this run`,
    fix: "Give the changes of that run as `changes` (on the command line: --change), those that came before the state at least.",
  });
}
