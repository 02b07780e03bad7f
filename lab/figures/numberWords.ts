/** Numbers as summaries say them: with a real minus sign, and no more digits than they deserve. */

/** With so many digits behind the point. */
export function fixed(value: number, digits = 2): string {
  if (!Number.isFinite(value)) return infinite(value);
  const text = value.toFixed(digits);
  // A rounded −0 is 0.
  return Number(text) === 0 ? (0).toFixed(digits) : text.replace("-", "−");
}

/** With so many digits in all; very small and very large ones as a × 10ⁿ. */
export function digitsOf(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return infinite(value);
  if (value === 0) return "0";
  const size = Math.floor(Math.log10(Math.abs(value)));
  if (size >= -3 && size < 6) {
    return Number(value.toPrecision(digits)).toLocaleString("en-GB", { maximumFractionDigits: 12 }).replace("-", "−");
  }
  const [front, power] = value.toExponential(digits - 1).split("e");
  return `${front} × 10${superscript(Number(power))}`.replace(/^-/, "−");
}

/** "[low, high]", with as many digits behind the point as `fixed` gives. */
export function intervalWords({ low, high }: { low: number; high: number }, digits = 2): string {
  return `[${fixed(low, digits)}, ${fixed(high, digits)}]`;
}

/** "value [low, high]", each with so many digits in all. */
export function withInterval({ value, low, high }: { value: number; low: number; high: number }, digits = 3): string {
  return `${digitsOf(value, digits)} [${digitsOf(low, digits)}, ${digitsOf(high, digits)}]`;
}

function superscript(power: number): string {
  return [...String(power)].map((sign) => (sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(sign)])).join("");
}

function infinite(value: number): string {
  if (Number.isNaN(value)) return "not known";
  return value > 0 ? "∞" : "−∞";
}
