/** A gradient component by component: bars of one road, dots of another on them, sorted by size. */
import { drawAxes, planeOf } from "../../drawers/plane.ts";
import type { Size } from "../../figures/Canvas.tsx";
import { seriesStyle } from "../../figures/seriesStyle.ts";
import type { Theme } from "../../page/theme.ts";

export function drawComponents(
  context: CanvasRenderingContext2D,
  size: Size,
  theme: Theme,
  naive: Float64Array,
  onePass: Float64Array,
): void {
  const most = 1.1 * naive.reduce((a, value) => Math.max(a, Math.abs(value)), 1e-9);
  const plane = planeOf(size, { left: 0, right: naive.length, bottom: -most, top: most });
  drawAxes(context, plane, theme, { x: "parameters, by the size of their component", y: "ĝ" });
  const order = Array.from(naive, (_, j) => j).sort((a, b) => naive[b] - naive[a]);
  const [bars, dots] = [seriesStyle(0, theme), seriesStyle(1, theme)];
  const wide = Math.max(1, plane.box.width / naive.length - 0.5);
  context.fillStyle = bars.colour;
  context.globalAlpha = 0.55;
  order.forEach((j, i) => {
    const [zero, y] = [plane.y(0), plane.y(naive[j])];
    context.fillRect(plane.x(i), Math.min(zero, y), wide, Math.abs(y - zero));
  });
  context.globalAlpha = 1;
  context.fillStyle = dots.colour;
  // A dot every few pixels says as much as all of them.
  const every = Math.max(1, Math.round((5 * naive.length) / plane.box.width));
  for (let i = 0; i < order.length; i += every) {
    context.beginPath();
    context.arc(plane.x(i + 0.5), plane.y(onePass[order[i]]), 2.2, 0, 2 * Math.PI);
    context.fill();
  }
  const [left, top] = [plane.box.x + plane.box.width - 8, plane.box.y + 14];
  context.font = `12px ${theme.font}`;
  context.textAlign = "right";
  context.textBaseline = "middle";
  context.fillStyle = theme.ink;
  context.fillText("bars: a pass for each score", left, top);
  context.fillText("dots: one backward pass", left, top + 18);
}
