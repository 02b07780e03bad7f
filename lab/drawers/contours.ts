/** Lines of equal height of a function on a grid: marching squares, each piece a straight line across a square. */
import { clipTo, type Plane } from "./plane.ts";

export interface HeightGrid {
  /** Points of a side. */
  size: number;
  /** The first and the last coordinate, of both axes. */
  from: number;
  to: number;
  /** [size × size], rows from the lowest second coordinate on, the first coordinate along a row. */
  values: ArrayLike<number>;
}

/** Pieces of the line at a height: x₁, y₁, x₂, y₂ of each, one behind the other. */
export function contourPieces({ size, from, to, values }: HeightGrid, height: number): Float64Array {
  const pieces: number[] = [];
  const step = (to - from) / (size - 1);
  // Corners of a square in order around it; side k lies between corners k and k + 1.
  const corners = [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
  ];
  for (let row = 0; row < size - 1; row++) {
    for (let column = 0; column < size - 1; column++) {
      const above = corners.map(([dx, dy]) => values[(row + dy) * size + column + dx] - height);
      const crossings: number[] = [];
      for (let side = 0; side < 4; side++) {
        const [a, b] = [above[side], above[(side + 1) % 4]];
        if (a >= 0 === b >= 0) continue;
        const share = a / (a - b);
        const [p, q] = [corners[side], corners[(side + 1) % 4]];
        crossings.push(
          from + (column + p[0] + share * (q[0] - p[0])) * step,
          from + (row + p[1] + share * (q[1] - p[1])) * step,
        );
      }
      // Two crossings are one piece; four, at a saddle, are two.
      for (let i = 0; i + 3 < crossings.length; i += 4) pieces.push(...crossings.slice(i, i + 4));
    }
  }
  return Float64Array.from(pieces);
}

export interface ContourStyle {
  colour: string;
  /** Default 1. */
  width?: number;
  dash?: readonly number[];
}

export function drawContours(
  context: CanvasRenderingContext2D,
  plane: Plane,
  grid: HeightGrid,
  heights: readonly number[],
  { colour, width = 1, dash = [] }: ContourStyle,
): void {
  context.save();
  clipTo(context, plane);
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.setLineDash([...dash]);
  context.beginPath();
  for (const height of heights) {
    const pieces = contourPieces(grid, height);
    for (let i = 0; i < pieces.length; i += 4) {
      context.moveTo(plane.x(pieces[i]), plane.y(pieces[i + 1]));
      context.lineTo(plane.x(pieces[i + 2]), plane.y(pieces[i + 3]));
    }
  }
  context.stroke();
  context.restore();
}
