/** Paths in a plane with bands, in the order in which they were gone, which need not be from left to right; with places marked. */
import type { Size } from "../figures/Canvas.tsx";
import { seriesStyle } from "../figures/seriesStyle.ts";
import type { Theme } from "../page/theme.ts";
import { clipTo, drawAxes, drawDot, drawLine, drawWords, type Plane, planeOf } from "./plane.ts";

export interface Path {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  readonly low?: ArrayLike<number>;
  readonly high?: ArrayLike<number>;
  /** Which of the palette's styles. */
  readonly style: number;
  /** Thin, for what is only on its way. */
  readonly thin?: boolean;
}

export interface MarkedPlace {
  readonly x: number;
  readonly y: number;
  readonly low?: number;
  readonly high?: number;
  readonly style: number;
  readonly text: string;
}

export interface PathsPicture {
  readonly x: string;
  readonly y: string;
  /** What the axes must show at least. */
  readonly range: { readonly right: number; readonly bottom: number; readonly top: number };
  readonly paths: readonly Path[];
  readonly places?: readonly MarkedPlace[];
  /** A line upwards with words, such as a limit. */
  readonly limit?: { readonly at: number; readonly text: string };
}

export function drawPaths(context: CanvasRenderingContext2D, size: Size, theme: Theme, picture: PathsPicture): void {
  const { paths, places = [], limit } = picture;
  let { right, bottom, top } = picture.range;
  for (const { x, y, low = y, high = y } of paths) {
    for (let i = 0; i < x.length; i++) {
      if (x[i] > right) right = x[i];
      // An interval of two seeds may be wider than anything worth seeing.
      const [least, most] = [Math.max(low[i], y[i] - 3), Math.min(high[i], y[i] + 3)];
      if (least < bottom) bottom = least;
      if (most > top) top = most;
    }
  }
  const room = (top - bottom) * 0.04;
  const plane = planeOf(size, { left: 0, right: right * 1.02, bottom: bottom - room, top: top + room });
  drawAxes(context, plane, theme, { x: picture.x, y: picture.y });
  if (bottom < 0 && top > 0) {
    context.strokeStyle = theme.axis;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(plane.box.x, plane.y(0));
    context.lineTo(plane.box.x + plane.box.width, plane.y(0));
    context.stroke();
  }
  for (const path of paths)
    if (path.low !== undefined && path.high !== undefined) drawBand(context, plane, theme, path);
  for (const { x, y, style, thin } of paths) {
    const { colour, dash } = seriesStyle(style, theme);
    drawLine(context, plane, x, y, { colour, dash, width: thin ? 1.25 : 2.25 });
  }
  if (limit !== undefined) {
    const at = plane.x(limit.at);
    context.strokeStyle = theme.ink;
    context.lineWidth = 1;
    context.setLineDash([5, 4]);
    context.beginPath();
    context.moveTo(at, plane.box.y);
    context.lineTo(at, plane.box.y + plane.box.height);
    context.stroke();
    context.setLineDash([]);
    const isRight = at > plane.box.x + plane.box.width / 2;
    drawWords(
      context,
      limit.text,
      at + (isRight ? -6 : 6),
      plane.box.y + 12,
      theme.ink,
      theme,
      isRight ? "right" : "left",
    );
  }
  for (const place of places) drawPlace(context, plane, theme, place);
}

/** Where intervals are not known, of a single seed, there is no band. */
function drawBand(context: CanvasRenderingContext2D, plane: Plane, theme: Theme, path: Path): void {
  const { x, low = path.y, high = path.y } = path;
  if (x.length === 0 || !Number.isFinite(low[0] + high[0])) return;
  context.save();
  clipTo(context, plane);
  context.globalAlpha = 0.18;
  context.fillStyle = seriesStyle(path.style, theme).colour;
  context.beginPath();
  for (let i = 0; i < x.length; i++) context.lineTo(plane.x(x[i]), plane.y(high[i]));
  for (let i = x.length - 1; i >= 0; i--) context.lineTo(plane.x(x[i]), plane.y(low[i]));
  context.fill();
  context.restore();
}

function drawPlace(
  context: CanvasRenderingContext2D,
  plane: Plane,
  theme: Theme,
  { x, y, low, high, style, text }: MarkedPlace,
): void {
  const { colour } = seriesStyle(style, theme);
  const at = plane.x(x);
  if (low !== undefined && high !== undefined && Number.isFinite(low + high)) {
    context.save();
    clipTo(context, plane);
    context.strokeStyle = colour;
    context.lineWidth = 2;
    context.beginPath();
    context.moveTo(at, plane.y(low));
    context.lineTo(at, plane.y(high));
    for (const end of [low, high]) {
      context.moveTo(at - 5, plane.y(end));
      context.lineTo(at + 5, plane.y(end));
    }
    context.stroke();
    context.restore();
  }
  drawDot(context, at, plane.y(y), 5, colour, theme);
  const isRight = at > plane.box.x + plane.box.width * 0.6;
  drawWords(context, text, at + (isRight ? -10 : 10), plane.y(y) - 12, theme.ink, theme, isRight ? "right" : "left");
}
