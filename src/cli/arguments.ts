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

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    const parts = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
    return parts.length > 1 && parts.every(Number.isFinite) ? parts : text;
  }
}
