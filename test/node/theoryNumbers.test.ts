/** The worked numbers of docs/theory.md are what the functions named beside them give. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { surrogates } from "../../bench/theory/clipping.ts";
import { gaussianScores } from "../../bench/theory/gaussianScores.ts";
import { naturalAndPlainStep, penaltyComparison } from "../../bench/theory/naturalGradient.ts";
import { banditGradient } from "../../bench/theory/objective.ts";
import { nextMultiplier } from "../../src/algorithms/surrogate/multiplier.ts";
import { weightVarianceOnWorld } from "../../src/cli/weightVariance.ts";
import {
  bestOfN,
  bestOfNKlBound,
  causalWeights,
  effectiveSampleSize,
  episodeAdvantages,
  firstOrderWeights,
  fullTrajectoryWeights,
  type OffPolicyEpisodes,
  policyIterationWeights,
} from "../../src/estimators/index.ts";
import {
  bandit,
  bradleyTerryPreferences,
  dpoMarginLoss,
  exactGradient,
  fisherMatrix,
  forwardKlOptimum,
  meanKl,
  regularisedOptimum,
  softmaxOfLogits,
  stateKl,
  winRates,
} from "../../src/mdp/index.ts";
import { fitGold, fittedGold } from "../../src/overoptimisation/fits.ts";

const page = readFileSync(new URL("../../docs/theory.md", import.meta.url), "utf8");

/** The worked numbers of a step, on one line. */
function worked(step: number): string {
  const next = page.indexOf(`**${step + 1}.`);
  const part = page.slice(page.indexOf(`**${step}.`), next < 0 ? undefined : next);
  const [, text] = /\*In numbers:\*([\s\S]*?)(?:\n\n|\n?$)/.exec(part) ?? [];
  expect(text, `step ${step}`).toBeDefined();
  return text!.replaceAll("\n", " ").replaceAll("−", "-");
}

/** Three significant digits, as the page writes numbers. */
const said = (value: number, digits = 3) =>
  Number(value.toPrecision(digits)).toLocaleString("en", { maximumFractionDigits: 6 });
const list = (values: ArrayLike<number>, digits = 4) => Array.from(values, (value) => said(value, digits)).join(", ");

test("step 3: the bandit", () => {
  const [zero, one] = [banditGradient(0, 0), banditGradient(1, 0)];
  expect(worked(3)).toContain(`J = ${zero.objective} and ∇J = (${list(zero.gradient)})`);
  expect(worked(3)).toContain(`J = ${said(one.objective)} and ∇J = (${list(one.gradient, 3)})`);
});

test("step 11: advantages by λ", () => {
  const episode = { offsets: Int32Array.of(0, 3), rewards: [0, 0, 1], values: [0.5, 0.6, 0.8], gamma: 0.9 };
  const advantages = (lambda: number) => {
    const out = new Float64Array(3);
    episodeAdvantages({ ...episode, finalValues: [0], terminated: [1] }, lambda, out);
    return list(out);
  };
  expect(worked(11)).toContain(`${advantages(1)} with λ = 1`);
  expect(worked(11)).toContain(`${advantages(0.5)} with λ = ½`);
  expect(worked(11)).toContain(`${advantages(0)} with λ = 0`);
});

test("step 13: a Gaussian's scores", async () => {
  const [{ logProb, byMean, byLogStd }] = await gaussianScores([1], 0.2, 0.5);
  expect(worked(13)).toContain(
    `log π = ${said(logProb, 4)}, and the scores ${said(byMean)} by μ and ${said(byLogStd)} by log σ`,
  );
});

describe("data of another policy", () => {
  test("step 14: weights", () => {
    expect(worked(14)).toContain(`worth ${said(effectiveSampleSize([1, 2, 5].map(Math.log)))} samples`);
    const [first, middle, last] = weightVarianceOnWorld("random-mdp:3", 0, [1, 16, 64], 4);
    expect(worked(14)).toContain(
      `${said(first.exact)} after 1 step, ${said(middle.exact)} after 16 and ${said(Math.round(last.exact), 5)} after 64`,
    );
  });

  test("step 15: the four rungs", () => {
    const episode = {
      offsets: Int32Array.of(0, 2),
      rewards: [1, 2],
      logRatios: [Math.log(2), Math.log(0.5)],
      gamma: 1,
    };
    const weights = (rung: (episodes: OffPolicyEpisodes, out: Float64Array) => void) => {
      const out = new Float64Array(2);
      rung(episode, out);
      return list(out);
    };
    const rungs = [
      `${weights(fullTrajectoryWeights)} on the first rung`,
      `${weights(causalWeights)} on the second`,
      `${weights(policyIterationWeights)} on the third and`,
      `${weights(({ logRatios }, out) => firstOrderWeights(logRatios, [3, 2], out))} on the fourth`,
    ];
    for (const words of rungs) expect(worked(15)).toContain(words);
  });
});

describe("the trust region", () => {
  test("step 19: the natural step", () => {
    const one = softmaxOfLogits({
      states: 2,
      actions: 2,
      parameterCount: 1,
      logits: ([difference]) => Float64Array.of(difference, 0, 0, 0),
    });
    const theta = new Float64Array(1);
    const weights = [1, 0];
    const [g] = exactGradient(bandit([1, 0]), one, theta);
    const [fisher] = fisherMatrix(one, theta, weights);
    expect([g, fisher]).toEqual([0.25, 0.25]);
    const step = Math.sqrt((2 * 0.01) / ((g * g) / fisher)) * (g / fisher);
    const kl = meanKl(one.policy(theta), one.policy(Float64Array.of(step)), 2, weights);
    expect(worked(19)).toContain(`the step ${said(step)}, whose KL divergence is ${said(kl)}`);
    const { gain, plainStep, naturalStep } = naturalAndPlainStep();
    expect(worked(19)).toContain(`gains ${said(gain(plainStep))} with the same`);
    expect(worked(19)).toContain(`natural one gains ${said(gain(naturalStep))}`);
  });

  test("step 20: the penalty beside the trust region", () => {
    const { penalty, penaltyStep, trustRegionStep } = penaltyComparison();
    expect(worked(20)).toContain(`C = ${said(penalty)}.`);
    expect(worked(20)).toContain(`gains ${said(penaltyStep.improvement, 2)}, half`);
    expect(penaltyStep.guaranteed / penaltyStep.improvement).toBeCloseTo(0.5, 2);
    expect(worked(20)).toContain(`0.01 gains ${said(trustRegionStep.improvement, 2)}`);
    expect(trustRegionStep.guaranteed).toBeLessThan(0);
  });
});

test("step 22: clipping", async () => {
  const [[good], [bad]] = await Promise.all([surrogates([1.5], 1), surrogates([1.5], -1)]);
  expect(worked(22)).toContain(`${said(good.clipped)} for A = 1, with gradient ${said(good.slope)}`);
  expect(worked(22)).toContain(`${said(bad.clipped)} for A = -1, with gradient ${said(bad.slope)}`);
});

test("step 23: the adaptive penalty", () => {
  const next = (kl: number) => nextMultiplier(1, kl, { klRule: "adaptive", klTarget: 0.01, klRate: 1 });
  expect(worked(23)).toContain(
    `0.005 makes β ${next(0.005)}, one of 0.02 makes it ${next(0.02)}, one of 0.012 leaves it ${next(0.012)}`,
  );
});

describe("preferences", () => {
  const reference = Float64Array.of(0.5, 0.3, 0.15, 0.05);
  const rewards = [1, 0, 2, -1];
  const probabilities = (values: Float64Array) => `(${Array.from(values, (p) => p.toFixed(3)).join(", ")})`;

  test("step 26: the optimum, the forward divergence's, groups of two, the best of four", () => {
    const { policy, value, kl } = regularisedOptimum(reference, rewards, 1);
    expect(worked(26)).toContain(`π* = ${probabilities(policy)}`);
    expect(worked(26)).toContain(`β log Z = ${value.toFixed(4)} and KL = ${kl.toFixed(4)}`);
    expect(worked(26)).toContain(`divergence gives ${probabilities(forwardKlOptimum(reference, rewards, 1))}`);
    expect(worked(26)).toContain(
      `ends at ${probabilities(regularisedOptimum(reference, rewards, 2).policy)}, π* at β = 2`,
    );
    const [best] = stateKl(bestOfN(reference, rewards, 4), reference, 4);
    expect(worked(26)).toContain(`KL = ${said(best)}, below the bound ${said(bestOfNKlBound(4))}`);
  });

  test("step 27: losses, and where IPO ends", () => {
    const { value } = dpoMarginLoss(0.1);
    expect(worked(27)).toContain(`ln 2 = ${value(0).toFixed(4)}`);
    expect(worked(27)).toContain(
      `= 6: ${value(6).toFixed(4)}, and ${(0.9 * value(6) + 0.1 * value(-6)).toFixed(4)} if`,
    );
    const wins = winRates(bradleyTerryPreferences(rewards), [0.25, 0.25, 0.25, 0.25]);
    expect(worked(27)).toContain(`at ${probabilities(regularisedOptimum(reference, wins, 0.5).policy)}`);
  });

  test("step 28: where the fitted forms peak", () => {
    const distances = [0.5, 1, 2, 3];
    const gold = (of: (d: number) => number) => distances.map((d) => d * (1.5 - 0.4 * of(d)));
    const bestOfFit = fitGold(
      distances,
      gold((d) => d),
      "bestOfN",
    );
    const learntFit = fitGold(distances, gold(Math.log), "reinforcementLearning");
    expect(worked(28)).toContain(`peak at $d$ = ${bestOfFit.peak.toFixed(3)} and nothing left at 3.75`);
    expect(fittedGold(bestOfFit, "bestOfN", 3.75)).toBeCloseTo(0, 8);
    expect(worked(28)).toContain(`peaks at $d$ = ${learntFit.peak.toFixed(1)}`);
  });
});
