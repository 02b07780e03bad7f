/** Outlines that drawings are put together from, as points. */
import { cos, sin } from "../math/deterministic.ts";
import type { Point } from "./scene.ts";

/** The corners of a rectangle. */
export function rectangle(left: number, bottom: number, right: number, top: number): Point[] {
  return [
    [left, bottom],
    [right, bottom],
    [right, top],
    [left, top],
  ];
}

/** Points on a circle from one angle to the other, counter-clockwise from the positive x axis, in radians. */
export function arc(x: number, y: number, radius: number, from: number, to: number): Point[] {
  const pieces = Math.max(2, Math.ceil(Math.abs(to - from) / 0.12));
  return Array.from({ length: pieces + 1 }, (_, i) => {
    const angle = from + ((to - from) * i) / pieces;
    return [x + radius * cos(angle), y + radius * sin(angle)];
  });
}

/** The points turned by an angle around the origin, then moved. */
export function placed(points: readonly Point[], angle: number, x: number, y: number): Point[] {
  const [c, s] = [cos(angle), sin(angle)];
  return points.map(([px, py]) => [x + c * px - s * py, y + s * px + c * py]);
}
