/** Numbers in figures' sentences: few digits, a true minus, and intervals in brackets. */

/** @param digits significant ones; default 3. Numbers from 10,000 on have commas and no fractions. */
export function numberText(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "–" : value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (size !== 0 && size < 1e-4) {
    const [mantissa, power] = value.toExponential(1).split("e");
    return `${mantissa}e${Number(power)}`.replaceAll("-", "−");
  }
  const rounded = Number(value.toPrecision(digits));
  const text = size >= 10_000 ? Math.round(rounded).toLocaleString("en-GB") : String(rounded);
  return text.replace("-", "−");
}

/** "0.5 [0.4, 0.6]" */
export function intervalText({ value, low, high }: { value: number; low: number; high: number }, digits = 3): string {
  return `${numberText(value, digits)} [${numberText(low, digits)}, ${numberText(high, digits)}]`;
}
