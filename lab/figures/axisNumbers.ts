/** Where an axis has lines, and the numbers beside them: no more digits than tell them apart, powers of ten on logarithmic ones. */

/** Labels of evenly spaced places. */
export function axisNumbers(places: readonly number[]): string[] {
  const step = places.length > 1 ? Math.abs(places[1] - places[0]) : Math.abs(places[0] ?? 1);
  const most = places.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  if (most >= 1e4)
    return places.map((place) => (place === 0 ? "0" : minus(`${Number((place / 1e3).toPrecision(6))}k`)));
  const digits = Math.max(0, -Math.floor(Math.log10(step || 1) + 1e-9));
  // 0.25 needs a digit more than its power of ten says.
  const needed = places.some((place) => Math.abs(Number(place.toFixed(digits)) - place) > step / 1e3)
    ? digits + 1
    : digits;
  if (needed <= 4)
    return places.map((place) => minus(Number(place.toFixed(needed)) === 0 ? "0" : place.toFixed(needed)));
  const power = Math.floor(Math.log10(most) + 1e-9);
  return places.map((place) => (place === 0 ? "0" : minus(`${Number((place / 10 ** power).toPrecision(3))}e${power}`)));
}

/** Powers of ten within the limits; where there are fewer than two, 2 and 5 times one as well. */
export function logPlaces(low: number, high: number): number[] {
  const first = Math.floor(Math.log10(low) + 1e-9);
  const last = Math.ceil(Math.log10(high) - 1e-9);
  const powers = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  // Not more than about seven lines.
  const every = Math.ceil(powers.length / 7);
  const inside = (place: number) => place >= low * 0.999 && place <= high * 1.001;
  const whole = powers
    .filter((_, i) => i % every === 0)
    .map((power) => 10 ** power)
    .filter(inside);
  if (whole.length >= 2) return whole;
  return powers.flatMap((power) => [1, 2, 5].map((factor) => factor * 10 ** power)).filter(inside);
}

/** 0.001, 100, 10⁵. */
export function logNumber(place: number): string {
  const power = Math.log10(place);
  if (power >= -3.001 && power <= 4.001)
    return Number(place.toPrecision(6)).toLocaleString("en-GB", { maximumFractionDigits: 6 });
  const whole = Math.round(power);
  if (Math.abs(power - whole) > 1e-6) return place.toExponential(0);
  return `10${[...String(whole)].map((sign) => (sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(sign)])).join("")}`;
}

function minus(text: string): string {
  return text.replaceAll("-", "−");
}
