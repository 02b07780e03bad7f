/** The monitor: each rule speaks in a run that really goes wrong that way, once, and short healthy runs hear nothing. */

import { describe, expect, test, vi } from "vitest";
import type { AlgorithmName } from "../../src/algorithms/byName.ts";
import { box, discrete, type Environment } from "../../src/envs/index.ts";
import { Monitor } from "../../src/training/monitor/monitor.ts";
import { rules } from "../../src/training/monitor/rules.ts";
import { type TrainingWarning, warningText } from "../../src/training/monitor/warning.ts";
import { type TrainOptions, train } from "../../src/training/train.ts";

const bandit = (reward: (action: number) => number, observation = 0.5, length = 1) => {
  const factory = (): Environment<number[], number> => {
    let t = 0;
    return {
      observationSpace: box({ low: -Infinity, high: Infinity, shape: [1] }),
      actionSpace: discrete(2),
      reset: () => ({ observation: [observation] }),
      step: (action) => ({
        observation: [observation],
        reward: reward(action),
        terminated: ++t % length === 0,
        truncated: false,
      }),
    };
  };
  return factory;
};

/** The best action lies at `best`, in [-1, 1]. */
const target = (best: number) => (): Environment<number[], number[]> => ({
  observationSpace: box({ low: -1, high: 1, shape: [1] }),
  actionSpace: box({ low: -1, high: 1, shape: [1] }),
  reset: () => ({ observation: [0.5] }),
  step: ([action]) => ({ observation: [0.5], reward: -((action - best) ** 2), terminated: true, truncated: false }),
});

async function warningsOf(algorithm: AlgorithmName, given: TrainOptions): Promise<TrainingWarning[]> {
  const warnings: TrainingWarning[] = [];
  await train(algorithm, { ...given, onWarning: (warning) => warnings.push(warning) });
  return warnings;
}

const names = (warnings: readonly TrainingWarning[]) => warnings.map(({ rule }) => rule);
const paid = bandit((action) => action);

describe("a run that goes wrong says so", () => {
  test("policy not moving: a rate near 0", async () => {
    const options = { nEnvs: 2, nSteps: 32, learningRate: 1e-9, nEpochs: 2 };
    const found = await warningsOf("ppo", { environment: paid, steps: 64 * 25, options });
    expect(names(found)).toContain("policy not moving");
    expect(found[0].fix).toMatch(/learningRate/);
  });

  test("entropy gone: steps that are far too long", async () => {
    const options = { nEnvs: 4, nSteps: 32, learningRate: 0.5, nEpochs: 20 };
    const found = await warningsOf("ppo", { environment: paid, steps: 128 * 10, options });
    expect(names(found)).toContain("entropy gone");
    expect(found.find(({ rule }) => rule === "entropy gone")!.fix).toMatch(/learningRate or nEpochs.*entCoef/);
  });

  test("KL far over target: nothing holds the policy near the old one", async () => {
    const options = { nEnvs: 4, nSteps: 64, learningRate: 0.3, nEpochs: 10, hidden: [8] };
    const noise = bandit((action) => action, 1, 7);
    const far = await warningsOf("ppo", {
      environment: noise,
      steps: 256 * 8,
      options: { ...options, objective: "none" },
    });
    expect(names(far)).toContain("KL far over target");
  });

  test("critic explains nothing: rewards of a million behind a short rate", async () => {
    const options = { nEnvs: 2, nSteps: 8, nEpochs: 1, learningRate: 1e-5 };
    const environment = bandit((action) => 1e6 * (action - 0.5), 0.5, 3);
    const found = await warningsOf("ppo", { environment, steps: 16 * 130, options });
    expect(names(found)).toContain("critic explains nothing");
    expect(found.find(({ rule }) => rule === "critic explains nothing")!.fix).toMatch(/normalizeRewards/);
  });

  test("value loss dwarfs the policy's gradient in layers they share", async () => {
    const options = { nEnvs: 2, nSteps: 32, shared: true };
    const found = await warningsOf("ppo", { environment: bandit((a) => a * 1e4), steps: 64 * 6, options });
    expect(names(found)).toContain("value loss dwarfs the policy's gradient");
  });

  test("actions stuck at a bound", async () => {
    const options = { nEnvs: 4, nSteps: 32, learningRate: 3e-2, logStdInit: -3 };
    const found = await warningsOf("ppo", { environment: target(5), steps: 128 * 60, options });
    expect(names(found)).toContain("actions stuck at a bound");
  });

  test("no episode ends", async () => {
    const environment = bandit(() => 1, 0.5, Number.POSITIVE_INFINITY);
    const options = { nEnvs: 1, nSteps: 2048, nEpochs: 1, batchSize: 2048, hidden: [4] };
    const found = await warningsOf("ppo", { environment, steps: 22_528, options });
    expect(names(found)).toContain("no episode ends");
    expect(found.find(({ rule }) => rule === "no episode ends")!.steps).toBe(20_480);
  });

  test.each([1e4, 1e-5])("observations far from 1: of size %d", async (size) => {
    const found = await warningsOf("ppo", { environment: bandit((a) => a, size), steps: 2048 * 3 });
    expect(names(found)).toContain("observations far from 1");
    expect(found[0].fix).toMatch(/normalizeObservations/);
    const options = { normalizeObservations: true };
    const cured = await warningsOf("ppo", { environment: bandit((a) => a, size), steps: 2048 * 3, options });
    expect(names(cured)).not.toContain("observations far from 1");
  });
});

describe("rules on figures alone", () => {
  const monitorOf = (options: Record<string, unknown> = {}) => new Monitor({ algorithm: "ppo", options });
  const feed = (monitor: Monitor, figures: Record<string, number>, times: number) =>
    Array.from({ length: times }, (_, i) => names(monitor.watch({ steps: i + 1, ...figures }))).flat();

  test("clip fraction near 1 needs three iterations on end", () => {
    const monitor = monitorOf();
    expect(feed(monitor, { clipFraction: 0.9 }, 2)).toEqual([]);
    expect(feed(monitor, { clipFraction: 0.5 }, 1)).toEqual([]);
    expect(feed(monitor, { clipFraction: 0.9 }, 3)).toEqual(["clip fraction near 1"]);
  });

  test("KL is held against the target where there is one", () => {
    expect(feed(monitorOf({ targetKl: 0.01 }), { approxKl: 0.06 }, 3)).toEqual(["KL far over target"]);
    expect(feed(monitorOf({ targetKl: 0.02 }), { approxKl: 0.06 }, 3)).toEqual([]);
    expect(feed(monitorOf({ objective: "penalty", klTarget: 0.01 }), { approxKl: 0.06 }, 3)).toHaveLength(1);
    expect(feed(monitorOf(), { approxKl: 0.06 }, 3)).toEqual([]);
  });

  test("without an end of an episode it is the steps of each environment that count, not those of all", () => {
    const monitor = monitorOf({ nEnvs: 8 });
    const at = (steps: number) => names(monitor.watch({ steps, episodes: 0 }));
    expect(at(20_000)).toEqual([]);
    expect(at(8 * 20_000 - 8)).toEqual([]);
    expect(at(8 * 20_000)).toEqual(["no episode ends"]);
  });

  test("a converged policy, or one whose rate has run out, may rest", () => {
    const still = { approxKl: 0, learningRate: 1, gradientNorm: 0 };
    expect(feed(monitorOf(), { ...still, entropy: 0.001 }, 30)).toEqual([]);
    expect(feed(monitorOf(), { ...still, entropy: 0.6 }, 30)).toEqual(["policy not moving"]);
    const annealed = monitorOf();
    annealed.watch({ steps: 0, ...still, entropy: 0.6, learningRate: 100, approxKl: 0.01 });
    expect(feed(annealed, { ...still, entropy: 0.6 }, 30)).toEqual([]);
  });

  test("a line search that refuses every step is named", () => {
    const monitor = monitorOf();
    const figures = { approxKl: 0, stepFraction: 0, entropy: 0.6, learningRate: 1, gradientNorm: 1 };
    const found = Array.from({ length: 20 }, (_, i) => monitor.watch({ steps: i, ...figures })).flat();
    expect(found[0].what).toMatch(/line search has refused/);
  });

  test("each rule speaks once", () => {
    expect(feed(monitorOf(), { clipFraction: 0.95 }, 20)).toEqual(["clip fraction near 1"]);
  });

  test("figures that are missing or not numbers trigger nothing", () => {
    const empty = Object.fromEntries(
      ["approxKl", "clipFraction", "explainedVariance", "entropy"].map((n) => [n, Number.NaN]),
    );
    expect(feed(monitorOf(), empty, 120)).toEqual([]);
    expect(feed(monitorOf(), {}, 120)).toEqual([]);
  });

  test("rules have names of their own", () => {
    expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
  });
});

test("a healthy run hears nothing, and the console is the default listener", async () => {
  const listen = vi.spyOn(console, "warn").mockImplementation(() => {});
  try {
    await train("ppo", { environment: "CartPole-v1", steps: 20_000 });
    expect(listen).not.toHaveBeenCalled();
    const sick = { environment: bandit((a) => a, 1e5), steps: 2048 * 3 };
    await train("ppo", { ...sick, monitor: false });
    expect(listen).not.toHaveBeenCalled();
    await train("ppo", sick);
    expect(listen.mock.calls[0][0]).toMatch(/^ascent: step 6,144: a column of the observations has the size 1.?0*/);
  } finally {
    listen.mockRestore();
  }
});

test("a warning as words", () => {
  const warning = { rule: "r", steps: 12_345, what: "it stands", fix: "Push it." };
  expect(warningText(warning)).toBe("step 12,345: it stands. Push it.");
});
