/** Lists of changes of settings while runs go on. Pure. */
import type { JsonValue } from "ascent-rl";
import type { Change } from "../link/benchSettings.ts";

/** The list without one of its settings. */
export function withoutChange(changes: readonly Change[], atStep: number, option: string): readonly Change[] {
  return changes.flatMap((change) => {
    if (change.atStep !== atStep) return [change];
    const { [option]: _, ...rest } = change.options;
    return Object.keys(rest).length === 0 ? [] : [{ atStep, options: rest }];
  });
}

/** The value that holds at a step: the last change's at or before it. @returns undefined where none says */
export function changedValue(changes: readonly Change[], steps: number, option: string): JsonValue | undefined {
  return changes.findLast(({ atStep, options }) => atStep <= steps && Object.hasOwn(options, option))?.options[option];
}
