/** Valid arguments of the functions of "ascent-rl/overoptimisation", on two sentences. */

import { createEngine } from "../../../src/tensor/index.ts";
import { maybe, options, parts, settings } from "./harness.ts";

const half = [0.5, 0.5];
const scored = () => parts({ reference: half, proxy: [1, 2], gold: [2, 1] });
// Of a scene only what is looked at before anything runs.
const scene = { engine: {}, seed: 0, world: {}, policy: {}, reference: half, gold: half };
const path = [{ distance: 0, proxy: 0, gold: 0 }];

export async function overoptimisationRows(): Promise<Record<string, () => unknown[]>> {
  const engine = await createEngine();
  return {
    fitGold: () => [[1, 2], [1, 2], "bestOfN"],
    fittedGold: () => [parts({ alpha: 1, beta: 1 }), "bestOfN", 1],
    goldWorld: () => [0],
    lengthWorld: () => [0],
    withoutLength: () => [parts({ reference: half, proxy: [1, 2] }), [1, 2]],
    bestOfNPressure: () => [scored(), [1]],
    regularisedPressure: () => [scored(), [1]],
    pressurePoint: () => [half, scored()],
    goldAtBudget: () => [path, 1],
    labelledPairs: () => [
      options({ reference: half, gold: [1, 2], pairs: 1, noise: maybe(0), sharpness: maybe(1), seed: 0 }),
    ],
    standardised: () => [half, [1, 2]],
    goldCurve: () => [[path], "bestOfN"],
    bestOfNPath: () => [scored(), [1]],
    stoppedEarly: () => [[{ ...path[0], policy: half, samples: 1 }], [1, 2]],
    overoptimisationScene: () => [engine, 0],
    learningProxy: () => [
      scene,
      settings({ width: 4, pairs: 10, noise: maybe(0), seed: maybe(0), labelSeed: maybe(0), looks: maybe(1) }),
    ],
    memberSeed: () => [0, 1],
    rlooPath: () => [scene, half, options({ completions: 1, points: 1, beta: 0 })],
    tailWorld: () => [options({ error: "normal", answers: 2, seed: 0 })],
  };
}
