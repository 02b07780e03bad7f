/** A pair of axes on a canvas: numbers to pixels and back, ticks at round numbers, lines and dots. */
import type { Theme } from "../page/theme.ts";

/** Of a canvas, in CSS pixels. */
export interface CanvasSize {
  width: number;
  height: number;
}

export interface PlaneRange {
  left: number;
  right: number;
  bottom: number;
  top: number;
}

export interface Plane extends PlaneRange {
  /** The part of the canvas within the axes, in CSS pixels. */
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  /** Numbers to pixels. */
  x(value: number): number;
  y(value: number): number;
  /** Pixels to numbers, held within the range. */
  fromX(pixel: number): number;
  fromY(pixel: number): number;
}

export interface Margins {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Room for numbers and names of both axes. */
export const axisMargins: Margins = { left: 52, right: 12, top: 10, bottom: 40 };

/** @param margins between the canvas' edges and the axes, in CSS pixels; `height` limits the plane to the upper part. */
export function planeOf({ width, height }: CanvasSize, range: PlaneRange, margins = axisMargins): Plane {
  const { left, right, bottom, top } = range;
  const box = {
    x: margins.left,
    y: margins.top,
    width: Math.max(1, width - margins.left - margins.right),
    height: Math.max(1, height - margins.top - margins.bottom),
  };
  const held = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high);
  return {
    ...range,
    box,
    x: (value) => box.x + ((value - left) / (right - left)) * box.width,
    y: (value) => box.y + ((top - value) / (top - bottom)) * box.height,
    fromX: (pixel) => left + held((pixel - box.x) / box.width, 0, 1) * (right - left),
    fromY: (pixel) => top - held((pixel - box.y) / box.height, 0, 1) * (top - bottom),
  };
}

/** Round numbers within a range, about `wanted` of them. */
export function ticksOf(low: number, high: number, wanted: number): number[] {
  const rough = (high - low) / Math.max(1, wanted);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

export interface AxisNames {
  /** Left out: no numbers and no name there. */
  x?: string;
  y?: string;
  /** Lines at the numbers; default true. */
  grid?: boolean;
}

/** Grid, numbers and names. */
export function drawAxes(context: CanvasRenderingContext2D, plane: Plane, theme: Theme, names: AxisNames): void {
  const { box, left, right, bottom, top } = plane;
  const columns = ticksOf(left, right, Math.min(box.width / 50, 8));
  const rows = ticksOf(bottom, top, box.height / 45);
  context.lineWidth = 1;
  context.setLineDash([]);
  context.strokeStyle = theme.grid;
  context.beginPath();
  for (const value of columns) {
    context.moveTo(plane.x(value), box.y);
    context.lineTo(plane.x(value), box.y + box.height);
  }
  for (const value of rows) {
    context.moveTo(box.x, plane.y(value));
    context.lineTo(box.x + box.width, plane.y(value));
  }
  if (names.grid !== false) context.stroke();
  context.strokeStyle = theme.axis;
  context.strokeRect(box.x, box.y, box.width, box.height);
  context.fillStyle = theme.muted;
  context.font = `12px ${theme.font}`;
  if (names.x !== undefined) {
    context.textAlign = "center";
    context.textBaseline = "top";
    for (const value of columns) context.fillText(tickText(value), plane.x(value), box.y + box.height + 5);
    context.fillText(names.x, box.x + box.width / 2, box.y + box.height + 22);
  }
  if (names.y !== undefined) {
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (const value of rows) context.fillText(tickText(value), box.x - 6, plane.y(value));
    context.save();
    context.translate(12, box.y + box.height / 2);
    context.rotate(-Math.PI / 2);
    context.textAlign = "center";
    context.fillText(names.y, 0, 0);
    context.restore();
  }
}

function tickText(value: number): string {
  return String(value).replace("-", "−");
}

export interface Stroke {
  colour: string;
  /** Default 2. */
  width?: number;
  dash?: readonly number[];
}

/** Through the points, clipped to the plane; `count` of them where not all. */
export function drawLine(
  context: CanvasRenderingContext2D,
  plane: Plane,
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  { colour, width = 2, dash = [] }: Stroke,
  count = x.length,
): void {
  context.save();
  clipTo(context, plane);
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.lineJoin = "round";
  context.setLineDash([...dash]);
  context.beginPath();
  for (let i = 0; i < count; i++) context.lineTo(plane.x(x[i]), plane.y(y[i]));
  context.stroke();
  context.restore();
}

/** Nothing is drawn outside the axes until the context is restored. */
export function clipTo(context: CanvasRenderingContext2D, { box }: Plane): void {
  context.beginPath();
  context.rect(box.x, box.y, box.width, box.height);
  context.clip();
}

/** A filled dot with a rim of the ground's colour, so that it stands off from lines. */
export function drawDot(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  radius: number,
  colour: string,
  theme: Theme,
): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = colour;
  context.fill();
  context.strokeStyle = theme.ground;
  context.lineWidth = 1.5;
  context.setLineDash([]);
  context.stroke();
}

/** What can be dragged: a dot with a ring around it. */
export function drawHandle(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  colour: string,
  theme: Theme,
): void {
  context.beginPath();
  context.arc(x, y, 11, 0, 2 * Math.PI);
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.setLineDash([]);
  context.stroke();
  drawDot(context, x, y, 6, colour, theme);
}

/** Words on a ground of their own, so that lines behind do not cross them. */
export function drawWords(
  context: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  colour: string,
  theme: Theme,
  align: CanvasTextAlign = "left",
): void {
  context.font = `12px ${theme.font}`;
  context.textAlign = align;
  context.textBaseline = "middle";
  const width = context.measureText(text).width;
  const left = align === "left" ? x : align === "right" ? x - width : x - width / 2;
  context.save();
  context.globalAlpha = 0.85;
  context.fillStyle = theme.ground;
  context.fillRect(left - 2, y - 8, width + 4, 16);
  context.restore();
  context.fillStyle = colour;
  context.fillText(text, x, y);
}
