/**
 * Kernels that move numbers, in plain JavaScript; see assembly/movement.ts and convolution.ts. Places are in words. Index
 * kernels return false when an index lies outside.
 */

import type { Views } from "./views.ts";

/** `table`: rank, then each axis's size, the source's strides, the target's. */
export function copyStrided({ ints }: Views, out: number, x: number, table: number): void {
  const rank = ints[table];
  const copyAxis = (to: number, from: number, axis: number): void => {
    const at = table + 1 + axis;
    const [size, stepFrom, stepTo] = [ints[at], ints[at + rank], ints[at + 2 * rank]];
    for (let i = 0; i < size; i++) {
      if (axis < rank - 1) copyAxis(to + i * stepTo, from + i * stepFrom, axis + 1);
      else ints[to + i * stepTo] = ints[from + i * stepFrom];
    }
  };
  copyAxis(out, x, 0);
}

export function gatherRows(
  { ints }: Views,
  out: number,
  x: number,
  indices: number,
  count: number,
  width: number,
  rows: number,
): boolean {
  for (let i = 0; i < count; i++) {
    const index = ints[indices + i];
    if (index < 0 || index >= rows) return false;
    ints.copyWithin(out + i * width, x + index * width, x + (index + 1) * width);
  }
  return true;
}

export function scatterRows(
  { floats, ints }: Views,
  out: number,
  values: number,
  indices: number,
  count: number,
  width: number,
  rows: number,
): boolean {
  floats.fill(0, out, out + rows * width);
  for (let i = 0; i < count; i++) {
    const index = ints[indices + i];
    if (index < 0 || index >= rows) return false;
    for (let j = 0; j < width; j++) floats[out + index * width + j] += floats[values + i * width + j];
  }
  return true;
}

export function takeLast(
  { floats, ints }: Views,
  out: number,
  x: number,
  indices: number,
  rows: number,
  width: number,
  takeOff: boolean,
): boolean {
  for (let i = 0; i < rows; i++) {
    const index = ints[indices + i];
    if (index < 0 || index >= width) return false;
    const value = floats[x + i * width + index];
    floats[out + i] = takeOff ? floats[out + i] - value : value;
  }
  return true;
}

export function putLast(
  { floats, ints }: Views,
  out: number,
  values: number,
  indices: number,
  rows: number,
  width: number,
  takeOff: boolean,
): boolean {
  if (!takeOff) floats.fill(0, out, out + rows * width);
  for (let i = 0; i < rows; i++) {
    const index = ints[indices + i];
    if (index < 0 || index >= width) return false;
    const to = out + i * width + index;
    floats[to] = takeOff ? floats[to] - floats[values + i] : floats[values + i];
  }
  return true;
}

/** Images and windows as the instructions `im2col` and `col2im` list them, from their third word on. */
type Windows = readonly [
  rows: number,
  height: number,
  width: number,
  channels: number,
  kernelHeight: number,
  kernelWidth: number,
  stepDown: number,
  stepRight: number,
  top: number,
  left: number,
  down: number,
  right: number,
];

/** Calls `visit` for each row of each window: where it lies in the columns, and the pixels it covers, in words. */
function eachStretch(
  [rows, height, width, channels, kernelHeight, kernelWidth, stepDown, stepRight, top, left, down, right]: Windows,
  visit: (column: number, before: number, image: number, length: number) => void,
): void {
  let column = 0;
  for (let row = 0; row < rows; row++) {
    for (let oy = 0; oy < down; oy++) {
      for (let ox = 0; ox < right; ox++) {
        const x0 = ox * stepRight - left;
        const from = Math.max(0, -x0);
        const to = Math.min(kernelWidth, width - x0);
        for (let ky = 0; ky < kernelHeight; ky++) {
          const y = oy * stepDown - top + ky;
          const inside = y >= 0 && y < height && to > from;
          const image = ((row * height + y) * width + x0 + from) * channels;
          visit(column, from * channels, image, inside ? (to - from) * channels : 0);
          column += kernelWidth * channels;
        }
      }
    }
  }
}

export function im2col({ floats, ints }: Views, columns: number, images: number, windows: Windows): void {
  const stretch = windows[3] * windows[5];
  eachStretch(windows, (column, before, image, length) => {
    floats.fill(0, columns + column, columns + column + stretch);
    ints.copyWithin(columns + column + before, images + image, images + image + length);
  });
}

export function col2im({ floats }: Views, images: number, columns: number, windows: Windows): void {
  const [rows, height, width, channels] = windows;
  floats.fill(0, images, images + rows * height * width * channels);
  eachStretch(windows, (column, before, image, length) => {
    for (let i = 0; i < length; i++) floats[images + image + i] += floats[columns + column + before + i];
  });
}
