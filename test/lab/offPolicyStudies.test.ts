/** Chapter 6: measured beside exact, on the library's own worlds (docs/theory.md, 14 to 16). */

import { describe, expect, test } from "vitest";
import { policyPair } from "../../lab/chapters/06-off-policy/policies.ts";
import { SHOWN } from "../../lab/chapters/06-off-policy/shown.ts";
import { type Rung, study as rungs } from "../../lab/chapters/06-off-policy/studies/rungs.ts";
import { study as vtrace, vtraceWorld } from "../../lab/chapters/06-off-policy/studies/vtrace.ts";
import { study as weights } from "../../lab/chapters/06-off-policy/studies/weights.ts";
import { finiteHorizonGradient, objective, trajectoryWeightVariance, vTracePolicy } from "../../src/mdp/index.ts";
import { lastOutput, outputsOf } from "./lastOutput.ts";

describe("weights", () => {
  const input = { distance: 0.4, steps: 24, seed: 3 };

  test("the exact variance is the library's; short lengths are met by the samples, the share of the batch falls", async () => {
    const all = await outputsOf(weights(input));
    expect(all.map(({ trajectories }) => trajectories)).toEqual([256, 1024, 4096]);
    const { exact, measured, effectiveShare, exactShare, paths, heaviest } = all[2];
    const { mdp, behaviour, target } = policyPair({ states: 6, actions: 3, gamma: 0.97, horizon: 24, ...input });
    exact.forEach((variance, t) => {
      expect(variance).toBe(trajectoryWeightVariance(mdp, behaviour, target, t + 1));
      if (t > 0) expect(variance).toBeGreaterThan(exact[t - 1]);
      expect(exactShare[t]).toBeCloseTo(1 / (1 + variance), 14);
    });
    for (const t of [0, 1, 3]) {
      expect(measured.value[t] / exact[t]).toBeGreaterThan(0.85);
      expect(measured.value[t] / exact[t]).toBeLessThan(1.15);
      expect(Math.abs(effectiveShare[t] - exactShare[t])).toBeLessThan(0.05);
    }
    expect(effectiveShare[23]).toBeLessThan(effectiveShare[0]);
    expect(paths.length).toBe(SHOWN * 24);
    expect(heaviest).toBeGreaterThan(0.01);
  });

  test("equal policies: all weights 1", async () => {
    const { exact, measured, effectiveShare, heaviest } = await lastOutput(weights({ ...input, distance: 0 }));
    expect(Math.max(...exact)).toBeLessThan(1e-12);
    expect(Math.max(...measured.value)).toBeLessThan(1e-20);
    expect(Math.min(...effectiveShare)).toBeCloseTo(1, 12);
    expect(heaviest).toBeCloseTo(41 / 4096, 10);
  });

  test("another seed is another world, and the same one the same numbers", async () => {
    const [one, again, other] = await Promise.all([3, 3, 4].map((seed) => lastOutput(weights({ ...input, seed }))));
    expect(again).toEqual(one);
    expect(other.exact[5]).not.toBe(one.exact[5]);
  });
});

describe("rungs", () => {
  const input = { distance: 0.5, steps: 6, trajectories: 20, clip: 1, seed: 0 };
  const byName = (all: readonly Rung[]) => Object.fromEntries(all.map((rung) => [rung.name, rung]));

  test("each rung's measured bias covers its exact one; the first two have none", async () => {
    const { exact, batches, rungs: found } = await lastOutput(rungs(input));
    const { mdp, model, parameters } = policyPair({ states: 3, actions: 2, gamma: 1, horizon: 6, ...input });
    expect(exact).toEqual(finiteHorizonGradient(mdp, model, parameters));
    expect(batches).toBe(800);
    const { trajectory, causal, policyIteration, firstOrder, selfNormalised, clipped } = byName(found);
    for (const { exactBias, bias } of [trajectory, causal, policyIteration, firstOrder]) {
      const half = (bias.high - bias.low) / 2;
      expect(Math.abs(bias.value - exactBias!)).toBeLessThan(2 * half);
    }
    for (const { exactBias, bias } of [trajectory, causal]) {
      expect(exactBias).toBe(0);
      expect(bias.low).toBe(0);
    }
    for (const { exactBias, bias } of [policyIteration, firstOrder]) {
      expect(exactBias).toBeGreaterThan(0.02);
      expect(bias.low).toBeGreaterThan(0);
    }
    expect(firstOrder.noise.value).toBeLessThan(causal.noise.value);
    expect(causal.noise.value).toBeLessThan(trajectory.noise.value);
    expect(selfNormalised.exactBias).toBeUndefined();
    expect(clipped.noise.value).toBeLessThan(causal.noise.value);
  });

  test("the cut changes the clipped form alone, and with a high bound it is the second rung", async () => {
    const [low, high] = await Promise.all(
      [0.5, 1e6].map(async (clip) => byName((await lastOutput(rungs({ ...input, clip }))).rungs)),
    );
    expect(low.causal).toEqual(high.causal);
    expect(high.clipped.mean).toEqual(high.causal.mean);
    expect(low.clipped.bias.value).toBeGreaterThan(0.1);
  });

  test("longer episodes and farther policies are noisier", async () => {
    const noise = async (change: Partial<typeof input>) =>
      byName((await lastOutput(rungs({ ...input, ...change }))).rungs).trajectory.noise.value;
    const plain = await noise({});
    expect(await noise({ steps: 12 })).toBeGreaterThan(plain);
    expect(await noise({ distance: 1 })).toBeGreaterThan(plain);
  });
});

describe("vtrace", () => {
  const input = { distance: 1, rhoBar: 1, cBar: 1, steps: 10, seed: 5 };

  test("ends at the value of vTracePolicy, whatever c̄ is; a larger c̄ is quicker, and noisier", async () => {
    const { mdp, behaviour, target } = policyPair({ ...vtraceWorld, horizon: 10, distance: 1, seed: 5 });
    const slow = await lastOutput(vtrace({ ...input, cBar: 0.1 }));
    const quick = await lastOutput(vtrace(input));
    for (const found of [slow, quick]) {
      expect(found.behaviour).toBe(objective(mdp, behaviour));
      expect(found.target).toBe(objective(mdp, target));
      expect(found.fixedPoint).toBe(objective(mdp, vTracePolicy(behaviour, target, 3, 1)));
    }
    const left = ({ exact, fixedPoint }: typeof slow) => Math.abs(exact[20] - fixedPoint);
    expect(left(quick)).toBeLessThan(left(slow));
    expect(Math.abs(quick.exact[80] - quick.fixedPoint)).toBeLessThan(0.02 * Math.abs(quick.target - quick.behaviour));
    expect(quick.high[60] - quick.low[60]).toBeGreaterThan(slow.high[60] - slow.low[60]);
    expect(Math.abs(quick.mean[80] - quick.fixedPoint)).toBeLessThan(quick.high[80] - quick.low[80]);
  });

  test("ρ̄ decides between the two policies", async () => {
    const of = async (rhoBar: number) =>
      (await lastOutput(vtrace({ ...input, rhoBar, cBar: Math.min(rhoBar, 1) }))).fixedPoint;
    const { target } = await lastOutput(vtrace(input));
    expect(await of(Infinity)).toBeCloseTo(target, 12);
    expect(Math.abs((await of(0.3)) - target)).toBeGreaterThan(Math.abs((await of(2)) - target));
  });
});
