/** The distribution that goes with an action space, and with the option `distribution` where there is a choice. */

import { type Box, describe, type Space } from "../envs/spaces.ts";
import { AscentError } from "../errors.ts";
import { bernoulliHead } from "./bernoulli.ts";
import { betaHead } from "./beta.ts";
import { categoricalHead } from "./categorical.ts";
import type { DistributionHead } from "./distribution.ts";
import { fieldName } from "./fieldName.ts";
import { type GaussianOptions, gaussianHead } from "./gaussian.ts";
import { productHead } from "./product.ts";
import { rescaledHead } from "./rescaled.ts";
import { squashedGaussianHead } from "./squashedGaussian.ts";
import { type StateDependentExplorationOptions, stateDependentExplorationHead } from "./stateDependentExploration.ts";

/** Distributions over Box actions, by name. */
export const boxDistributions = ["gaussian", "squashedGaussian", "beta", "gsde"] as const;
export type BoxDistribution = (typeof boxDistributions)[number];

export interface HeadOptions extends GaussianOptions, StateDependentExplorationOptions {
  /** Of Box actions, also within a Dict. Default "gaussian". */
  distribution?: BoxDistribution;
  /**
   * A network's −1…1 is low…high of a Box, where both are finite. Default true. Without effect on "squashedGaussian" and
   * "beta", which know no other way.
   */
  normalizeActions?: boolean;
}

/**
 * Discrete → categorical, MultiDiscrete → independent categoricals, MultiBinary → Bernoulli, Box → what `distribution`
 * says, Dict → the product of its fields' heads.
 *
 * @param features width of the network's last hidden layer; only "gsde" needs it.
 * @throws AscentError "option" when `distribution` does not go with the space or with `stateDependentStd`, "space" when it
 *   needs bounds the space does not have.
 */
export function headForSpace(space: Space, options: HeadOptions = {}, features = 0): DistributionHead {
  const { distribution, stateDependentStd = false } = options;
  if (distribution !== undefined && !boxDistributions.includes(distribution)) {
    refuse("distribution: unknown name", `"${distribution}"`, boxDistributions.join(", "), "Choose one of these.");
  }
  if (distribution !== undefined && !hasBox(space)) {
    refuse(
      "distribution is for Box actions",
      `"${distribution}" for ${describe(space)}`,
      "a Box action space, or a Dict with a Box in it",
      "Leave the option out: other spaces have one distribution each.",
    );
  }
  if (stateDependentStd && (distribution === "beta" || distribution === "gsde")) {
    const reason = distribution === "beta" ? "has no σ" : "has a σ that depends on the state already";
    refuse(
      `stateDependentStd does not go with distribution: "${distribution}", which ${reason}`,
      "both",
      "one of them",
      "Leave stateDependentStd out, or choose another distribution.",
    );
  }
  return headFor(space, options, features, "policy");
}

function headFor(space: Space, options: HeadOptions, features: number, name: string): DistributionHead {
  switch (space.kind) {
    case "discrete":
      return categoricalHead([space.n], [space.start]);
    case "multiDiscrete":
      return categoricalHead(space.categories);
    case "multiBinary":
      return bernoulliHead(space.n);
    case "box":
      return boxHead(space, options, features, name);
    case "dict":
      return productHead(
        Object.entries(space.fields).map(([field, inner]) => ({
          name: fieldName(field),
          head: headFor(inner, options, features, `${name}.${fieldName(field)}`),
        })),
      );
  }
}

function boxHead(space: Box, options: HeadOptions, features: number, name: string): DistributionHead {
  const { normalizeActions = true } = options;
  const inUnits = (head: DistributionHead) => (normalizeActions ? rescaledHead(head, space) : head);
  switch (options.distribution) {
    case "squashedGaussian":
      return squashedGaussianHead(space, options, name);
    case "beta":
      return betaHead(space);
    case "gsde":
      if (features < 1) {
        const what = 'distribution: "gsde" needs the width of the last hidden layer';
        refuse(what, `${features}`, "≥ 1", "Give it as `features`, or choose another distribution.");
      }
      return inUnits(stateDependentExplorationHead(space.low.length, features, options, name));
    default:
      return inUnits(gaussianHead(space.low.length, options, name));
  }
}

function hasBox(space: Space): boolean {
  return space.kind === "box" || (space.kind === "dict" && Object.values(space.fields).some(hasBox));
}

function refuse(what: string, got: string, expected: string, fix: string): never {
  throw new AscentError("option", { what, got, expected, fix });
}
