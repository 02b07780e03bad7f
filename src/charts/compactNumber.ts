/** Numbers as short labels, for charts and progress lines. Not for files: it rounds. */

import { type Check, checkArguments, wholeNumber } from "../arguments/checks.ts";

const numberOfAnyKind: Check = { expected: "a number", fits: (value) => typeof value === "number" };
const digitsCheck = wholeNumber(1, 15);

/** 1234567 -> "1.23M", 0.000123 -> "1.23e-4": short labels with `digits` significant digits. */
export function compactNumber(value: number, digits = 3): string {
  checkArguments("compactNumber", { value: numberOfAnyKind, digits: digitsCheck }, { value, digits });
  const magnitude = Math.abs(value);
  if (magnitude === 0) return "0";
  if (magnitude < 1e-3 || magnitude >= 1e15) return value.toExponential(digits - 1).replace(/\.?0*e/, "e");
  // Rounding first lets 999,999 become 1M, not 1000k.
  const rounded = Number(value.toPrecision(digits));
  for (const [unit, suffix] of [
    [1e12, "T"],
    [1e9, "G"],
    [1e6, "M"],
    [1e3, "k"],
  ] as const) {
    if (Math.abs(rounded) >= unit) return `${Number((rounded / unit).toPrecision(digits))}${suffix}`;
  }
  return String(rounded);
}

/** Labels of an axis' ticks: as few digits as tell them apart, with a true minus sign. */
export function tickLabels(ticks: readonly number[]): string[] {
  for (let digits = 3; ; digits++) {
    const labels = ticks.map((tick) => typographic(compactNumber(tick, digits)));
    if (digits === 12 || new Set(labels).size === new Set(ticks).size) return labels;
  }
}

/** A minus sign in place of the hyphen: "-1e-3" -> "−1e−3". */
export function typographic(number: string): string {
  return number.replaceAll("-", "−");
}
