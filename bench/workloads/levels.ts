/** What a measurement is held against, as a table's cell. */

export function atLeast(level: number, value: number, unit = ""): string {
  return verdict(`≥ ${level.toLocaleString("en")}${unit}`, value >= level);
}

export function atMost(level: number, value: number, unit = ""): string {
  return verdict(`≤ ${level.toLocaleString("en")}${unit}`, value <= level);
}

function verdict(level: string, met: boolean): string {
  return `${level} ${met ? "met" : "**not met**"}`;
}
