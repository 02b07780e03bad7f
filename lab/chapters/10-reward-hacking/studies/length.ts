/** A proxy that pays for every word (Singhal et al. 2023), and the cure that takes out what length explains: exact, by seeds. */
import { bestOfN, meanInterval } from "ascent-rl/estimators";
import { bestOfNPressure, lengthWorld, type PressurePoint, withoutLength } from "ascent-rl/overoptimisation";
import type { Study } from "../../../studies/study.ts";
import { type Interval, type SeedCurve, seedCurve } from "../curve.ts";
import { DRAWS } from "../sizes.ts";

export interface LengthInput {
  /** Whether what length explains is taken out of the proxy. */
  takenOut: boolean;
  seeds: readonly number[];
}

export interface LengthOutput {
  /** What it was computed for. */
  of: LengthInput;
  curve: SeedCurve;
  /** n, and the words of the best of n. */
  draws: Float64Array;
  words: readonly Interval[];
}

export const study: Study<LengthInput, LengthOutput> = function* (input) {
  const { takenOut, seeds } = input;
  const paths: PressurePoint[][] = [];
  const words: number[][] = DRAWS.map(() => []);
  for (const seed of seeds) {
    const world = lengthWorld(seed);
    const proxy = takenOut ? withoutLength(world, world.words) : world.proxy;
    paths.push(bestOfNPressure({ ...world, proxy }, DRAWS));
    DRAWS.forEach((n, k) => {
      words[k].push(bestOfN(world.reference, proxy, n).reduce((sum, p, y) => sum + p * world.words[y], 0));
    });
    yield {
      of: input,
      curve: seedCurve(paths, "bestOfN"),
      draws: Float64Array.from(DRAWS),
      words: words.map((of) => {
        const { value, low, high } = meanInterval(of);
        return { value, low, high };
      }),
    };
  }
};
