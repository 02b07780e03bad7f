/** What of an estimator is drawn, and on which world. */
import type { Estimate } from "ascent-rl/estimators";
import type { FindingsAtSize } from "ascent-rl/variance";
import type { ExactAtSize } from "./studies/estimators.ts";

export type MeasureName = "variance" | "bias" | "cosine";

export interface Measure {
  text: string;
  /** Of the axis. */
  axis: string;
  isLogarithmic: boolean;
  of: (found: FindingsAtSize) => Estimate;
  /** Undefined where nothing exact is known. */
  exact: (exact: ExactAtSize | undefined) => number | undefined;
}

export const MEASURES: Readonly<Record<MeasureName, Measure>> = {
  variance: {
    ...{ text: "tr Cov", axis: "tr Cov of one estimate; bars are exact", isLogarithmic: true },
    of: ({ traceOfCovariance }) => traceOfCovariance,
    exact: (exact) => exact?.traceOfCovariance,
  },
  bias: {
    ...{ text: "Bias in shares of ‖∇J‖", axis: "‖E ĝ − ∇J‖ / ‖∇J‖; bars are exact", isLogarithmic: false },
    of: ({ bias }) => bias!,
    // What is 0 but for rounding is 0.
    exact: (exact) => exact && (exact.bias < 1e-9 ? 0 : exact.bias),
  },
  cosine: {
    ...{ text: "Cosine to ∇J", axis: "mean cosine of one estimate to ∇J", isLogarithmic: false },
    of: ({ cosine }) => cosine,
    exact: () => undefined,
  },
};

export type WorldChoice = "grid" | "chain" | "random-mdp:3";

/** Exact worlds of `ascent variance --env`. */
export const WORLDS: readonly { value: WorldChoice; text: string }[] = [
  { value: "grid", text: "a maze" },
  { value: "chain", text: "a corridor" },
  { value: "random-mdp:3", text: "a random world" },
];
