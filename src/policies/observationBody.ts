/**
 * The hidden layers between an observation and what is decided on it: images through convolutions, their features beside
 * all other columns, and an mlp over everything.
 */

import { imageLayoutOf } from "../envs/spaces/imageLayout.ts";
import { describe, type Space } from "../envs/spaces.ts";
import { AscentError } from "../errors.ts";
import type { ActivationName } from "../nn/activations.ts";
import {
  type Cnn,
  type ConvolutionLayer,
  cnn,
  type ImageShape,
  layersFor,
  natureLayers,
  smallLayers,
} from "../nn/cnn.ts";
import { type Module, mlp } from "../nn/mlp.ts";
import { concat } from "../tensor/ops/layout.ts";
import {
  type EncodeOptions,
  encodeImage,
  encodeObservation,
  featureSize,
  type ImagePart,
  imageParts,
} from "./encode.ts";

export const imageLayouts = ["auto", "chw", "hwc"] as const;
export const cnnNames = ["auto", "none", "nature", "small"] as const;

export interface BodyOptions extends EncodeOptions {
  /** Default tanh; convolutions have their own. */
  activation?: ActivationName;
  orthogonalInit?: boolean;
  /**
   * Convolutions for Boxes of rank 3: layers, or "nature", "small", "auto" (default: "nature" from 36 × 36 pixels on,
   * "small" below), or "none", which takes pixels as plain columns.
   */
  cnn?: (typeof cnnNames)[number] | readonly ConvolutionLayer[];
  /**
   * The axes of an image: "chw" [channels, height, width], "hwc" [height, width, channels], or "auto" (default): what the
   * shape looks like, see `imageLayoutOf`.
   */
  imageLayout?: (typeof imageLayouts)[number];
}

export interface ObservationBody extends Module {
  /** Columns of the result. */
  readonly outputs: number;
}

/**
 * [rows, flatSize] → [rows, outputs], the last of `hidden` with its activation.
 *
 * @param name goes before each parameter's: `${name}.cnn.0.weight`, with the field's name for one of a Dict's images
 *   `${name}.cnn.camera.0.weight`, and `${name}.0.weight` of the mlp.
 * @throws AscentError "option" when convolutions are asked for and there is no image, or do not fit it.
 */
export function observationBody(
  name: string,
  space: Space,
  hidden: readonly number[],
  options: BodyOptions = {},
): ObservationBody {
  const choice = options.cnn ?? "auto";
  const images = choice === "none" ? [] : imageParts(space);
  if (images.length === 0 && choice !== "none" && choice !== "auto") {
    throw new AscentError("option", {
      what: "cnn: the observation has no image",
      got: describe(space),
      expected: "a Box of rank 3, or a Dict with one in it",
      fix: 'Leave the option out, or use cnn: "none".',
    });
  }
  const networks = images.map((part) => convolutions(name, part, options));
  const columns = featureSize(space, images);
  const inputs = networks.reduce((total, { outputs }) => total + outputs, columns);
  const { activation, orthogonalInit } = options;
  const dense = mlp(name, [inputs, ...hidden], { activation, orthogonalInit, activateLast: true });
  return {
    outputs: [inputs, ...hidden][hidden.length],
    parameters: [...networks.flatMap(({ parameters }) => parameters), ...dense.parameters],
    apply: (observation) => {
      const features = networks.map((network, i) => network.apply(encodeImage(images[i], observation, options)));
      if (columns > 0) features.push(encodeObservation(space, observation, options, images));
      return dense.apply(concat(features, 1));
    },
    *initialising(block, start) {
      for (const module of [...networks, dense]) yield* module.initialising(block, start);
    },
  };
}

function convolutions(name: string, part: ImagePart, options: BodyOptions): Cnn {
  const { imageLayout = "auto", cnn: choice = "auto", orthogonalInit } = options;
  const [first, second, third] = part.box.shape;
  const layout = imageLayout === "auto" ? imageLayoutOf(part.box.shape).layout : imageLayout;
  const shape: ImageShape =
    layout === "chw"
      ? { channels: first, height: second, width: third, layout: "chw" }
      : { height: first, width: second, channels: third, layout: "hwc" };
  return cnn(`${name}.cnn${part.name === "" ? "" : `.${part.name}`}`, shape, layersOf(choice, shape), {
    orthogonalInit,
  });
}

function layersOf(choice: NonNullable<BodyOptions["cnn"]>, { height, width }: ImageShape): readonly ConvolutionLayer[] {
  if (choice === "nature") return natureLayers;
  if (choice === "small") return smallLayers;
  return typeof choice === "string" ? layersFor(height, width) : choice;
}
