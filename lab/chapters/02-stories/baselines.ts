/** The baselines to choose from, in words. */
import type { ReinforceWeighting } from "ascent-rl/estimators";

export type Baseline = ReinforceWeighting["baseline"];

export const BASELINES: readonly { value: Baseline; text: string }[] = [
  { value: "none", text: "none" },
  { value: "mean", text: "mean of the batch" },
  { value: "leaveOneOut", text: "mean of the others" },
  { value: "timeStep", text: "mean of each time step" },
  { value: "value", text: "V(s), exact" },
];
