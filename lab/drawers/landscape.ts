/** Heights of a function of two parameters as contours with their numbers: the ground that steps are drawn on. */
import type { Theme } from "../page/theme.ts";
import { contourPieces, drawContours, type HeightGrid } from "./contours.ts";
import { type Plane, ticksOf } from "./plane.ts";

export function drawLandscape(context: CanvasRenderingContext2D, plane: Plane, grid: HeightGrid, theme: Theme): void {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < grid.values.length; i++) {
    low = Math.min(low, grid.values[i]);
    high = Math.max(high, grid.values[i]);
  }
  if (!(high > low)) return;
  const heights = ticksOf(low, high, 14);
  drawContours(context, plane, grid, heights, { colour: theme.faint, width: 1 });
  context.font = `11px ${theme.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (const [k, height] of heights.entries()) {
    if (k % 2 === 1) continue;
    const pieces = contourPieces(grid, height);
    // A number on the piece whose height on the page is a share of the plane's that differs from its neighbours'.
    const wanted = plane.bottom + (plane.top - plane.bottom) * (0.25 + 0.5 * ((k * 0.37) % 1));
    let best = -1;
    for (let i = 0; i < pieces.length; i += 4) {
      if (best < 0 || Math.abs(pieces[i + 1] - wanted) < Math.abs(pieces[best + 1] - wanted)) best = i;
    }
    if (best < 0) continue;
    const [x, y] = [plane.x(pieces[best]), plane.y(pieces[best + 1])];
    const { box } = plane;
    if (x < box.x + 18 || x > box.x + box.width - 18 || y < box.y + 10 || y > box.y + box.height - 10) continue;
    const text = String(height).replace("-", "−");
    const width = context.measureText(text).width;
    context.fillStyle = theme.ground;
    context.fillRect(x - width / 2 - 2, y - 7, width + 4, 14);
    context.fillStyle = theme.muted;
    context.fillText(text, x, y);
  }
}
