/** Switches to an estimator's name, and names to what they are called in figures. */

export interface Switches {
  /** Return of the whole episode, reward to go, or GAE. */
  weight: "total" | "toGo" | "gae";
  baseline: "none" | "mean" | "leaveOneOut" | "timeStep" | "value" | "optimal";
  lambda: number;
}

export const WEIGHTS: readonly { value: Switches["weight"]; text: string }[] = [
  { value: "total", text: "whole return" },
  { value: "toGo", text: "reward to go" },
  { value: "gae", text: "GAE" },
];

export const BASELINES: readonly { value: Switches["baseline"]; text: string }[] = [
  { value: "none", text: "none" },
  { value: "mean", text: "mean" },
  { value: "leaveOneOut", text: "mean of the others" },
  { value: "timeStep", text: "mean of each time step" },
  { value: "optimal", text: "optimal, by parameter" },
  { value: "value", text: "V(s), fitted" },
];

/** The baselines a weight can have: GAE has its own, and the optimal one is of the whole return. */
export function baselinesOf(weight: Switches["weight"]): readonly { value: Switches["baseline"]; text: string }[] {
  if (weight === "gae") return BASELINES.slice(0, 1);
  return BASELINES.filter(({ value }) => weight === "total" || value !== "optimal");
}

/** As `parseEstimator` takes it. */
export function nameOf({ weight, baseline, lambda }: Switches): string {
  if (weight === "gae") return `gae:${lambda}`;
  const allowed = baselinesOf(weight).some(({ value }) => value === baseline);
  return baseline === "none" || !allowed ? weight : `${weight}+${baseline}`;
}

/** The whole road of docs/theory.md, 3 to 11, in its order. */
export const LADDER: readonly string[] = [
  "total",
  "total+mean",
  "total+leaveOneOut",
  "total+optimal",
  "toGo",
  "toGo+mean",
  "toGo+leaveOneOut",
  "toGo+timeStep",
  "toGo+value",
  "gae:0.95",
];

/** Options of the algorithm `reinforce` for the same weights; it has no optimal baseline and takes the mean for it. */
export function reinforceOptionsOf({ weight, baseline, lambda }: Switches): Record<string, string | number> {
  if (weight === "gae") return { weighting: weight, baseline: "none", gaeLambda: lambda };
  return { weighting: weight, baseline: baseline === "optimal" ? "mean" : baseline };
}
