/** Numbers and intervals as tables show them, and tables as lines of Markdown. */
import type { MeanInterval } from "../numerics/meanInterval.ts";

/** "12.3 [10.1, 14.5]"; of one value the value alone, of none a dash. */
export function interval({ value, low, high, count }: MeanInterval): string {
  if (count === 0) return "–";
  return count === 1 ? figure(value) : `${figure(value)} [${figure(low)}, ${figure(high)}]`;
}

/** Whole numbers from 1,000 on, else four significant digits at most, and no more than two behind the point. */
export function figure(value: number): string {
  if (Math.abs(value) >= 1000) return grouped(value);
  const rounded =
    Math.abs(value) >= 1 ? Number(value.toFixed(Math.abs(value) >= 100 ? 1 : 2)) : Number(value.toPrecision(3));
  return String(rounded).replace("-", "−");
}

/** A whole number with commas. */
export function grouped(value: number): string {
  return String(Math.round(value))
    .replace(/\B(?=(\d{3})+$)/g, ",")
    .replace("-", "−");
}

export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [row(header), `|${header.map(() => "---").join("|")}|`, ...rows.map(row)];
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}
