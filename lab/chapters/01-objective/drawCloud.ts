/** A cloud of estimates in two directions of the parameters, with its mean and ∇J. */
import { clipTo, drawAxes, drawDot, drawWords, planeOf } from "../../drawers/plane.ts";
import type { Size } from "../../figures/Canvas.tsx";
import { seriesStyle } from "../../figures/seriesStyle.ts";
import type { Theme } from "../../page/theme.ts";
import type { CloudOutput } from "./studies/cloud.ts";

/** @param reach the axes go this far around ∇J, so that they do not move while points come. */
export function drawCloud(
  context: CanvasRenderingContext2D,
  size: Size,
  theme: Theme,
  names: { x: string; y: string },
  found: CloudOutput | undefined,
  reach: number,
): void {
  const [exactX, exactY] = found?.exactPoint ?? [0, 0];
  const down = reach * Math.min(1.2, Math.max(0.6, size.height / size.width));
  const plane = planeOf(size, {
    ...{ left: exactX - reach, right: exactX + reach, bottom: exactY - down, top: exactY + down },
  });
  drawAxes(context, plane, theme, names);
  if (!found) return;
  const [exact, estimate] = [seriesStyle(0, theme), seriesStyle(1, theme)];
  context.save();
  clipTo(context, plane);
  context.fillStyle = estimate.colour;
  context.globalAlpha = 0.5;
  for (const [x, y, count] of placesOf(found.points)) {
    context.beginPath();
    context.arc(plane.x(x), plane.y(y), Math.min(10, 2 * Math.sqrt(count)), 0, 2 * Math.PI);
    context.fill();
  }
  context.restore();
  // ∇J is where the lines cross.
  const [x, y] = [plane.x(exactX), plane.y(exactY)];
  context.strokeStyle = exact.colour;
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(x - 14, y);
  context.lineTo(x + 14, y);
  context.moveTo(x, y - 14);
  context.lineTo(x, y + 14);
  context.stroke();
  const [meanX, meanY] = [plane.x(found.meanPoint[0]), plane.y(found.meanPoint[1])];
  drawDot(context, meanX, meanY, 5, estimate.colour, theme);
  drawWords(context, "∇J", x + 16, y - 12, exact.colour, theme);
  drawWords(context, "mean of the estimates", meanX - 12, meanY + 16, estimate.colour, theme, "right");
}

/** Few episodes give few different estimates: each place once, with how many there are (its dot's area). */
function placesOf(points: Float64Array): [number, number, number][] {
  const places = new Map<string, [number, number, number]>();
  for (let i = 0; i < points.length; i += 2) {
    const key = `${points[i].toFixed(9)} ${points[i + 1].toFixed(9)}`;
    const place = places.get(key);
    if (place) place[2]++;
    else places.set(key, [points[i], points[i + 1], 1]);
  }
  return [...places.values()];
}
