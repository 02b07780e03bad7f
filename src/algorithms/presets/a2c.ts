/** Settings of A2C for the built-in environments; docs/results has what each reaches. */

import type { A2cOptions } from "../a2c.ts";
import type { Preset } from "../algorithm.ts";

export const a2cPresets = {
  "CartPole-v1": { steps: 500_000, options: { nEnvs: 8 } },
  "Acrobot-v1": {
    steps: 500_000,
    options: { nEnvs: 16, normalizeObservations: true, normalizeRewards: true },
  },
  "Pendulum-v1": {
    steps: 1_000_000,
    options: {
      nEnvs: 8,
      nSteps: 8,
      gamma: 0.9,
      gaeLambda: 0.9,
      vfCoef: 0.4,
      learningRate: "linear:1.6e-3",
      normalizeObservations: true,
      normalizeRewards: true,
    },
  },
} satisfies Record<string, Preset<A2cOptions>>;
