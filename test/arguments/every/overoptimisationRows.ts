/** Valid arguments of the functions of "ascent-rl/overoptimisation", on two sentences. */

import { maybe, options, parts } from "./harness.ts";

const half = [0.5, 0.5];
const scored = () => parts({ reference: half, proxy: [1, 2], gold: [2, 1] });
const path = [{ distance: 0, proxy: 0, gold: 0 }];

export const overoptimisationRows: Record<string, () => unknown[]> = {
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
  tailWorld: () => [options({ error: "normal", answers: 2, seed: 0 })],
};
