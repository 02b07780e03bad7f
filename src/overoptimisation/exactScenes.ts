/** The scenes of the study that need no learning: error tails, and a proxy that pays for length. All exact, a path for each seed. */

import { bestOfN } from "../estimators/preferences/bestOfN.ts";
import { type MeanInterval, meanInterval } from "../numerics/meanInterval.ts";
import { type GoldCurve, goldCurve } from "./curves.ts";
import { lengthWorld, withoutLength } from "./lengthWorld.ts";
import { bestOfNPressure, regularisedPressure } from "./pressure.ts";
import { tailWorld } from "./tails.ts";

/** β from weak to strong optimisation. */
const BETAS = [16, 8, 4, 2, 1.4, 1, 0.7, 0.5, 0.35, 0.25, 0.18] as const;

export interface TailFindings {
  readonly error: "normal" | "student";
  readonly answers: number;
  readonly bestOfN: GoldCurve;
  readonly regularised: GoldCurve;
}

/** @param answers of each world. */
export function tailFindings(seeds: readonly number[], draws: readonly number[], answers: number): TailFindings[] {
  return (["normal", "student"] as const).map((error) => {
    const worlds = seeds.map((seed) => tailWorld({ error, answers, seed }));
    return {
      ...{ error, answers },
      bestOfN: goldCurve(
        worlds.map((world) => bestOfNPressure(world, draws)),
        "bestOfN",
      ),
      regularised: goldCurve(
        worlds.map((world) => regularisedPressure(world, BETAS)),
        "reinforcementLearning",
      ),
    };
  });
}

export interface LengthFindings {
  readonly proxy: "pays for length" | "length taken out";
  readonly bestOfN: GoldCurve;
  /** Words of the sentence, by n. */
  readonly words: readonly MeanInterval[];
}

export function lengthFindings(seeds: readonly number[], draws: readonly number[]): LengthFindings[] {
  const worlds = seeds.map((seed) => lengthWorld(seed));
  return (["pays for length", "length taken out"] as const).map((name) => {
    const scored = worlds.map((world) => ({
      ...world,
      proxy: name === "pays for length" ? world.proxy : withoutLength(world, world.words),
    }));
    const words = draws.map((n) =>
      meanInterval(
        scored.map(({ reference, proxy, words }) =>
          bestOfN(reference, proxy, n).reduce((sum, p, y) => sum + p * words[y], 0),
        ),
      ),
    );
    const paths = scored.map((world) => bestOfNPressure(world, draws));
    return { proxy: name, bestOfN: goldCurve(paths, "bestOfN"), words };
  });
}
