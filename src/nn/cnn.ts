/**
 * Convolutional layers on images: each an im2col, one matrix product for the whole batch, a bias and an activation. What
 * comes out is flat; the layers that make a decision of it are an mlp behind.
 */

import { AscentError } from "../errors.ts";
import type { Work } from "../pauses.ts";
import { parameter, type Tensor } from "../tensor/graph.ts";
import { im2col, windowCount } from "../tensor/ops/convolution.ts";
import { add } from "../tensor/ops/elementwise.ts";
import { reshape, transpose } from "../tensor/ops/layout.ts";
import { matmul } from "../tensor/ops/matmul.ts";
import type { ParameterValues } from "../tensor/parameters.ts";
import { type ActivationName, activation } from "./activations.ts";
import type { Module } from "./mlp.ts";
import type { StartingValues } from "./startingValues.ts";

export interface ConvolutionLayer {
  /** Channels of the result. */
  filters: number;
  /** Pixels a filter sees, a square's side or [height, width]. */
  kernel: number | readonly [number, number];
  /** Default 1. */
  stride?: number | readonly [number, number];
  /** Zeros around the image. Default 0. */
  padding?: number | readonly [number, number];
  /** Default relu. */
  activation?: ActivationName;
}

/** The network of Mnih et al. 2015 (methods, "Model architecture"), for images of 36 × 36 and more; made for 84 × 84. */
export const natureLayers: readonly ConvolutionLayer[] = [
  { filters: 32, kernel: 8, stride: 4 },
  { filters: 64, kernel: 4, stride: 2 },
  { filters: 64, kernel: 3 },
];

/** For small grids and sprites, of any size. */
export const smallLayers: readonly ConvolutionLayer[] = [
  { filters: 16, kernel: 3, padding: 1 },
  { filters: 32, kernel: 3, stride: 2, padding: 1 },
];

/** The layers that suit images of this size when nobody says otherwise. */
export function layersFor(height: number, width: number): readonly ConvolutionLayer[] {
  return Math.min(height, width) >= 36 ? natureLayers : smallLayers;
}

export interface ImageShape {
  channels: number;
  height: number;
  width: number;
  /** How pixels lie in a row: "chw" (default) one channel after the other, "hwc" all channels of a pixel together. */
  layout?: "chw" | "hwc";
}

export interface CnnOptions {
  /** Orthogonal weights and zero biases; otherwise uniform by fan-in. Default true. */
  orthogonalInit?: boolean;
  /** Gain of orthogonal weights. Default √2. */
  gain?: number;
}

export interface Cnn extends Module {
  /** Columns of the result. */
  readonly outputs: number;
}

const pair = (value: number | readonly [number, number]): readonly [number, number] =>
  typeof value === "number" ? [value, value] : value;

/**
 * Layers that take [rows, channels · height · width] to [rows, outputs], in order of row, column and filter.
 *
 * @param name goes before each parameter's: "cnn" gives cnn.0.weight [kernel height · kernel width · channels, filters],
 *   cnn.0.bias [filters], …
 * @throws AscentError "option" when an image gets too small for a layer's kernel.
 */
export function cnn(
  name: string,
  image: ImageShape,
  layers: readonly ConvolutionLayer[],
  options: CnnOptions = {},
): Cnn {
  const { orthogonalInit = true, gain = Math.SQRT2 } = options;
  let [height, width, channels] = [image.height, image.width, image.channels];
  const built = layers.map((layer, i) => {
    const kernel = pair(layer.kernel);
    const windows = { stride: layer.stride, padding: layer.padding };
    const [down, right] = windowCount([height, width], kernel, windows);
    if (Math.min(down, right) < 1) tooSmall(name, i, [height, width], layer);
    const inputs = kernel[0] * kernel[1] * channels;
    const one = {
      kernel,
      windows,
      inputs,
      down,
      right,
      filters: layer.filters,
      weight: parameter(`${name}.${i}.weight`, [inputs, layer.filters]),
      bias: parameter(`${name}.${i}.bias`, [layer.filters]),
      activate: activation(layer.activation ?? "relu"),
    };
    [height, width, channels] = [down, right, layer.filters];
    return one;
  });
  const outputs = height * width * channels;
  return {
    outputs,
    parameters: built.flatMap(({ weight, bias }) => [weight, bias]),
    apply: (x) => {
      const rows = x.shape[0];
      let images = channelsLast(x, image);
      for (const { kernel, windows, weight, bias, activate, down, right, filters } of built) {
        const result: Tensor = activate(add(matmul(im2col(images, kernel, windows), weight), bias));
        images = reshape(result, [rows, down, right, filters]);
      }
      return reshape(images, [rows, outputs]);
    },
    *initialising(block: ParameterValues, start: StartingValues): Work<void> {
      for (const [i, { inputs, filters }] of built.entries()) {
        const own = orthogonalInit ? gain : undefined;
        yield* start.layer(block, `${name}.${i}`, [inputs, filters], own);
      }
    },
  };
}

function channelsLast(x: Tensor, { channels, height, width, layout = "chw" }: ImageShape): Tensor {
  const rows = x.shape[0];
  if (layout === "hwc" || channels === 1) return reshape(x, [rows, height, width, channels]);
  return transpose(reshape(x, [rows, channels, height, width]), [0, 2, 3, 1]);
}

function tooSmall(name: string, i: number, [height, width]: readonly [number, number], layer: ConvolutionLayer): never {
  const [kernelHeight, kernelWidth] = pair(layer.kernel);
  throw new AscentError("option", {
    what: `${name}: the image is too small for convolution ${i}`,
    got: `${height} × ${width} pixels, padding ${pair(layer.padding ?? 0).join(" × ")}`,
    expected: `at least ${kernelHeight} × ${kernelWidth}`,
    fix: "Use smaller kernels and strides, padding, fewer layers, or larger images.",
  });
}
