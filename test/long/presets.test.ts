/**
 * Presets reach what docs/results says, and the monitor has nothing to say of them: fewer seeds than the tables, the same
 * levels. Minutes, so not in the fast suite.
 */

import { describe, expect, test } from "vitest";
import type { AlgorithmName } from "../../src/algorithms/byName.ts";
import { evaluatePolicy } from "../../src/training/evaluate.ts";
import { Monitor } from "../../src/training/monitor/monitor.ts";
import { type TrainingWarning, warningText } from "../../src/training/monitor/warning.ts";
import { createLearner, runLearner } from "../../src/training/train.ts";

const SEEDS = [0, 1, 2];

const levels: [algorithm: string, environment: string, level: number][] = [
  ["reinforce", "CartPole-v1", 475],
  ["a2c", "CartPole-v1", 490],
  ["a2c", "Acrobot-v1", -90],
  ["npg", "CartPole-v1", 490],
  ["npg", "Acrobot-v1", -90],
  ["npg", "Pendulum-v1", -200],
  ["trpo", "CartPole-v1", 490],
  ["trpo", "Acrobot-v1", -90],
  ["trpo", "Pendulum-v1", -200],
  ["off-policy-pg", "CartPole-v1", 450],
  ["ppo", "CartPole-v1", 495],
  ["ppo", "Pendulum-v1", -200],
  ["ppo", "Acrobot-v1", -85],
  ["ppo", "MountainCar-v0", -120],
  ["ppo", "MountainCarContinuous-v0", 88],
  ["ppo", "CartPoleNoVelocity-v1", 450],
  ["ppo", "GridImage-v1", 0.85],
];

describe.each(levels)("%s on %s", (algorithm, environment, level) => {
  test(`mean return of three seeds ≥ ${level}`, async () => {
    let total = 0;
    for (const seed of SEEDS) {
      const { learner, steps, options } = await createLearner(algorithm as AlgorithmName, { environment, seed });
      const warnings: string[] = [];
      const onWarning = (warning: TrainingWarning) => warnings.push(warningText(warning));
      await runLearner(learner, steps, { onWarning, monitor: new Monitor({ algorithm, options }) });
      expect(warnings).toEqual([]);
      const { mean } = await evaluatePolicy(learner.policy(), environment, { episodes: 100, seed: 1_000_003 + seed });
      total += mean;
    }
    expect(total / SEEDS.length).toBeGreaterThanOrEqual(level);
  });
});
