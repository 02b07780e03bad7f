/** Pieces of sentences about states: numbers as they are read, and on which side. */

/** With so many decimals, a true minus sign, and no minus before a zero. */
export function spoken(value: number, decimals: number): string {
  const written = value.toFixed(decimals);
  return (Number(written) === 0 ? written.replace("-", "") : written).replace("-", "−");
}

/** The angle's size, of radians: "3°". */
export function degrees(angle: number, decimals = 0): string {
  return `${spoken((Math.abs(angle) * 180) / Math.PI, decimals)}°`;
}

/** One of three, by the sign; what is smaller than `negligible` counts as none. */
export function bySign<T>(value: number, negligible: number, negative: T, none: T, positive: T): T {
  return Math.abs(value) < negligible ? none : value < 0 ? negative : positive;
}
