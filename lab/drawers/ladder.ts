/** Values with intervals, one a row, on a linear or logarithmic axis; a bar marks the exact value where it is known. */
import type { Size } from "../figures/Canvas.tsx";
import type { Theme } from "../page/theme.ts";
import { drawDot, ticksOf } from "./plane.ts";

export interface LadderRow {
  name: string;
  value: number;
  low: number;
  high: number;
  exact?: number;
  colour: string;
  /** Set off from the others. */
  isChosen?: boolean;
}

export interface LadderAxis {
  name: string;
  least: number;
  most: number;
  isLogarithmic: boolean;
}

const ROW = 30;
const FOOT = 44;

/** Height that so many rows need, in CSS pixels. */
export function ladderHeight(rows: number): number {
  return rows * ROW + FOOT;
}

/** Around all that is drawn, a tenth of it wider; powers of ten where the axis is logarithmic. */
export function ladderAxis(name: string, rows: readonly LadderRow[], isLogarithmic: boolean): LadderAxis {
  const all = rows.flatMap(({ value, low, high, exact = value }) => [value, low, high, exact]);
  const seen = all.filter((value) => Number.isFinite(value) && (!isLogarithmic || value > 0));
  if (seen.length === 0) return { name, least: isLogarithmic ? 0.1 : 0, most: 1, isLogarithmic };
  if (!isLogarithmic) return { name, least: Math.min(0, ...seen), most: 1.1 * Math.max(...seen, 1e-9), isLogarithmic };
  return { name, least: Math.min(...seen) / 1.2, most: Math.max(...seen) * 1.2, isLogarithmic };
}

export function drawLadder(
  context: CanvasRenderingContext2D,
  { width }: Size,
  theme: Theme,
  rows: readonly LadderRow[],
  { name, least, most, isLogarithmic }: LadderAxis,
): void {
  const left = Math.min(170, width * 0.4);
  const right = width - 16;
  const bottom = rows.length * ROW;
  const scale = isLogarithmic ? Math.log : (value: number) => value;
  const x = (value: number) => {
    const held = Math.min(Math.max(value, least), most);
    return left + ((scale(held) - scale(least)) / (scale(most) - scale(least))) * (right - left);
  };
  context.font = `12px ${theme.font}`;
  context.lineWidth = 1;
  context.strokeStyle = theme.grid;
  context.fillStyle = theme.muted;
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const value of isLogarithmic ? decades(least, most) : ticksOf(least, most, (right - left) / 70)) {
    context.beginPath();
    context.moveTo(x(value), 0);
    context.lineTo(x(value), bottom);
    context.stroke();
    context.fillText(String(value).replace("-", "−"), x(value), bottom + 4);
  }
  context.fillText(name, (left + right) / 2, bottom + 21);
  rows.forEach((row, i) => {
    const y = (i + 0.5) * ROW;
    if (row.isChosen) {
      context.fillStyle = theme.sky;
      context.fillRect(0, y - ROW / 2 + 1, width, ROW - 2);
    }
    context.font = `${row.isChosen ? "600 " : ""}12px ${theme.font}`;
    context.fillStyle = theme.ink;
    context.textAlign = "right";
    context.textBaseline = "middle";
    context.fillText(row.name, left - 8, y, left - 10);
    if (row.exact !== undefined) {
      context.fillStyle = theme.ink;
      context.fillRect(x(row.exact) - 1.5, y - 11, 3, 22);
    }
    context.strokeStyle = row.colour;
    context.lineWidth = 2.5;
    context.beginPath();
    context.moveTo(x(row.low), y);
    context.lineTo(x(row.high), y);
    for (const end of [row.low, row.high]) {
      context.moveTo(x(end), y - 4);
      context.lineTo(x(end), y + 4);
    }
    context.stroke();
    drawDot(context, x(row.value), y, 4, row.colour, theme);
  });
}

/** 1, 2 and 5 times powers of ten; powers alone where that would be many. */
function decades(least: number, most: number): number[] {
  const factors = Math.log10(most / least) > 2.2 ? [1] : [1, 2, 5];
  const found: number[] = [];
  for (let power = Math.floor(Math.log10(least)); power <= Math.log10(most); power++) {
    for (const factor of factors) {
      const value = Number((factor * 10 ** power).toPrecision(3));
      if (value >= least && value <= most) found.push(value);
    }
  }
  return found;
}
