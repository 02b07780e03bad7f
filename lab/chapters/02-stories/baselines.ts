/** The baselines to choose from, in words. */
import type { ReinforceWeighting } from "ascent-rl/estimators";

/** What `reinforceWeights` subtracts; "oneStep" is GAE with λ = 0, which has V on both sides of a step. */
export type Baseline = ReinforceWeighting["baseline"] | "oneStep";

export const BASELINES: readonly { value: Baseline; text: string }[] = [
  { value: "none", text: "none" },
  { value: "mean", text: "mean of the batch" },
  { value: "leaveOneOut", text: "mean of the others" },
  { value: "timeStep", text: "mean of each time step" },
  { value: "value", text: "V(s), exact" },
  { value: "oneStep", text: "V before and behind the step" },
];

/** As the library takes it. */
export function chosenWeights(causality: boolean, baseline: Baseline): Omit<ReinforceWeighting, "discounting"> {
  if (baseline === "oneStep") return { weighting: "gae", baseline: "none", gaeLambda: 0 };
  return { weighting: causality ? "toGo" : "total", baseline, gaeLambda: 0 };
}
