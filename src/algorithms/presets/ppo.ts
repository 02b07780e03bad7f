/**
 * Settings of PPO for the built-in environments. Starting points were the tuned hyperparameters of Stable-Baselines3's zoo;
 * docs/results has what each reaches.
 */

import type { PpoOptions } from "../ppo.ts";

export const ppoPresets = {
  "CartPole-v1": {
    steps: 100_000,
    options: {
      nEnvs: 8,
      nSteps: 32,
      batchSize: 256,
      nEpochs: 20,
      gamma: 0.98,
      gaeLambda: 0.8,
      learningRate: { kind: "linear", from: 1e-3, to: 1e-4 },
      clipRange: { kind: "linear", from: 0.2, to: 0.05 },
      annealSteps: 100_000,
    },
  },
} satisfies Record<string, { steps: number; options: PpoOptions }>;
