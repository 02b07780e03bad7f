/**
 * Two-dimensional convolution as a matrix product: `im2col` lays each window of an image out as a row, the product with
 * the filters does the rest. `col2im` is its adjoint. Images have their channels last, so that a window's rows are
 * unbroken stretches of memory and a product's result is the next image without moving anything.
 */

import { type Check, checkArgument, checkOptions, isNumbers, type OptionChecks } from "../../arguments/checks.ts";
import { describeTensor, node, type Tensor } from "../graph.ts";
import { formatShape, type Shape, sameShape, shapeError, sizeOf } from "../shape.ts";
import { requireFloat } from "./elementwise.ts";
import { reshape } from "./layout.ts";
import { matmul } from "./matmul.ts";

export interface WindowOptions {
  /** Pixels between neighbouring windows, down and right; one number for both. Default 1. */
  stride?: number | readonly [number, number];
  /** Zeros around the image, above and below, left and right; one number for both. Default 0. */
  padding?: number | readonly [number, number];
}

const twoNumbers: Check = {
  expected: "two numbers: down and right",
  fits: (x) => isNumbers(x) && x.length === 2 && Array.from(x).every(Number.isFinite),
};
const numberOrTwo: Check = {
  expected: "a number, or two: down and right",
  fits: (x) => Number.isFinite(x) || twoNumbers.fits(x),
  optional: true,
};
const windowChecks: OptionChecks<WindowOptions> = { stride: numberOrTwo, padding: numberOrTwo };

const pair = (value: number | readonly [number, number]): readonly [number, number] =>
  typeof value === "number" ? [value, value] : value;

/** Rows and columns of windows that fit: ⌊(extent + 2 · padding − kernel) / stride⌋ + 1 each; below 1 where none does. */
export function windowCount(
  image: readonly [height: number, width: number],
  kernel: readonly [height: number, width: number],
  options: WindowOptions = {},
): [number, number] {
  checkArgument("windowCount: image", twoNumbers, image);
  checkArgument("windowCount: kernel", twoNumbers, kernel);
  checkOptions("windowCount", windowChecks, options);
  const [stride, padding] = [pair(options.stride ?? 1), pair(options.padding ?? 0)];
  const along = (axis: 0 | 1) => Math.floor((image[axis] + 2 * padding[axis] - kernel[axis]) / stride[axis]) + 1;
  return [along(0), along(1)];
}

/** A window as its six numbers, and how many of them fit into the images of this shape. */
function windowsOf(
  op: string,
  shape: Shape,
  kernel: readonly [number, number],
  options: WindowOptions,
): { window: number[]; count: [number, number] } {
  checkArgument(`${op}: kernel`, twoNumbers, kernel);
  checkOptions(op, windowChecks, options);
  const window = [...kernel, ...pair(options.stride ?? 1), ...pair(options.padding ?? 0)];
  const [height, width, down, right, top, left] = window;
  const whole = window.every(Number.isInteger) && Math.min(height, width, down, right) >= 1 && Math.min(top, left) >= 0;
  if (shape.length === 4 && whole) {
    const image = [shape[1], shape[2]] as const;
    const count = windowCount(image, [height, width], { stride: [down, right], padding: [top, left] });
    if (Math.min(...count) >= 1) return { window, count };
  }
  throw shapeError({
    what: `${op}: no window fits`,
    got: `${formatShape(shape)} with windows of ${height} × ${width}, steps of ${down} × ${right}, padding ${top} × ${left}`,
    expected: "images [rows, height, width, channels] at least as large, padding included, as one window",
    fix: "Use a smaller kernel or padding, or fewer layers that shrink the image.",
  });
}

/**
 * Windows of images as rows: [rows, height, width, channels] → [rows · down · right, kernel height · kernel width ·
 * channels], in order of row, then of the window's place; see `windowCount`.
 */
export function im2col(x: Tensor, kernel: readonly [number, number], options: WindowOptions = {}): Tensor {
  requireFloat("im2col", x);
  const { window, count } = windowsOf("im2col", x.shape, kernel, options);
  const [down, right] = count;
  const columns = kernel[0] * kernel[1] * x.shape[3];
  return node("im2col", [x], [x.shape[0] * down * right, columns], "f32", { window });
}

/** Adds each row of `columns` back to the window it is of, in zeros of `shape`: the adjoint of im2col. */
export function col2im(
  columns: Tensor,
  shape: Shape,
  kernel: readonly [number, number],
  options: WindowOptions = {},
): Tensor {
  requireFloat("col2im", columns);
  sizeOf(shape, "col2im");
  const { window, count } = windowsOf("col2im", shape, kernel, options);
  const [down, right] = count;
  const expected = [shape[0] * down * right, kernel[0] * kernel[1] * shape[3]];
  if (!sameShape(columns.shape, expected)) {
    throw shapeError({
      what: "col2im: the rows are not windows of such images",
      got: describeTensor(columns),
      expected: `${formatShape(expected)} for images ${formatShape(shape)}`,
      fix: "Give the kernel, stride and padding that im2col was given.",
    });
  }
  return node("col2im", [columns], shape, "f32", { window });
}

/**
 * Cross-correlation, which learning calls convolution: [rows, height, width, channels] by filters [kernel height, kernel
 * width, channels, filters] → [rows, down, right, filters].
 */
export function conv2d(x: Tensor, filters: Tensor, options: WindowOptions = {}): Tensor {
  requireFloat("conv2d", x);
  requireFloat("conv2d", filters);
  const [height, width, channels, count] = filters.shape;
  if (filters.shape.length !== 4 || x.shape.length !== 4 || channels !== x.shape[3]) {
    throw shapeError({
      what: "conv2d: the filters do not fit the images",
      got: `${describeTensor(x)} and ${describeTensor(filters)}`,
      expected: "[rows, height, width, channels] and [kernel height, kernel width, channels, filters]",
      fix: "Put channels last with transpose(x, [0, 2, 3, 1]), and give as many of them to the filters.",
    });
  }
  const columns = im2col(x, [height, width], options);
  const [down, right] = windowCount([x.shape[1], x.shape[2]], [height, width], options);
  const product = matmul(columns, reshape(filters, [height * width * channels, count]));
  return reshape(product, [x.shape[0], down, right, count]);
}
