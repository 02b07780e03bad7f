/** The gradient estimators that `varianceStudy` compares, by the names the command line takes. */

import { checkArguments, share, text } from "../arguments/checks.ts";
import { describeValue } from "../arguments/describeValue.ts";
import { AscentError } from "../errors.ts";
import type { ReinforceWeighting } from "../estimators/reinforceWeights.ts";
import { didYouMean } from "../nearest.ts";

export interface EstimatorChoice {
  readonly name: string;
  readonly weighting: ReinforceWeighting["weighting"];
  /** "optimal": one number for each parameter, b_j = E[g_j² R]/E[g_j²] (docs/theory.md, 9), from episodes of a pilot. */
  readonly baseline: ReinforceWeighting["baseline"] | "optimal";
  readonly gaeLambda: number;
  /** Whether its weights look at the other trajectories of the batch. */
  readonly usesBatch: boolean;
  readonly usesValue: boolean;
}

const baselines = ["none", "mean", "leaveOneOut", "timeStep", "value"] as const;

/** In the order of docs/theory.md, 3 to 11: each should have less variance than the ones before it. */
export const defaultEstimators = ["total", "total+mean", "total+optimal", "toGo", "toGo+mean", "toGo+value", "gae"];

/** What may be asked for; "gae:0.9" gives λ. */
export const estimatorNames: readonly string[] = [
  ...["total", "toGo"].flatMap((weighting) =>
    baselines.map((baseline) => (baseline === "none" ? weighting : `${weighting}+${baseline}`)),
  ),
  "total+optimal",
  "gae",
];

/**
 * @param gaeLambda λ of "gae" without a number of its own.
 * @throws AscentError "option", naming the nearest known name.
 */
export function parseEstimator(name: string, gaeLambda = 0.95): EstimatorChoice {
  checkArguments("parseEstimator", { name: text, gaeLambda: share }, { name, gaeLambda });
  const [kind, ownLambda] = name.split(":");
  const lambda = ownLambda === undefined ? gaeLambda : Number(ownLambda);
  const isGae = kind === "gae" && ownLambda !== "" && lambda >= 0 && lambda <= 1;
  if (!isGae && !(estimatorNames.includes(name) && name !== "gae")) {
    throw new AscentError("option", {
      what: "There is no such estimator",
      got: describeValue(name),
      expected: `one of ${estimatorNames.join(", ")}, gae:LAMBDA`,
      fix: `${didYouMean(name, estimatorNames)}\`ascent variance --help\` explains them.`,
    });
  }
  if (isGae) {
    const weighting = "gae" as const;
    return { name, weighting, baseline: "none", gaeLambda: lambda, usesBatch: false, usesValue: true };
  }
  const [weighting, baseline = "none"] = name.split("+") as [
    EstimatorChoice["weighting"],
    EstimatorChoice["baseline"] | undefined,
  ];
  const usesBatch = baseline === "mean" || baseline === "leaveOneOut" || baseline === "timeStep";
  return { name, weighting, baseline, gaeLambda: lambda, usesBatch, usesValue: baseline === "value" };
}
