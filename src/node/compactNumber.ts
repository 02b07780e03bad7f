/** Numbers as short labels, for charts and progress lines. Not for files: it rounds. */

/** 1234567 -> "1.23M", 0.00123 -> "1.23e-3": short labels with three significant digits. */
export function compactNumber(value: number): string {
  const magnitude = Math.abs(value);
  if (magnitude === 0) return "0";
  if (magnitude < 1e-3 || magnitude >= 1e15) return value.toExponential(2).replace(/\.?0+e/, "e");
  // Rounding first lets 999,999 become 1M, not 1000k.
  const rounded = Number(value.toPrecision(3));
  for (const [unit, suffix] of [
    [1e12, "T"],
    [1e9, "G"],
    [1e6, "M"],
    [1e3, "k"],
  ] as const) {
    if (Math.abs(rounded) >= unit) return `${Number((rounded / unit).toPrecision(3))}${suffix}`;
  }
  return String(rounded);
}
