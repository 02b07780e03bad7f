/** Lines of equal J over the plane of the bandit's logits, with the arrows and dots of one place. */
import { drawArrow } from "../../drawers/arrow.ts";
import { drawContours } from "../../drawers/contours.ts";
import { clipTo, drawAxes, drawHandle, drawWords, type Plane, planeOf } from "../../drawers/plane.ts";
import type { Size } from "../../figures/Canvas.tsx";
import { seriesStyle } from "../../figures/seriesStyle.ts";
import type { Theme } from "../../page/theme.ts";
import type { HillOutput } from "./studies/hill.ts";
import { REACH, SIDE } from "./worlds.ts";

/** Gradients are drawn this many times as long, in the units of the axes. */
export const ARROWS = 6;
const HEIGHTS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9] as const;

export function hillPlane(size: Size): Plane {
  return planeOf(size, { left: -REACH, right: REACH, bottom: -REACH, top: REACH });
}

export function drawHill(
  context: CanvasRenderingContext2D,
  size: Size,
  theme: Theme,
  [x, y]: readonly [number, number],
  found: HillOutput | undefined,
): void {
  const plane = hillPlane(size);
  drawAxes(context, plane, theme, { x: "first arm rather than the last", y: "second arm rather than the others" });
  if (!found) return;
  const grid = { size: SIDE, from: -REACH, to: REACH, values: found.surface };
  drawContours(context, plane, grid, HEIGHTS, { colour: theme.axis });
  nameHeights(context, plane, theme, found.surface);
  const [exact, estimate] = [seriesStyle(0, theme), seriesStyle(1, theme)];
  const tip = ([right, up]: ArrayLike<number> & Iterable<number>): [number, number] => [
    plane.x(x + ARROWS * right),
    plane.y(y + ARROWS * up),
  ];
  context.save();
  clipTo(context, plane);
  context.fillStyle = estimate.colour;
  context.globalAlpha = 0.45;
  for (let i = 0; i < found.others.length; i += 2) {
    const [px, py] = tip([found.others[i], found.others[i + 1]]);
    context.fillRect(px - 1.5, py - 1.5, 3, 3);
  }
  context.globalAlpha = 1;
  const from: [number, number] = [plane.x(x), plane.y(y)];
  drawArrow(context, from, tip(found.estimateArrow), { colour: estimate.colour, width: 2.5, dash: estimate.dash });
  drawArrow(context, from, tip(found.exactArrow), { colour: exact.colour, width: 3.5 });
  context.restore();
  drawHandle(context, ...from, theme.ink, theme);
  const named = (text: string, arrow: [number, number], colour: string, below: boolean) => {
    const [px, py] = tip(arrow);
    drawWords(context, text, Math.min(px + 8, size.width - 60), py + (below ? 12 : -8), colour, theme);
  };
  const isBelow = found.estimateArrow[1] < found.exactArrow[1];
  named("∇J", found.exactArrow, exact.colour, !isBelow);
  named("estimate", found.estimateArrow, estimate.colour, isBelow);
}

/** The heights' numbers, along the right edge and the top where their lines end. */
function nameHeights(context: CanvasRenderingContext2D, plane: Plane, theme: Theme, surface: Float64Array): void {
  context.font = `11px ${theme.font}`;
  const last = SIDE - 1;
  const at = (k: number) => -REACH + (2 * REACH * k) / last;
  for (const height of [0.2, 0.4, 0.6, 0.8]) {
    for (let k = 0; k < last; k++) {
      const [a, b] = [surface[k], surface[k + 1]];
      if (a < height === b < height) continue;
      const place = at(k + (height - a) / (b - a));
      drawWords(
        context,
        height === 0.2 ? "J = 0.2" : `${height}`,
        plane.x(place),
        plane.y(-REACH) - 12,
        theme.muted,
        theme,
        "center",
      );
    }
  }
}
