/**
 * Settings of PPO for the built-in environments. Starting points were the tuned hyperparameters of Stable-Baselines3's zoo;
 * docs/results has what each reaches. Schedules run over the run's own length, whatever it is, and end above zero, so that a
 * run that is resumed to more steps goes on learning.
 */

import type { Preset } from "../algorithm.ts";
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
      // 500 on twenty of twenty seeds; with an uncut critic two of them fell off again.
      maxGradNormVf: 0.5,
    },
  },
  "Acrobot-v1": {
    steps: 500_000,
    options: {
      nEnvs: 16,
      nSteps: 128,
      batchSize: 128,
      nEpochs: 10,
      gamma: 0.99,
      gaeLambda: 0.95,
      learningRate: { kind: "linear", from: 1e-3, to: 5e-5 },
      normalizeObservations: true,
      normalizeRewards: true,
    },
  },
  "Pendulum-v1": {
    steps: 100_000,
    options: {
      nEnvs: 4,
      nSteps: 512,
      batchSize: 64,
      nEpochs: 20,
      gamma: 0.95,
      gaeLambda: 0.95,
      learningRate: { kind: "linear", from: 2e-3, to: 1e-4 },
      clipRange: 0.1,
      normalizeRewards: true,
    },
  },
  // Stable-Baselines3's zoo, not measured here yet; so is the walker's.
  "LunarLander-v3": {
    steps: 1_000_000,
    options: {
      nEnvs: 16,
      nSteps: 1024,
      batchSize: 64,
      nEpochs: 4,
      gamma: 0.999,
      gaeLambda: 0.98,
      entCoef: 0.01,
    },
  },
  "BipedalWalker-v3": {
    steps: 3_000_000,
    options: {
      nEnvs: 32,
      nSteps: 2048,
      batchSize: 64,
      nEpochs: 10,
      gamma: 0.999,
      gaeLambda: 0.95,
      clipRange: 0.18,
      normalizeObservations: true,
      normalizeRewards: true,
    },
  },
  "MountainCar-v0": {
    steps: 1_000_000,
    options: {
      nEnvs: 16,
      nSteps: 64,
      batchSize: 128,
      nEpochs: 4,
      gamma: 0.99,
      gaeLambda: 0.95,
      learningRate: { kind: "linear", from: 1e-3, to: 1e-4 },
      normalizeObservations: true,
      normalizeRewards: true,
    },
  },
  "MountainCarContinuous-v0": {
    steps: 100_000,
    options: {
      nEnvs: 8,
      nSteps: 256,
      batchSize: 256,
      nEpochs: 10,
      gamma: 0.9999,
      gaeLambda: 0.98,
      learningRate: { kind: "linear", from: 3e-4, to: 1e-4 },
      logStdInit: 0.5,
      normalizeObservations: true,
      normalizeRewards: true,
    },
  },
  "GridImage-v1": {
    steps: 150_000,
    options: {
      hidden: [64],
      shared: true,
      nEnvs: 16,
      nSteps: 64,
      batchSize: 256,
      nEpochs: 4,
      gamma: 0.95,
      gaeLambda: 0.95,
      learningRate: { kind: "linear", from: 1e-3, to: 1e-4 },
      entCoef: 0.01,
    },
  },
  "CartPoleNoVelocity-v1": {
    steps: 200_000,
    options: {
      recurrent: "lstm",
      hidden: [64],
      nEnvs: 16,
      nSteps: 64,
      batchSize: 256,
      nEpochs: 10,
      gamma: 0.98,
      gaeLambda: 0.9,
      learningRate: { kind: "linear", from: 1e-3, to: 1e-4 },
      clipRange: { kind: "linear", from: 0.2, to: 0.05 },
      normalizeObservations: true,
      normalizeRewards: true,
    },
  },
} satisfies Record<string, Preset<PpoOptions>>;
