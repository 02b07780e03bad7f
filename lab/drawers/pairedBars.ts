/** Two bars for each of some names, from a common zero: the exact value beside an estimate of it. */
import type { Size } from "../figures/Canvas.tsx";
import { seriesStyle } from "../figures/seriesStyle.ts";
import type { Theme } from "../page/theme.ts";
import { ticksOf } from "./plane.ts";

export interface BarPair {
  name: string;
  exact: number;
  estimate: number;
}

export interface PairedBarsAxis {
  name: string;
  /** The axis reaches this far to both sides; values beyond are cut there. */
  most: number;
}

const PAIR = 42;
const FOOT = 62;

/** Height that so many names need, in CSS pixels. */
export function pairedBarsHeight(pairs: number): number {
  return pairs * PAIR + FOOT;
}

export function drawPairedBars(
  context: CanvasRenderingContext2D,
  { width }: Size,
  theme: Theme,
  pairs: readonly BarPair[],
  { name, most }: PairedBarsAxis,
): void {
  const left = Math.min(150, width * 0.36);
  const right = width - 14;
  const zero = (left + right) / 2;
  const bottom = pairs.length * PAIR;
  const x = (value: number) => zero + (Math.max(-most, Math.min(most, value)) / most) * (right - zero);
  context.font = `12px ${theme.font}`;
  context.lineWidth = 1;
  context.strokeStyle = theme.grid;
  context.fillStyle = theme.muted;
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const value of ticksOf(-most, most, (right - left) / 48)) {
    context.beginPath();
    context.moveTo(x(value), 0);
    context.lineTo(x(value), bottom);
    context.stroke();
    context.fillText(String(value).replace("-", "−"), x(value), bottom + 4);
  }
  context.fillText(name, zero, bottom + 21);
  const [exactStyle, estimateStyle] = [seriesStyle(0, theme), seriesStyle(1, theme)];
  pairs.forEach((pair, i) => {
    const y = i * PAIR;
    context.fillStyle = theme.ink;
    context.textAlign = "right";
    context.textBaseline = "middle";
    context.fillText(pair.name, left - 8, y + PAIR / 2, left - 10);
    context.fillStyle = exactStyle.colour;
    bar(context, zero, x(pair.exact), y + 7);
    context.fillStyle = estimateStyle.colour;
    bar(context, zero, x(pair.estimate), y + 22);
    hatch(context, zero, x(pair.estimate), y + 22, theme.ground);
  });
  context.strokeStyle = theme.axis;
  context.beginPath();
  context.moveTo(zero, 0);
  context.lineTo(zero, bottom);
  context.stroke();
  legend(context, left, bottom + 46, theme);
}

const THICK = 12;

function bar(context: CanvasRenderingContext2D, from: number, to: number, y: number): void {
  context.fillRect(Math.min(from, to), y, Math.max(1, Math.abs(to - from)), THICK);
}

/** Stripes, so that the estimate differs from the exact value by more than its colour. */
function hatch(context: CanvasRenderingContext2D, from: number, to: number, y: number, colour: string): void {
  const [begin, end] = [Math.min(from, to), Math.max(from, to)];
  context.save();
  context.beginPath();
  context.rect(begin, y, end - begin, THICK);
  context.clip();
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.beginPath();
  for (let at = begin - THICK; at < end; at += 6) {
    context.moveTo(at, y + THICK);
    context.lineTo(at + THICK, y);
  }
  context.stroke();
  context.restore();
}

function legend(context: CanvasRenderingContext2D, left: number, y: number, theme: Theme): void {
  context.textAlign = "left";
  context.textBaseline = "top";
  const [exactStyle, estimateStyle] = [seriesStyle(0, theme), seriesStyle(1, theme)];
  context.fillStyle = exactStyle.colour;
  context.fillRect(left, y, 14, THICK);
  context.fillStyle = theme.ink;
  context.fillText("exact", left + 19, y);
  context.fillStyle = estimateStyle.colour;
  context.fillRect(left + 66, y, 14, THICK);
  hatch(context, left + 66, left + 80, y, theme.ground);
  context.fillStyle = theme.ink;
  context.fillText("estimate", left + 85, y);
}
