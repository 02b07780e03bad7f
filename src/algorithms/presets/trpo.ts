/** Settings of TRPO and NPG for the built-in environments; docs/results has what each reaches. */

import type { Preset } from "../algorithm.ts";
import type { NpgOptions } from "../npg.ts";

export const trustRegionPresets = {
  "CartPole-v1": {
    steps: 100_000,
    options: {
      nEnvs: 2,
      nSteps: 512,
      batchSize: 512,
      // A shorter step on a better conditioned matrix than the zoo's: some seeds fell off again at its 0.01 and 1e-3.
      targetKl: 0.005,
      cgDamping: 0.1,
      gaeLambda: 0.98,
      gamma: 0.99,
      learningRate: 1e-3,
      nCriticUpdates: 20,
    },
  },
  "Acrobot-v1": {
    steps: 200_000,
    options: {
      nEnvs: 2,
      nSteps: 1024,
      normalizeObservations: true,
      normalizeRewards: true,
    },
  },
  "Pendulum-v1": {
    steps: 200_000,
    options: {
      nEnvs: 2,
      nSteps: 1024,
      gamma: 0.9,
      nCriticUpdates: 15,
      normalizeRewards: true,
    },
  },
} satisfies Record<string, Preset<NpgOptions>>;
