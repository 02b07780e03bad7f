/**
 * What users call of this folder, with arguments checked. A page that acts makes its heads of spaces and settings that are checked
 * already and loads nothing of this.
 */

import {
  type Check,
  checkArgument,
  checkOptions,
  finiteNumber,
  having,
  listOf,
  type OptionChecks,
  optional,
  text,
  trueOrFalse,
  wholeNumber,
} from "../arguments/checks.ts";
import { spaceCheck } from "../envs/spaceCheck.ts";
import type { Box, Space } from "../envs/spaces.ts";
import type { Tensor } from "../tensor/graph.ts";
import { requireFloat } from "../tensor/ops/elementwise.ts";
import * as bernoulli from "./bernoulli.ts";
import * as betas from "./beta.ts";
import * as bounds from "./boxBounds.ts";
import * as categorical from "./categorical.ts";
import type { Distribution, DistributionHead } from "./distribution.ts";
import * as heads from "./forSpace.ts";
import * as gaussians from "./gaussian.ts";
import * as products from "./product.ts";
import * as rescaled from "./rescaled.ts";
import * as special from "./specialFunctions.ts";
import * as squashed from "./squashedGaussian.ts";
import * as exploration from "./stateDependentExploration.ts";

const count = wholeNumber(1);
const intervalCheck: Check = {
  ...having("an interval", "fromUnit", "toUnit", "logVolume"),
  fix: "Give what boxInterval or boxRescaling makes of a Box.",
};
const boxCheck: Check = {
  ...spaceCheck,
  expected: "a Box",
  fits: (x) => spaceCheck.fits(x) && (x as Space).kind === "box",
  fix: "Make it with box({ low, high, shape }).",
};
const headCheck: Check = {
  ...having("a head", "kind", "parameters", "at"),
  fix: "Give what headForSpace, or a function such as gaussianHead, gives.",
};
const partsCheck = listOf({ ...count, fits: isNamedHead }, "a list of { name, head }");
const sizesCheck = listOf(count, "a list of whole numbers ≥ 1");
const startsCheck = optional(listOf(wholeNumber(-Infinity), "a list of whole numbers"));
const gaussianChecks: OptionChecks<gaussians.GaussianOptions> = {
  logStdInit: optional(finiteNumber),
  stateDependentStd: optional(trueOrFalse),
};
const explorationChecks: OptionChecks<exploration.StateDependentExplorationOptions> = {
  logStdInit: optional(finiteNumber),
  sdeSampleFreq: optional(count),
  sdeLearnFeatures: optional(trueOrFalse),
};
export const headChecks: OptionChecks<heads.HeadOptions> = {
  ...gaussianChecks,
  ...explorationChecks,
  // Which names there are is asked where files of policies come by too.
  distribution: optional(text),
  normalizeActions: optional(trueOrFalse),
};

function isNamedHead(value: unknown): boolean {
  const { name, head } = (value ?? {}) as Partial<products.NamedHead>;
  return text.fits(name) && headCheck.fits(head);
}

/**
 * Discrete → categorical, MultiDiscrete → independent categoricals, MultiBinary → Bernoulli, Box → what `distribution`
 * says, Dict → the product of its fields' heads.
 *
 * @param features width of the network's last hidden layer; only "gsde" needs it.
 * @throws AscentError "option" when `distribution` does not go with the space or with `stateDependentStd`, "space" when it
 *   needs bounds the space does not have.
 */
export function headForSpace(space: Space, options: heads.HeadOptions = {}, features = 0): DistributionHead {
  checkArgument("headForSpace: space", spaceCheck, space);
  checkOptions("headForSpace", headChecks, options);
  checkArgument("headForSpace: features", wholeNumber(), features);
  return heads.headForSpace(space, options, features);
}

/** @param size the number of choices. */
export function bernoulliHead(size: number): DistributionHead {
  checkArgument("bernoulliHead: size", count, size);
  return bernoulli.bernoulliHead(size);
}

/**
 * @param sizes the number of choices of each component; one entry for a plain categorical.
 * @param starts the smallest action value of each component (Discrete spaces may start elsewhere than 0).
 */
export function categoricalHead(sizes: readonly number[], starts?: readonly number[]): DistributionHead {
  checkArgument("categoricalHead: sizes", sizesCheck, sizes);
  checkArgument("categoricalHead: starts", startsCheck, starts);
  return categorical.categoricalHead(sizes, starts);
}

/** The distribution of given mean [rows, n] and log σ (any shape that broadcasts to it). */
export function gaussian(mean: Tensor, logStd: Tensor): Distribution {
  requireFloat("gaussian", mean);
  requireFloat("gaussian", logStd);
  return gaussians.gaussian(mean, logStd);
}

/**
 * @param size action columns.
 * @param name of the head; its parameter is `${name}.logStd`.
 */
export function gaussianHead(size: number, options: gaussians.GaussianOptions = {}, name = "policy"): DistributionHead {
  checkArgument("gaussianHead: size", count, size);
  checkOptions("gaussianHead", gaussianChecks, options);
  checkArgument("gaussianHead: name", text, name);
  return gaussians.gaussianHead(size, options, name);
}

/** The distribution of given mean [rows, n] and log σ of u. */
export function squashedGaussian(mean: Tensor, logStd: Tensor, interval: bounds.Interval): Distribution {
  requireFloat("squashedGaussian", mean);
  requireFloat("squashedGaussian", logStd);
  checkArgument("squashedGaussian: interval", intervalCheck, interval);
  return squashed.squashedGaussian(mean, logStd, interval);
}

/**
 * @param space the actions; every bound finite.
 * @param options as of `gaussianHead`; log σ is of u, and held in [−20, 4].
 * @throws AscentError "space" when a bound is not finite.
 */
export function squashedGaussianHead(
  space: Box,
  options: gaussians.GaussianOptions = {},
  name = "policy",
): DistributionHead {
  checkArgument("squashedGaussianHead: space", boxCheck, space);
  checkOptions("squashedGaussianHead", gaussianChecks, options);
  checkArgument("squashedGaussianHead: name", text, name);
  return squashed.squashedGaussianHead(space, options, name);
}

/** One Gamma(shape, 1) variate for each entry of `shapes`, all ≥ 1. */
export function sampleGamma(shapes: Tensor, key: Tensor): Tensor {
  requireFloat("sampleGamma", shapes);
  return betas.sampleGamma(shapes, key);
}

/**
 * The distribution with α = 1 + alphaExcess, β = 1 + betaExcess [rows, n], excesses ≥ 0, on an interval.
 * The mode of a flat component (both excesses 0) is the middle.
 */
export function beta(alphaExcess: Tensor, betaExcess: Tensor, interval: bounds.Interval): Distribution {
  requireFloat("beta", alphaExcess);
  requireFloat("beta", betaExcess);
  checkArgument("beta: interval", intervalCheck, interval);
  return betas.beta(alphaExcess, betaExcess, interval);
}

/**
 * @param space the actions; every bound finite. The network outputs first all α's, then all β's.
 * @throws AscentError "space" when a bound is not finite.
 */
export function betaHead(space: Box): DistributionHead {
  checkArgument("betaHead: space", boxCheck, space);
  return betas.betaHead(space);
}

/**
 * @param size action columns.
 * @param features width of the hidden layer that `HeadContext.latent` will bring.
 */
export function stateDependentExplorationHead(
  size: number,
  features: number,
  options: exploration.StateDependentExplorationOptions = {},
  name = "policy",
): DistributionHead {
  checkArgument("stateDependentExplorationHead: size", count, size);
  checkArgument("stateDependentExplorationHead: features", count, features);
  checkOptions("stateDependentExplorationHead", explorationChecks, options);
  checkArgument("stateDependentExplorationHead: name", text, name);
  return exploration.stateDependentExplorationHead(size, features, options, name);
}

/** @param parts in the order of the action's columns. Statistics are named `field.mean` and so on. */
export function productHead(parts: readonly products.NamedHead[]): DistributionHead {
  checkArgument("productHead: parts", partsCheck, parts);
  return products.productHead(parts);
}

/** The head in the units of the Box; itself where these are its own, as in [−1, 1] or without bounds. */
export function rescaledHead(head: DistributionHead, space: Box): DistributionHead {
  checkArgument("rescaledHead: head", headCheck, head);
  checkArgument("rescaledHead: space", boxCheck, space);
  return rescaled.rescaledHead(head, space);
}

/**
 * Between 0…1 and low…high.
 *
 * @param distribution for errors: the option's value.
 * @throws AscentError "space" when a bound is infinite or low = high.
 */
export function boxInterval(space: Box, distribution: string): bounds.Interval {
  checkArgument("boxInterval: space", boxCheck, space);
  checkArgument("boxInterval: distribution", text, distribution);
  return bounds.boxInterval(space, distribution);
}

/**
 * Between −1…1 and low…high, for numbers that may also lie outside. A column without two finite bounds stays as it is; one
 * whose bounds are equal, or too near for float32, is only moved there.
 *
 * @returns undefined where nothing is to be changed.
 */
export function boxRescaling(space: Box): bounds.Interval | undefined {
  checkArgument("boxRescaling: space", boxCheck, space);
  return bounds.boxRescaling(space);
}

/** log B(a, b) = log Γ(a) + log Γ(b) − log Γ(a + b), a, b > 0, without the cancellation of its terms. */
export function logBeta(a: Tensor, b: Tensor): Tensor {
  requireFloat("logBeta", a);
  requireFloat("logBeta", b);
  return special.logBeta(a, b);
}

/** log Γ(x), x > 0. Error in float32: 3·10⁻⁶ + 4·10⁻⁷ |log Γ(x)|. */
export function logGamma(x: Tensor): Tensor {
  requireFloat("logGamma", x);
  return special.logGamma(x);
}
