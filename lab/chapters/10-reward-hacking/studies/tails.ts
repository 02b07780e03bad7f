/** Proxies with a made-up error, light-tailed or heavy-tailed (Kwa et al. 2024): exact, a world for each seed. */
import { bestOfNPressure, type PressurePoint, regularisedPressure, tailWorld } from "ascent-rl/overoptimisation";
import type { Study } from "../../../studies/study.ts";
import { type SeedCurve, seedCurve } from "../curve.ts";
import { DRAWS } from "../sizes.ts";

export interface TailsInput {
  error: "normal" | "student";
  optimiser: "best of n" | "optimum";
  /** Equally likely answers of each world. */
  answers: number;
  seeds: readonly number[];
}

/** β from weak to strong optimisation, as `overoptimisationStudy` has it. */
const BETAS = [16, 8, 4, 2, 1.4, 1, 0.7, 0.5, 0.35, 0.25, 0.18] as const;

export interface TailsOutput extends SeedCurve {
  /** What it was computed for. */
  of: TailsInput;
}

export const study: Study<TailsInput, TailsOutput> = function* (input) {
  const { error, optimiser, answers, seeds } = input;
  const paths: PressurePoint[][] = [];
  for (const seed of seeds) {
    const world = tailWorld({ error, answers, seed });
    paths.push(optimiser === "best of n" ? bestOfNPressure(world, DRAWS) : regularisedPressure(world, BETAS));
    yield { of: input, ...seedCurve(paths, optimiser === "best of n" ? "bestOfN" : "reinforcementLearning") };
  }
};
