/** Which line of the reader's text an error or a finding of the checker is about. */

/** The line of the worker's own module that a stack names first; undefined where it names none. */
export function lineInStack(stack: string | undefined): number | undefined {
  // Chromium and Safari write blob:…:12:5, Firefox the same behind an @.
  const found = /blob:[^\s)]*?:(\d+):\d+/.exec(stack ?? "");
  return found === null ? undefined : Number(found[1]);
}

/** The part of an environment that a rule of `checkEnvironment` is about. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  spaces: ["observationSpace", "actionSpace"],
  "action-bounds": ["actionSpace"],
  "image-layout": ["observationSpace"],
  "step-before-reset": ["step"],
  reset: ["reset"],
  step: ["step"],
  reward: ["reward", "step"],
  flags: ["terminated", "truncated", "step"],
  observation: ["observation", "step"],
  "finite-observation": ["observation", "step"],
  "shared-observation": ["observation", "step"],
  "float32-observation": ["observation", "step"],
  "same-seed": ["seed", "reset"],
  "different-seed": ["seed", "reset"],
  "saved-state": ["saveState", "loadState"],
  "action-mask": ["actionMask"],
  scene: ["scene"],
  "scene-changes": ["scene"],
};

/** The first line with a name that the rule is about; undefined where there is none. */
export function lineOfFinding(rule: string, message: string, source: string): number | undefined {
  const lines = source.split("\n");
  const parts = PARTS[rule] ?? [];
  // The message often says which of them it is.
  const named = parts.filter((part) => new RegExp(`\\b${part}\\b`).test(message));
  for (const part of [...named, ...parts]) {
    const at = lines.findIndex((line) => new RegExp(`\\b${part}\\b`).test(line));
    if (at >= 0) return at + 1;
  }
  return undefined;
}

export function within(line: number, source: string): number {
  return Math.min(Math.max(line, 1), source.split("\n").length);
}
