/** A scene of ascent-rl/scenes on a canvas: the whole window, as large as fits, in the middle. The twin of `sceneToSvg`. */
import { arrowHead, type Point, type Scene, type Shape, usualStrokeWidth } from "ascent-rl/scenes";
import type { Theme } from "../page/theme.ts";

/** Of the canvas, in CSS pixels. */
interface Size {
  width: number;
  height: number;
}

export function drawScene(
  context: CanvasRenderingContext2D,
  { width, height }: Size,
  theme: Theme,
  scene: Scene,
): void {
  const { left, bottom, right, top } = scene;
  const scale = Math.min(width / (right - left), height / (top - bottom));
  const x0 = (width - scale * (right - left)) / 2;
  const y0 = (height - scale * (top - bottom)) / 2;
  context.save();
  context.beginPath();
  context.rect(x0, y0, scale * (right - left), scale * (top - bottom));
  context.clip();
  context.lineCap = "round";
  context.lineJoin = "round";
  const view = { x: (x: number) => x0 + (x - left) * scale, y: (y: number) => y0 + (top - y) * scale, scale };
  const usual = usualStrokeWidth(scene);
  for (const shape of scene.shapes) drawShape(context, view, theme, shape, usual);
  context.restore();
}

/** The height at which a scene fills the width, within limits. */
export function sceneHeight({ left, bottom, right, top }: Scene, width: number, least = 120, most = 440): number {
  return Math.round(Math.min(Math.max((width * (top - bottom)) / (right - left), least), most));
}

interface View {
  x(value: number): number;
  y(value: number): number;
  scale: number;
}

function drawShape(context: CanvasRenderingContext2D, view: View, theme: Theme, shape: Shape, usual: number): void {
  if (shape.kind === "text") {
    context.fillStyle = theme[shape.paint ?? "ink"];
    context.font = `${shape.size * view.scale}px ${theme.font}`;
    context.textAlign = shape.anchor === "middle" ? "center" : (shape.anchor ?? "start");
    context.textBaseline = "alphabetic";
    context.fillText(shape.text, view.x(shape.x), view.y(shape.y));
    return;
  }
  const width = shape.strokeWidth ?? usual;
  const fill = "fill" in shape ? shape.fill : undefined;
  context.setLineDash(
    shape.kind === "polyline" && shape.dashed ? [2.5 * width * view.scale, 2.5 * width * view.scale] : [],
  );
  const arrow = shape.kind === "polyline" && shape.arrow ? arrowHead(shape.points, width) : undefined;
  context.beginPath();
  if (shape.kind === "circle") {
    context.arc(view.x(shape.x), view.y(shape.y), shape.radius * view.scale, 0, 2 * Math.PI);
  } else {
    trace(context, view, arrow?.line ?? shape.points, shape.kind === "polygon");
  }
  if (fill !== undefined) {
    context.fillStyle = theme[fill];
    context.fill();
  }
  if (shape.stroke !== undefined) {
    context.strokeStyle = theme[shape.stroke];
    context.lineWidth = width * view.scale;
    context.stroke();
  }
  if (arrow === undefined || arrow.head.length === 0 || shape.stroke === undefined) return;
  context.beginPath();
  trace(context, view, arrow.head, true);
  context.fillStyle = theme[shape.stroke];
  context.fill();
}

function trace(context: CanvasRenderingContext2D, view: View, points: readonly Point[], closed: boolean): void {
  points.forEach(([x, y], i) => {
    if (i === 0) context.moveTo(view.x(x), view.y(y));
    else context.lineTo(view.x(x), view.y(y));
  });
  if (closed) context.closePath();
}
