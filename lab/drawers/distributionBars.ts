/**
 * Distributions over a few texts: one as hollow bars, one as filled bars, others as signs at their heights, so that shape tells them
 * apart as well as colour. Below each text stands a line of its own, such as its reward.
 */
import { chartMarkers } from "ascent-rl/charts";
import type { Size } from "../figures/Canvas.tsx";
import type { Theme } from "../page/theme.ts";
import { planeOf, ticksOf } from "./plane.ts";

/** Which of the palette's styles, or a small dot of the ink's colour, for what is only compared with. */
export type SignStyle = number | "ink";

/** Colour and shape of a sign, an SVG path around (0, 0). */
export function signOf(style: SignStyle, { series, ink }: Theme): { colour: string; shape: string; size: number } {
  if (style === "ink") return { colour: ink, shape: chartMarkers[0], size: 0.9 };
  const shape = chartMarkers[style % chartMarkers.length];
  return { colour: series[style % series.length], shape, size: 1.25 };
}

export interface Distributions {
  readonly texts: readonly string[];
  /** Below the texts. */
  readonly notes?: readonly string[];
  readonly hollow?: ArrayLike<number>;
  readonly filled: ArrayLike<number>;
  /** Which of the palette's colours fills it. */
  readonly colour: number;
  readonly signs?: readonly { readonly values: ArrayLike<number>; readonly style: SignStyle }[];
  /** A line across each bar: where it should end. */
  readonly goals?: ArrayLike<number>;
}

export function drawDistributions(
  context: CanvasRenderingContext2D,
  size: Size,
  theme: Theme,
  { texts, notes, hollow, filled, colour, signs = [], goals }: Distributions,
  title?: string,
): void {
  const top = title === undefined ? 8 : 26;
  const plane = planeOf(
    size,
    { left: 0, right: texts.length, bottom: 0, top: 1 },
    { left: 34, right: 6, top, bottom: notes === undefined ? 22 : 38 },
  );
  const { box } = plane;
  const bottom = box.y + box.height;
  context.font = `12px ${theme.font}`;
  if (title !== undefined) {
    context.fillStyle = theme.ink;
    context.textAlign = "left";
    context.textBaseline = "top";
    context.fillText(title, box.x, 4);
  }
  context.lineWidth = 1;
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const value of ticksOf(0, 1, box.height / 45)) {
    context.strokeStyle = value === 0 ? theme.axis : theme.grid;
    context.beginPath();
    context.moveTo(box.x, plane.y(value));
    context.lineTo(box.x + box.width, plane.y(value));
    context.stroke();
    context.fillStyle = theme.muted;
    context.fillText(String(value), box.x - 5, plane.y(value));
  }
  const column = box.width / texts.length;
  const wide = Math.min(column * (hollow === undefined ? 0.64 : 0.34), 44);
  texts.forEach((text, y) => {
    const middle = box.x + (y + 0.5) * column;
    const left = hollow === undefined ? middle - wide / 2 : middle + 1;
    if (hollow !== undefined) {
      const at = plane.y(hollow[y]);
      context.strokeStyle = theme.muted;
      context.lineWidth = 1.5;
      context.strokeRect(middle - wide - 0.5, at, wide, bottom - at);
    }
    const at = plane.y(filled[y]);
    context.fillStyle = theme.series[colour];
    context.fillRect(left, at, wide, bottom - at);
    if (goals !== undefined && Number.isFinite(goals[y])) {
      context.fillStyle = theme.ink;
      context.fillRect(left - 4, plane.y(goals[y]) - 1, wide + 8, 2);
    }
    // Side by side, so that equal ones are all seen.
    const room = Math.min(13, column / Math.max(1, signs.length + 1));
    signs.forEach(({ values, style }, k) => {
      context.save();
      context.translate(middle + (k - (signs.length - 1) / 2) * room, plane.y(values[y]));
      const { colour: own, shape, size: times } = signOf(style, theme);
      context.scale(times, times);
      context.fillStyle = own;
      context.strokeStyle = theme.ground;
      context.lineWidth = 1.5;
      const sign = new Path2D(shape);
      context.stroke(sign);
      context.fill(sign);
      context.restore();
    });
    context.fillStyle = theme.ink;
    context.textAlign = "center";
    context.textBaseline = "top";
    context.fillText(text, middle, bottom + 5);
    if (notes !== undefined) {
      context.fillStyle = theme.muted;
      context.fillText(notes[y], middle, bottom + 21);
    }
  });
}
