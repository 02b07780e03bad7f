/** Values with their intervals, one a row, against one axis; where the exact value is known, a bar marks it. */
import type { Theme } from "../page/theme.ts";
import { type CanvasSize, drawDot, planeOf, ticksOf } from "./plane.ts";

export interface IntervalRow {
  name: string;
  value: number;
  low: number;
  high: number;
  exact?: number;
  colour: string;
}

export interface IntervalAxis {
  name: string;
  /** Where the axis begins; default 0. */
  least?: number;
  /** Where it ends. */
  most: number;
}

export const ROW = 30;
const NAMES = 128;

/** Height that so many rows need, in CSS pixels. */
export function intervalRowsHeight(rows: number): number {
  return rows * ROW + 46;
}

export function drawIntervalRows(
  context: CanvasRenderingContext2D,
  size: CanvasSize,
  theme: Theme,
  rows: readonly IntervalRow[],
  { name, least = 0, most }: IntervalAxis,
): void {
  const plane = planeOf(
    size,
    { left: least, right: most, bottom: 0, top: 1 },
    { left: Math.min(NAMES, size.width / 3), right: 14, top: 4, bottom: 40 },
  );
  const { box } = plane;
  context.font = `12px ${theme.font}`;
  context.lineWidth = 1;
  context.strokeStyle = theme.grid;
  context.fillStyle = theme.muted;
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const value of ticksOf(least, most, box.width / 70)) {
    context.beginPath();
    context.moveTo(plane.x(value), box.y);
    context.lineTo(plane.x(value), box.y + box.height);
    context.stroke();
    context.fillText(String(value).replace("-", "−"), plane.x(value), box.y + box.height + 4);
  }
  context.fillText(name, box.x + box.width / 2, box.y + box.height + 21);
  rows.forEach((row, i) => {
    const y = box.y + (i + 0.5) * ROW;
    context.fillStyle = theme.ink;
    context.textAlign = "right";
    context.textBaseline = "middle";
    context.fillText(row.name, box.x - 8, y, box.x - 10);
    const [low, high, value] = [row.low, row.high, row.value].map((x) => plane.x(Math.max(least, Math.min(x, most))));
    if (row.exact !== undefined) {
      const at = plane.x(Math.min(row.exact, most));
      context.fillStyle = theme.ink;
      context.fillRect(at - 1.5, y - 11, 3, 22);
    }
    context.strokeStyle = row.colour;
    context.lineWidth = 2.5;
    context.beginPath();
    context.moveTo(low, y);
    context.lineTo(high, y);
    for (const end of [low, high]) {
      context.moveTo(end, y - 4);
      context.lineTo(end, y + 4);
    }
    context.stroke();
    drawDot(context, value, y, 4.5, row.colour, theme);
  });
}
