/** Settings of TRPO and NPG for the built-in environments; docs/results has what each reaches. */

import type { NpgOptions } from "../npg.ts";

export const trustRegionPresets = {
  "CartPole-v1": {
    steps: 100_000,
    options: {
      nEnvs: 2,
      nSteps: 512,
      batchSize: 512,
      cgDamping: 1e-3,
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
} satisfies Record<string, { steps: number; options: NpgOptions }>;

/** Without a line search the step must be shorter, and the matrix better conditioned, to stay where its model holds. */
export const npgPresets = {
  ...trustRegionPresets,
  "CartPole-v1": {
    steps: 100_000,
    options: { ...trustRegionPresets["CartPole-v1"].options, targetKl: 0.005, cgDamping: 0.1 },
  },
} satisfies Record<string, { steps: number; options: NpgOptions }>;
