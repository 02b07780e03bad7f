/**
 * Environment steps per second of whole training on CartPole-v1, one thread, with the settings other libraries publish
 * theirs for. Medians of several runs in one process, after a warm-up run. Peers' figures are quoted in
 * docs/results/speed.md.
 */

import type { PpoOptions } from "../src/algorithms/ppo.ts";
import { ppo } from "../src/algorithms/ppo.ts";
import { makeBatched } from "../src/envs/index.ts";
import { createEngine } from "../src/tensor/index.ts";
import { atLeast } from "./workloads/levels.ts";
import { markdownTable } from "./workloads/timing.ts";

interface Setting extends PpoOptions {
  nEnvs: number;
}

const settings: readonly { name: string; level: number; options: Setting }[] = [
  {
    name: "Stable-Baselines3 zoo: 8 envs × 32 steps, batch 256, 20 epochs",
    level: 20_000,
    options: {
      nEnvs: 8,
      nSteps: 32,
      batchSize: 256,
      nEpochs: 20,
      gamma: 0.98,
      gaeLambda: 0.8,
      learningRate: "linear:1e-3",
      clipRange: "linear:0.2",
    },
  },
  {
    name: "CleanRL: 4 envs × 128 steps, 4 minibatches, 4 epochs",
    level: 60_000,
    options: {
      nEnvs: 4,
      nSteps: 128,
      batchSize: 128,
      nEpochs: 4,
      learningRate: "linear:2.5e-4",
      entCoef: 0.01,
      clipRangeVf: 0.2,
    },
  },
];

const STEPS = 100_000;
const RUNS = 5;

const rows: string[][] = [];
for (const { name, level, options } of settings) {
  const runs: { rate: number; act: number; env: number; learn: number }[] = [];
  for (let run = 0; run <= RUNS; run++) {
    const environment = makeBatched("CartPole-v1", options.nEnvs);
    const learner = ppo(await createEngine(), environment, { ...options, seed: run }, STEPS);
    const share = { act: 0, env: 0, learn: 0 };
    const begin = performance.now();
    while (learner.steps < STEPS) {
      learner.iterate();
      share.act += learner.times.act;
      share.env += learner.times.env;
      share.learn += learner.times.learn;
    }
    const milliseconds = performance.now() - begin;
    const percent = (part: number) => (100 * part) / milliseconds;
    const figures = { act: percent(share.act), env: percent(share.env), learn: percent(share.learn) };
    if (run > 0) runs.push({ rate: (learner.steps / milliseconds) * 1000, ...figures });
  }
  const middle = runs.sort((a, b) => a.rate - b.rate)[Math.floor(RUNS / 2)];
  const percent = (part: number) => `${part.toFixed(0)} %`;
  const split = [middle.act, middle.env, middle.learn].map(percent);
  rows.push([name, Math.round(middle.rate).toLocaleString("en"), atLeast(level, middle.rate), ...split]);
}
console.log(markdownTable(["settings", `env-steps/s (median of ${RUNS})`, "level", "act", "env", "learn"], rows));
console.log(`\nKernels: ${(await createEngine()).build}; Node ${process.versions.node}.`);
