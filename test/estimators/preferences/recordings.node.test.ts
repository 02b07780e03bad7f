/** Estimators for completions against recordings: advantages of groups, token rewards, whitening, KL control, best-of-n. */

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  bestOfN,
  bestOfNKlBound,
  combineRewards,
  episodeAdvantages,
  equalRewardShare,
  groupAdvantages,
  leaveOneOutAdvantages,
  nextKlCoefficient,
  tokenRewards,
  whiten,
} from "../../../src/estimators/index.ts";
import { stateKl } from "../../../src/mdp/index.ts";

function recording<Content>(path: string): Content {
  const text = readFileSync(new URL(`../../golden/preferences/${path}`, import.meta.url), "utf8");
  return JSON.parse(text, (_, value) => (value === "nan" ? Number.NaN : value)) as Content;
}

function expectRecorded(actual: ArrayLike<number>, expected: readonly number[], relative: number, what: string) {
  expect(actual.length, what).toBe(expected.length);
  expected.forEach((value, i) => {
    const error = Math.abs(actual[i] - value);
    if (!(error <= relative * Math.abs(value) + 1e-6)) expect.fail(`${what} [${i}] is ${actual[i]}, recorded ${value}`);
  });
}

const GROUP = 4;

describe("GRPO advantages", () => {
  interface Case {
    config: {
      scale_rewards?: "group" | "batch" | "none";
      multi_objective_aggregation?: string;
      reward_weights?: number[];
    };
    rewards_per_function: number[][];
    advantages: number[];
    metrics: Record<string, number>;
  }
  const { cases } = recording<{ cases: Record<string, Case> }>("groups/advantages.json");

  test.each(Object.entries(cases))("%s", (name, { config, rewards_per_function: rewards, advantages, metrics }) => {
    const weights = config.reward_weights ?? [1];
    const out = new Float64Array(rewards.length);
    if (config.multi_objective_aggregation === "normalize_then_sum") {
      // GDPO: each function's rewards in their groups first, then their weighted sum over the batch.
      const columns = weights.map((_, k) => {
        const column = new Float64Array(rewards.length);
        groupAdvantages(
          rewards.map((row) => row[k]),
          GROUP,
          column,
        );
        return column;
      });
      combineRewards(
        rewards.flatMap((_, i) => columns.map((column) => column[i])),
        weights,
        out,
      );
      groupAdvantages(out, out.length, out);
    } else {
      combineRewards(rewards.flat(), weights, out);
      if (config.scale_rewards !== "batch") {
        // A group with a single score teaches nothing either; TRL does not count it, since its deviation is NaN there.
        const alone = name === "grpo_group_unscorable" ? 1 / 3 : 0;
        expect(equalRewardShare(out, GROUP)).toBeCloseTo(metrics["frac_reward_zero_std"] + alone, 6);
      }
      groupAdvantages(out, GROUP, out, { scale: config.scale_rewards });
    }
    expectRecorded(out, advantages, 1e-4, name);
  });
});

describe("RLOO advantages", () => {
  interface Case {
    config: { beta: number; normalize_advantages?: boolean; reward_clip_range?: [number, number] };
    rewards: number[];
    advantages: number[];
  }
  const { cases } = recording<{ cases: Record<string, Case> }>("groups/rloo.json");
  const inputs = recording<{ completion_mask: number[][]; old_logps: number[][]; reference_logps: number[][] }>(
    "groups/inputs.json",
  );

  test.each(Object.entries(cases))(
    "%s: rewards are clipped, then pay for the KL divergence, then centred",
    (name, one) => {
      const { beta, normalize_advantages: normalise, reward_clip_range: range = [-Infinity, Infinity] } = one.config;
      const rows = one.rewards.length;
      const tokens = new Float64Array(rows * 8);
      const kl = tokenRewards(
        {
          logProb: inputs.old_logps.flat(),
          referenceLogProb: inputs.reference_logps.flat(),
          lengths: inputs.completion_mask.map((row) => row.reduce((a, b) => a + b, 0)),
          scores: new Array(rows).fill(0),
          klCoefficient: beta,
        },
        tokens,
      );
      const rewards = one.rewards.map((r, i) => Math.min(Math.max(r, range[0]), range[1]) - beta * kl[i]);
      const scored = one.rewards.map((r, i) => (Number.isNaN(r) ? Number.NaN : rewards[i]));
      const out = new Float64Array(rows);
      leaveOneOutAdvantages(scored, GROUP, out, { normalise });
      expectRecorded(out, one.advantages, 1e-4, name);
    },
  );
});

test("token rewards, and GAE on them as on any episode", () => {
  interface GaeFile {
    beta: number;
    mask: number[][];
    policy_logps: number[][];
    reference_logps: number[][];
    values: number[][];
    scores: number[];
    token_rewards: number[][];
    cases: Record<string, { gamma: number; lambda: number; advantages: number[][]; returns: number[][] }>;
  }
  const file = recording<GaeFile>("rlhf/gae.json");
  const lengths = file.mask.map((row) => row.reduce((a, b) => a + b, 0));
  const rewards = new Float64Array(file.mask.flat().length);
  tokenRewards(
    {
      logProb: file.policy_logps.flat(),
      referenceLogProb: file.reference_logps.flat(),
      lengths,
      scores: file.scores,
      klCoefficient: file.beta,
    },
    rewards,
  );
  expectRecorded(rewards, file.token_rewards.flat(), 1e-7, "token rewards");

  const there = (rows: ArrayLike<number>) => Array.from(rows).filter((_, k) => file.mask.flat()[k] === 1);
  const offsets = Int32Array.from([0, ...lengths]).map((_, i) => lengths.slice(0, i).reduce((a, b) => a + b, 0));
  for (const [name, { gamma, lambda, advantages }] of Object.entries(file.cases)) {
    const out = new Float64Array(offsets[lengths.length]);
    const episodes = {
      offsets,
      rewards: there(rewards),
      values: there(file.values.flat()),
      finalValues: lengths.map(() => 0),
      terminated: lengths.map(() => 1),
      gamma,
    };
    episodeAdvantages(episodes, lambda, out);
    expectRecorded(out, there(advantages.flat()), 1e-7, name);
  }
});

test("whitening with either variance, with and without the mean, with and without a mask", () => {
  type Case = { whitened_times_mask: number[][] };
  const file = recording<{ x: number[][]; mask: number[][]; cases: Record<string, Case> }>("rlhf/whiten.json");
  for (const [name, { whitened_times_mask }] of Object.entries(file.cases)) {
    const out = new Float64Array(file.x.flat().length);
    whiten(file.x.flat(), out, {
      correction: name.startsWith("ddof1") ? 1 : 0,
      shiftMean: name.includes("shift_true"),
      mask: name.endsWith("_masked") ? file.mask.flat() : undefined,
    });
    expectRecorded(out, whitened_times_mask.flat(), 1e-7, name);
  }
});

test("the adaptive KL coefficient over 25 changes", () => {
  interface Case {
    init: number;
    target: number;
    horizon: number;
    n_steps: number;
    kl: number[];
    coefficient_after_update: number[];
  }
  for (const one of recording<{ cases: Case[] }>("rlhf/kl_controller.json").cases) {
    let coefficient = one.init;
    const all = one.kl.map((kl) => {
      coefficient = nextKlCoefficient(coefficient, {
        kl,
        target: one.target,
        steps: one.n_steps,
        horizon: one.horizon,
      });
      return coefficient;
    });
    expectRecorded(all, one.coefficient_after_update, 1e-7, `target ${one.target}`);
  }
});

test("best-of-n, ties shared", () => {
  interface Case {
    base: number[];
    rewards: number[];
    n: number;
    pmf: number[];
    kl_to_base: number;
    kl_upper_bound_log_n_minus: number;
  }
  for (const { base, rewards, n, pmf, kl_to_base, kl_upper_bound_log_n_minus } of recording<{ cases: Case[] }>(
    "rlhf/best_of_n.json",
  ).cases) {
    const best = bestOfN(base, rewards, n);
    expectRecorded(best, pmf, 1e-6, `n = ${n}`);
    const [kl] = stateKl(best, Float64Array.from(base), base.length);
    expect(kl).toBeCloseTo(kl_to_base, 7);
    expect(bestOfNKlBound(n)).toBeCloseTo(kl_upper_bound_log_n_minus, 8);
    expect(kl).toBeLessThanOrEqual(bestOfNKlBound(n) + 1e-8);
  }
});
