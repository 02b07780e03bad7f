/** Widths of lines and heads of arrows, once for everything that draws scenes. */
import { checkArgument, checkArguments, finiteNumber, having, listOf, positiveNumber } from "../arguments/checks.ts";
import type { Point, Scene } from "./scene.ts";

/** The width of the lines in a scene that do not say theirs: 1/200 of the window. */
export function usualStrokeWidth(scene: Pick<Scene, "left" | "right">): number {
  checkArgument("usualStrokeWidth: scene", having("a scene's window", "left", "right"), scene);
  checkArguments("usualStrokeWidth", { left: finiteNumber, right: finiteNumber }, scene);
  return (scene.right - scene.left) / 200;
}

/** Of the stroke's width. */
const LENGTH = 4.5;
const HALF_WIDTH = 2.2;

const isPoint = (value: unknown) =>
  Array.isArray(value) && value.length === 2 && value.every((x) => Number.isFinite(x));
export const pointsCheck = listOf({ expected: "a point", fits: isPoint }, "a list of points [x, y]");

/**
 * The three corners of the head at the end of a line, and the line shortened so that it ends within the head. Of a line
 * without a length there is no head.
 *
 * @param strokeWidth of the line, in the units of the points.
 */
export function arrowHead(
  points: readonly Point[],
  strokeWidth: number,
): { head: readonly Point[]; line: readonly Point[] } {
  checkArgument("arrowHead: points", pointsCheck, points);
  checkArguments("arrowHead", { strokeWidth: positiveNumber }, { strokeWidth });
  const length = LENGTH * strokeWidth;
  const tip = points.at(-1);
  // The last point that is far enough away gives the direction: a curve's last piece may be shorter than the head.
  const from = points.findLastIndex(([x, y]) => tip !== undefined && distance2([x, y], tip) >= length * length);
  const foot = points[Math.max(from, 0)];
  const distance = tip === undefined ? 0 : Math.sqrt(distance2(tip, foot));
  if (tip === undefined || distance === 0) return { head: [], line: points };
  const [dx, dy] = [(tip[0] - foot[0]) / distance, (tip[1] - foot[1]) / distance];
  const [baseX, baseY] = [tip[0] - length * dx, tip[1] - length * dy];
  const half = HALF_WIDTH * strokeWidth;
  const head: Point[] = [
    [tip[0], tip[1]],
    [baseX - half * dy, baseY + half * dx],
    [baseX + half * dy, baseY - half * dx],
  ];
  return {
    head,
    line: [...points.slice(0, Math.max(from, 0) + 1), [baseX + (length / 4) * dx, baseY + (length / 4) * dy]],
  };
}

function distance2(a: Point, b: Point): number {
  return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2;
}
