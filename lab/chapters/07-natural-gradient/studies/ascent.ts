/**
 * Many steps from one start, exactly: the plain gradient with a fixed rate, the plain gradient as long in F as the natural one,
 * and TRPO, that is the natural step behind a line search (docs/theory.md, 19, 21).
 */
import { exactGradient, exactTrustRegionStep, objective } from "ascent-rl/mdp";
import type { Study } from "../../../studies/study.ts";
import { type AscentName, ascentNames, STEPS } from "../shown.ts";
import { corridor, twoParameters } from "../twoParameters.ts";

export interface AscentInput {
  near: number;
  far: number;
  /** δ of each step. */
  delta: number;
  /** α of the plain gradient. */
  rate: number;
}

export interface AscentPath {
  /** θ after 0, 1, … steps: (θ₁, θ₂) one behind the other. */
  path: Float64Array;
  /** J of each. */
  objective: Float64Array;
}

export interface AscentOutput {
  steps: number;
  paths: Record<AscentName, AscentPath>;
}

const EVERY = 2;

type Stepper = (theta: Float64Array) => Float64Array;

export const study: Study<AscentInput, AscentOutput> = function* ({ near, far, delta, rate }) {
  const trusted = (theta: Float64Array) => exactTrustRegionStep(corridor, twoParameters, theta, { delta, tries: 15 });
  const moves: Record<AscentName, Stepper> = {
    fixed: (theta) => exactGradient(corridor, twoParameters, theta).map((g) => rate * g),
    sameKl: (theta) => trusted(theta).plain.change,
    trpo: (theta) => {
      const last = trusted(theta).tries.at(-1);
      return last?.accepted ? last.change : new Float64Array(2);
    },
  };
  const thetas = Object.fromEntries(ascentNames.map((name) => [name, [Float64Array.of(near, far)]])) as Record<
    AscentName,
    Float64Array[]
  >;
  for (let k = 1; k <= STEPS; k++) {
    for (const name of ascentNames) {
      const last = thetas[name][k - 1];
      const change = moves[name](last);
      thetas[name].push(last.map((x, j) => x + change[j]));
    }
    if (k % EVERY === 0) yield { steps: k, paths: mapPaths(thetas) };
  }
};

function mapPaths(thetas: Record<AscentName, Float64Array[]>): Record<AscentName, AscentPath> {
  return Object.fromEntries(
    ascentNames.map((name) => [
      name,
      {
        path: Float64Array.from(thetas[name].flatMap((theta) => [...theta])),
        objective: Float64Array.from(thetas[name], (theta) => objective(corridor, twoParameters.policy(theta))),
      },
    ]),
  ) as Record<AscentName, AscentPath>;
}
