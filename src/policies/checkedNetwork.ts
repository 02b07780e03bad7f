/** What users call of actorCritic.ts, with arguments checked. Algorithms hand in all of their settings, checked long before. */

import {
  type Check,
  checkArgument,
  checkOptions,
  having,
  listOf,
  type OptionChecks,
  oneOf,
  optional,
  trueOrFalse,
  wholeNumber,
} from "../arguments/checks.ts";
import { headChecks } from "../distributions/checked.ts";
import { spaceCheck } from "../envs/spaceCheck.ts";
import type { Space } from "../envs/spaces.ts";
import { activationNames } from "../nn/activations.ts";
import { type ActorCritic, type NetworkOptions, actorCritic as unchecked } from "./actorCritic.ts";
import { cnnNames, imageLayouts } from "./observationBody.ts";
import { recurrentNames } from "./trunk.ts";

const sizes = optional(listOf(wholeNumber(1), "a list of layer sizes, whole numbers ≥ 1"));
const flag = optional(trueOrFalse);
const layers = listOf(having("a layer", "filters", "kernel"), "");
const convolutions: Check = {
  expected: `one of ${cnnNames.join(", ")}, or a list of { filters, kernel }`,
  fits: (x) => cnnNames.includes(x as (typeof cnnNames)[number]) || layers.fits(x),
  names: cnnNames,
};

const networkChecks: OptionChecks<NetworkOptions> = {
  ...headChecks,
  hidden: sizes,
  criticHidden: sizes,
  shared: flag,
  orthogonalInit: flag,
  activation: optional(oneOf(activationNames)),
  cnn: optional(convolutions),
  imageLayout: optional(oneOf(imageLayouts)),
  scalePixels: flag,
  recurrent: optional(oneOf(recurrentNames)),
  recurrentSize: optional(wholeNumber(1)),
};

/**
 * The network of a policy and its critic for these spaces.
 *
 * @throws AscentError "space" or "option" when a space is none, an option is none, or they do not go together.
 */
export function actorCritic(observationSpace: Space, actionSpace: Space, options: NetworkOptions = {}): ActorCritic {
  checkArgument("actorCritic: observationSpace", spaceCheck, observationSpace);
  checkArgument("actorCritic: actionSpace", spaceCheck, actionSpace);
  checkOptions("actorCritic", networkChecks, options);
  return unchecked(observationSpace, actionSpace, options);
}
