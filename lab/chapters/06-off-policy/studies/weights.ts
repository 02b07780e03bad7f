/**
 * Weights of whole trajectories, Π ρ_t, as they grow longer (docs/theory.md, 14): their variance in closed form and from
 * samples, the effective sample size, and each of a few trajectories by itself.
 */
import {
  cumulativeLogRatios,
  type Estimate,
  effectiveSampleSize,
  gradientDiagnostics,
  importanceWeights,
  logRatios,
} from "ascent-rl/estimators";
import { sampleTrajectories, trajectoryLogProb, trajectoryWeightVariance } from "ascent-rl/mdp";
import { RandomStream, streams } from "ascent-rl/random";
import type { Study } from "../../../studies/study.ts";
import { policyPair } from "../policies.ts";
import { SHOWN } from "../shown.ts";

export interface WeightsInput {
  /** Deviation of the differences of the two policies' logits. */
  distance: number;
  /** T of the longest trajectories. */
  steps: number;
  seed: number;
}

export interface WeightsOutput {
  /** N */
  trajectories: number;
  /** 1 … T */
  steps: Float64Array;
  /** Var[Π ρ] of each length in closed form, and of the samples with its interval. */
  exact: Float64Array;
  measured: { value: Float64Array; low: Float64Array; high: Float64Array };
  /** (Σw)²/Σw² as a share of N, and what it goes to with N: 1 / (1 + Var). */
  effectiveShare: Float64Array;
  exactShare: Float64Array;
  /** log₁₀ Π ρ of the first trajectories by length [SHOWN × T]. */
  paths: Float64Array;
  /** Share of all weight at the end that the heaviest hundredth of the trajectories has. */
  heaviest: number;
}

const SIZES = [256, 1024, 4096];

export const study: Study<WeightsInput, WeightsOutput> = function* ({ distance, steps, seed }) {
  const pair = policyPair({ states: 6, actions: 3, gamma: 0.97, horizon: steps, distance, seed });
  const { mdp, behaviour, target } = pair;
  const lengths = Float64Array.from({ length: steps }, (_, t) => t + 1);
  const exact = lengths.map((length) => trajectoryWeightVariance(mdp, behaviour, target, length));
  const random = new RandomStream(seed, streams.user, 2);
  // Rows of whole trajectories, each of T numbers: worlds of this chapter never end before their clock.
  const columns: number[][] = Array.from({ length: steps }, () => []);
  for (const size of SIZES) {
    const drawn = sampleTrajectories(mdp, behaviour, size - columns[0].length, random);
    const ratios = new Float64Array(drawn.states.length);
    logRatios(trajectoryLogProb(drawn, target, 3), trajectoryLogProb(drawn, behaviour, 3), ratios);
    cumulativeLogRatios(drawn.offsets, ratios, ratios);
    ratios.forEach((sum, k) => {
      columns[k % steps].push(sum);
    });
    const spread = columns.map((logWeights) => varianceOf(logWeights));
    yield {
      trajectories: size,
      steps: lengths,
      exact,
      measured: {
        value: Float64Array.from(spread, ({ value }) => value),
        low: Float64Array.from(spread, ({ low }) => low),
        high: Float64Array.from(spread, ({ high }) => high),
      },
      effectiveShare: Float64Array.from(columns, (logWeights) => effectiveSampleSize(logWeights) / size),
      exactShare: exact.map((variance) => 1 / (1 + variance)),
      paths: Float64Array.from(
        { length: SHOWN * steps },
        (_, k) => columns[k % steps][Math.floor(k / steps)] / Math.LN10,
      ),
      heaviest: shareOfHeaviest(columns[steps - 1], 0.01),
    };
  }
};

/** Var of e^{log w}, unbiased, with a 95 % interval by the jackknife. */
function varianceOf(logWeights: readonly number[]): Estimate {
  const weights = new Float64Array(logWeights.length);
  importanceWeights(logWeights, weights);
  return gradientDiagnostics(weights, 1).traceOfCovariance;
}

function shareOfHeaviest(logWeights: readonly number[], part: number): number {
  const weights = new Float64Array(logWeights.length);
  importanceWeights(logWeights, weights);
  const sorted = weights.sort().reverse();
  const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0);
  return sum(sorted.subarray(0, Math.max(1, Math.round(part * sorted.length)))) / sum(sorted);
}
