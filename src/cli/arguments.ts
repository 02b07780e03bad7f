/** Parsers of option values: numbers, and settings as key=value. */
import { InvalidArgumentError } from "commander";

/** "100000", "1e5" and "100_000" are all a hundred thousand. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    // Digits in front and behind: "_" alone is no zero.
    const value = text.trim() === "" ? Number.NaN : Number(text.replace(/(?<=\d)_(?=\d)/g, ""));
    if (Number.isSafeInteger(value) && value >= least) return value;
    throw new InvalidArgumentError(`It must be a whole number of ${least} or more.`);
  };
}

export function nonNegative(text: string): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (value >= 0) return value;
  throw new InvalidArgumentError("It must be a number of 0 or more.");
}

export function finite(text: string): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (Number.isFinite(value)) return value;
  throw new InvalidArgumentError("It must be a number.");
}

/** Of an option that may be given again and again. */
export function collected(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}

export type Settings = Record<string, unknown>;

/**
 * Adds a setting "key=value" to those before it. Values are JSON where they can be (numbers, true, false, [64,64]); numbers
 * joined by commas are a list, because shells take brackets for patterns; all else is text. null goes back to the algorithm's
 * own default.
 */
export function addSetting(text: string, previous: Settings = {}): Settings {
  const at = text.indexOf("=");
  if (at <= 0) throw new InvalidArgumentError("It must be key=value, such as learningRate=3e-4.");
  return { ...previous, [text.slice(0, at).trim()]: parseValue(text.slice(at + 1).trim()) };
}

/** Settings that change at a step. */
export interface ChangeFlag {
  atStep: number;
  options: Settings;
}

/**
 * Adds a change "STEP:key=value,key=value" to those before it; what is said of the same step again is added to it. Values are as
 * those of `addSetting`, null for the algorithm's own default.
 */
export function addChange(text: string, previous: readonly ChangeFlag[] = []): readonly ChangeFlag[] {
  const at = text.indexOf(":");
  if (at <= 0) throw new InvalidArgumentError("It must be STEP:key=value, such as 20000:learningRate=1e-4.");
  const atStep = wholeNumber(0)(text.slice(0, at));
  // A comma within a value is one of a list of numbers, or of JSON: behind it comes no name.
  const settings = text.slice(at + 1).split(/,(?=\s*[A-Za-z]\w*\s*=)/);
  const given = settings.reduce<Settings>((all, setting) => addSetting(setting, all), {});
  const options = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, value ?? null]));
  const last = previous.at(-1);
  if (last?.atStep !== atStep) return [...previous, { atStep, options }];
  return [...previous.slice(0, -1), { atStep, options: { ...last.options, ...options } }];
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    const parts = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
    return parts.length > 1 && parts.every(Number.isFinite) ? parts : text;
  }
}
