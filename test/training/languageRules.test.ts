/** The monitor's rules for language models: each speaks where it should, and nowhere else. */

import { describe, expect, test } from "vitest";
import type { Metrics } from "../../src/learners/learner.ts";
import { RandomStream } from "../../src/random/index.ts";
import { Monitor } from "../../src/training/monitor/monitor.ts";

const facts = { algorithm: "dpo", options: {}, of: "language model" } as const;

/** Warnings of a run whose figures are these, update by update. */
function said(updates: number, figures: (update: number) => Record<string, number>, of: object = facts) {
  const monitor = new Monitor(of as typeof facts);
  return Array.from({ length: updates }, (_, i) => monitor.watch({ steps: i + 1, ...figures(i) } as Metrics)).flat();
}

describe("chosen completions become less likely", () => {
  const random = new RandomStream(1, 2000);
  const noise = () => 0.2 * random.normal();
  const run = (logps: (i: number) => number, margins: (i: number) => number) =>
    said(80, (i) => ({ "logps/chosen": logps(i) + noise(), "rewards/margins": margins(i), gradientNorm: 1 }));

  test("while margins grow: once, with both figures and what cures it", () => {
    const warnings = run(
      (i) => -20 - 0.1 * i,
      (i) => 0.01 * i,
    );
    expect(warnings.map(({ rule }) => rule)).toEqual(["chosen completions become less likely"]);
    expect(warnings[0].what).toMatch(/log-probability down by \d.*margin grows to 0\.\d/);
    expect(warnings[0].fix).toMatch(/sigmoid\+sft/);
  });

  test.each<[string, (i: number) => number, (i: number) => number]>([
    ["they stay as they are", () => -20, (i) => 0.01 * i],
    ["they become more likely", (i) => -20 + 0.1 * i, (i) => 0.01 * i],
    ["they fall by less than a nat", (i) => -20 - 0.01 * i, (i) => 0.01 * i],
    ["margins do not grow", (i) => -20 - 0.1 * i, () => 0.3],
    ["margins are below 0", (i) => -20 - 0.1 * i, (i) => -1 + 0.001 * i],
  ])("not where %s", (_, logps, margins) => {
    expect(run(logps, margins)).toEqual([]);
  });

  test("not for a fall that is within the noise of the batches", () => {
    const wild = new RandomStream(2, 2000);
    const warnings = said(80, (i) => ({
      "logps/chosen": -20 - 0.03 * i + 8 * wild.normal(),
      "rewards/margins": 0.01 * i,
      gradientNorm: 1,
    }));
    expect(warnings).toEqual([]);
  });
});

test("rewards tell nothing apart: of a reward model whose margins stay 0, and of nothing else", () => {
  const figures = () => ({ margin: 1e-5, gradientNorm: 0.1 });
  const rewards = { ...facts, algorithm: "reward-model" };
  expect(said(100, figures, rewards).map(({ rule }) => rule)).toEqual(["rewards tell nothing apart"]);
  expect(said(99, figures, rewards)).toEqual([]);
  expect(said(120, (i) => ({ ...figures(), margin: i === 60 ? 0.01 : 0 }), rewards)).toEqual([]);
  expect(said(120, figures)).toEqual([]);
});

test("gradient is 0: ten updates on end", () => {
  expect(said(10, () => ({ gradientNorm: 0 })).map(({ rule }) => rule)).toEqual(["gradient is 0"]);
  expect(said(30, (i) => ({ gradientNorm: i % 9 === 0 ? 1e-9 : 0 }))).toEqual([]);
});

test("rules of policies do not hold for language models: a KL divergence to a reference is no step of an update", () => {
  const figures = () => ({ kl: 0, entropy: 2, learningRate: 1, gradientNorm: 1 });
  expect(said(40, figures)).toEqual([]);
  expect(said(40, figures, { algorithm: "ppo", options: {} }).map(({ rule }) => rule)).toEqual(["policy not moving"]);
  expect(said(10, () => ({ kl: 9, gradientNorm: 1 }))).toEqual([]);
});
