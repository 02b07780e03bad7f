/**
 * A grey picture drawn by coverage: each pixel gets as much of a shape as lies on it, so that a move of a tenth of a pixel is seen.
 * Nothing but sums, products and square roots, which every engine rounds alike: the same bits everywhere. Not a general renderer:
 * it has what small pictures of mechanical tasks need.
 */

/** A plane of side × side pixels in a larger array, row by row from the top; 0 is black, 255 white. */
export interface Plane {
  readonly pixels: Float32Array;
  /** Where the plane begins. */
  readonly offset: number;
  readonly side: number;
}

/** Draws the rectangle [left, right] × [top, bottom], in pixels from the upper left corner, in this grey. */
export function drawRectangle(
  plane: Plane,
  [left, top, right, bottom]: readonly [number, number, number, number],
  grey: number,
): void {
  const last = plane.side - 1;
  for (let row = Math.max(0, Math.floor(top)); row <= Math.min(last, Math.ceil(bottom) - 1); row++) {
    const high = Math.min(row + 1, bottom) - Math.max(row, top);
    for (let column = Math.max(0, Math.floor(left)); column <= Math.min(last, Math.ceil(right) - 1); column++) {
      const wide = Math.min(column + 1, right) - Math.max(column, left);
      blend(plane, row, column, high * wide, grey);
    }
  }
}

/**
 * Draws a line with round ends. A pixel is covered by how far its middle lies inside the line's edge, from half a pixel
 * outside (not) to half a pixel inside (wholly).
 */
export function drawLine(
  plane: Plane,
  [x0, y0, x1, y1]: readonly [number, number, number, number],
  width: number,
  grey: number,
): void {
  const reach = width / 2 + 0.5;
  const last = plane.side - 1;
  const [dx, dy] = [x1 - x0, y1 - y0];
  const squared = dx * dx + dy * dy;
  const lowest = Math.max(0, Math.floor(Math.min(y0, y1) - reach));
  const leftmost = Math.max(0, Math.floor(Math.min(x0, x1) - reach));
  for (let row = lowest; row <= Math.min(last, Math.ceil(Math.max(y0, y1) + reach)); row++) {
    for (let column = leftmost; column <= Math.min(last, Math.ceil(Math.max(x0, x1) + reach)); column++) {
      const [x, y] = [column + 0.5 - x0, row + 0.5 - y0];
      const along = squared > 0 ? Math.min(Math.max((x * dx + y * dy) / squared, 0), 1) : 0;
      const [aside, above] = [x - along * dx, y - along * dy];
      const covered = reach - Math.sqrt(aside * aside + above * above);
      if (covered > 0) blend(plane, row, column, Math.min(covered, 1), grey);
    }
  }
}

/** A whole number again, as bytes are. */
function blend({ pixels, offset, side }: Plane, row: number, column: number, covered: number, grey: number): void {
  const at = offset + row * side + column;
  pixels[at] = Math.round(pixels[at] + (grey - pixels[at]) * covered);
}
