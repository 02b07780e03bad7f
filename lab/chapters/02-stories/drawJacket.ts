/** The jacket after so many folds: laid flat, a sleeve in, both in, folded over; a crease stays to be seen. */
import type { Theme } from "../../page/theme.ts";

/** @param x, y its middle; `size` in CSS pixels. */
export function drawJacket(
  context: CanvasRenderingContext2D,
  theme: Theme,
  { folds, creased }: { folds: number; creased: boolean },
  { x, y, size }: { x: number; y: number; size: number },
): void {
  const half = size / 2;
  const body = folds >= 4 ? [-0.5, -0.45, 1, 0.6] : [-0.5, -0.8, 1, 1.6];
  context.save();
  context.translate(x, y);
  context.scale(half, half);
  context.lineWidth = 2.5 / half;
  context.lineJoin = "round";
  context.strokeStyle = theme.ink;
  context.fillStyle = theme.sky;
  if (folds === 0) context.rotate(-0.22);
  // Sleeves out are drawn behind the body, sleeves in before it.
  sleeve(context, -1, folds >= 2, false);
  sleeve(context, 1, folds >= 3, false);
  context.beginPath();
  context.rect(body[0], body[1], body[2], body[3]);
  context.fill();
  context.stroke();
  if (folds < 4) {
    sleeve(context, -1, folds >= 2, true);
    sleeve(context, 1, folds >= 3, true);
    // The opening.
    context.beginPath();
    context.moveTo(-0.16, -0.8);
    context.lineTo(0, -0.52);
    context.lineTo(0.16, -0.8);
    context.moveTo(0, -0.52);
    context.lineTo(0, 0.8);
    context.stroke();
  }
  if (creased) {
    context.strokeStyle = theme.bad;
    context.lineWidth = 3 / half;
    context.beginPath();
    for (let k = 0; k <= 6; k++)
      context.lineTo(-0.5 + k / 6, (folds >= 4 ? -0.15 : 0.25) + (k % 2 === 0 ? 0.12 : -0.12));
    context.stroke();
  }
  context.restore();
}

function sleeve(context: CanvasRenderingContext2D, side: -1 | 1, isIn: boolean, inFront: boolean): void {
  if (isIn !== inFront) return;
  const to = isIn ? 0.32 : -0.42;
  context.beginPath();
  context.moveTo(side * 0.5, -0.78);
  context.lineTo(side * (0.5 - to), 0.2);
  context.lineTo(side * (0.28 - to), 0.28);
  context.lineTo(side * 0.5, -0.34);
  context.closePath();
  context.fill();
  context.stroke();
}
