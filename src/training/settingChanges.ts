/**
 * Settings that change at a step of a run: which may, what a list of changes must be, and the complete settings behind each of
 * them. What a learner does with them is changingLearner.ts.
 */

import type { Algorithm } from "../algorithms/algorithm.ts";
import type { AnyOptions } from "../algorithms/byName.ts";
import { fixedSettings } from "../algorithms/commonOptions.ts";
import { checkArgument, checkOptions, named, type OptionChecks, wholeNumber } from "../arguments/checks.ts";
import { describeValue } from "../arguments/describeValue.ts";
import { AscentError } from "../errors.ts";
import { parseOptions } from "../options/parse.ts";

/** Settings of an algorithm that hold from a step on. */
export interface SettingChange<Options = AnyOptions> {
  /** They hold from the first iteration that begins at this step or behind it. */
  atStep: number;
  /** What changes; null goes back to the algorithm's own default. */
  options: { readonly [Key in keyof Options]?: Options[Key] | null };
}

/** Some of an algorithm's options; null for its own default. */
export type ChangedOptions = SettingChange["options"];

const changeChecks: OptionChecks<SettingChange> = {
  atStep: { ...wholeNumber(), fix: "Give the steps made in all before it." },
  options: {
    ...named("an object of settings"),
    fix: "Write them by name: { atStep: 20000, options: { learningRate: 1e-4 } }.",
  },
};

/**
 * A list of changes as it may be used.
 *
 * @param options complete, of the run's beginning.
 * @throws AscentError "option" for steps that do not grow, for an unknown setting or a wrong value, and for a setting that cannot
 *   change.
 */
export function checkChanges(
  algorithm: Algorithm,
  options: Readonly<Record<string, unknown>>,
  changes: unknown,
): asserts changes is readonly SettingChange[] {
  checkArgument(
    `${algorithm.name}: changes`,
    {
      expected: "a list of changes",
      fits: Array.isArray,
      fix: "Write a list: changes: [{ atStep: 20000, options: { learningRate: 1e-4 } }].",
    },
    changes,
  );
  let now = options;
  let before = -1;
  for (const change of changes as readonly SettingChange[]) {
    checkOptions(`${algorithm.name}: changes`, changeChecks, change, { options: Object.keys(algorithm.options.shape) });
    if (change.atStep <= before) {
      throw new AscentError("option", {
        what: `${algorithm.name}: the steps of changes must grow`,
        got: `a change at step ${change.atStep} behind one at ${before}`,
        expected: `more than ${before}`,
        fix: "Put them in order, and what changes at the same step into one.",
      });
    }
    before = change.atStep;
    now = settingsBehind(algorithm, now, change);
  }
}

/**
 * Complete settings behind a change.
 *
 * @param before complete, those before it.
 * @throws AscentError "option" as `checkChanges`.
 */
export function settingsBehind(
  algorithm: Algorithm,
  before: Readonly<Record<string, unknown>>,
  { atStep, options }: SettingChange,
): Record<string, unknown> {
  const given = Object.fromEntries(Object.entries(options).map(([name, value]) => [name, value ?? undefined]));
  const behind = parseOptions(algorithm.name, algorithm.options, { ...before, ...given });
  for (const name of Object.keys(given)) {
    if (!fixedSettings.includes(name) || sameSetting(before[name], behind[name])) continue;
    const free = Object.keys(algorithm.options.shape).filter((one) => !fixedSettings.includes(one));
    throw new AscentError("option", {
      what: `${algorithm.name}: ${name} cannot change in the midst of a run`,
      got: `${describeValue(behind[name])} from step ${atStep} on`,
      expected: `${describeValue(before[name])}, or a change of ${free.join(", ")}`,
      fix: "Start another run with it: what a learner remembers is of the form that this setting gives it.",
    });
  }
  return behind;
}

/** Whether two complete settings are the same in all that a run depends on. */
export function sameSettings(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): boolean {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((name) => sameSetting(a[name], b[name]));
}

function sameSetting(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
