/**
 * The four rungs of the off-policy gradient, and two tamed forms, on a world where ∇J is known (docs/theory.md, 15, 16): bias and
 * total variance of each from batches, with intervals, beside the bias that theory gives it.
 */
import {
  causalWeights,
  clippedCausalWeights,
  type Estimate,
  firstOrderWeights,
  fullTrajectoryWeights,
  gradientDiagnostics,
  logRatios,
  type OffPolicyEpisodes,
  policyGradient,
  policyIterationWeights,
  rewardToGo,
  selfNormalisedTrajectoryWeights,
} from "ascent-rl/estimators";
import { finiteHorizonGradient, sampleTrajectories, trajectoryLogProb, trajectoryScores } from "ascent-rl/mdp";
import { RandomStream, streams } from "ascent-rl/random";
import { relativeBias } from "ascent-rl/variance";
import type { Study } from "../../../studies/study.ts";
import { type PolicyPair, policyPair } from "../policies.ts";

export interface RungsInput {
  distance: number;
  /** T */
  steps: number;
  /** N of each estimate. */
  trajectories: number;
  /** What ratios are cut to in the clipped form. */
  clip: number;
  seed: number;
}

export const rungNames = [
  "trajectory",
  "causal",
  "policyIteration",
  "firstOrder",
  "selfNormalised",
  "clipped",
] as const;
export type RungName = (typeof rungNames)[number];

export interface Rung {
  name: RungName;
  /** E ĝ by theory [parameters], and ‖E ĝ − ∇J‖ / ‖∇J‖; not known of the two tamed forms. */
  expected?: Float64Array;
  exactBias?: number;
  /** From the batches. */
  mean: Float64Array;
  bias: Estimate;
  /** √(tr Cov ĝ) / ‖∇J‖ of an estimate from N trajectories. */
  noise: Estimate;
}

export interface RungsOutput {
  /** ∇J of the policy that is wanted [parameters]. */
  exact: Float64Array;
  batches: number;
  rungs: Rung[];
}

const BATCHES = [50, 200, 800];

type Weigh = (episodes: OffPolicyEpisodes, out: Float64Array) => void;

export const study: Study<RungsInput, RungsOutput> = function* ({ distance, steps, trajectories, clip, seed }) {
  const pair = policyPair({ states: 3, actions: 2, gamma: 1, horizon: steps, distance, seed });
  const { mdp, model, parameters, behaviour } = pair;
  const exact = finiteHorizonGradient(mdp, model, parameters);
  const expected: Partial<Record<RungName, Float64Array>> = {
    trajectory: exact,
    causal: exact,
    policyIteration: finiteHorizonGradient(mdp, model, parameters, { valuesOf: behaviour }),
    firstOrder: finiteHorizonGradient(mdp, model, parameters, { valuesOf: behaviour, statesOf: behaviour }),
  };
  const ways: Record<RungName, Weigh> = {
    trajectory: fullTrajectoryWeights,
    causal: causalWeights,
    policyIteration: policyIterationWeights,
    firstOrder: (episodes, out) => {
      rewardToGo(episodes, episodes.gamma, out);
      firstOrderWeights(episodes.logRatios, Float64Array.from(out), out);
    },
    selfNormalised: selfNormalisedTrajectoryWeights,
    clipped: (episodes, out) => clippedCausalWeights(episodes, clip, out),
  };
  const random = new RandomStream(seed, streams.user, 2);
  const estimates = rungNames.map(() => new Float64Array(BATCHES[BATCHES.length - 1] * model.parameterCount));
  let done = 0;
  for (const batches of BATCHES) {
    for (; done < batches; done++) {
      const batch = drawBatch(pair, trajectories, random);
      rungNames.forEach((name, i) => {
        const weights = new Float64Array(batch.scores.length / model.parameterCount);
        ways[name](batch.episodes, weights);
        const row = estimates[i].subarray(done * model.parameterCount, (done + 1) * model.parameterCount);
        policyGradient(batch.scores, weights, batch.episodes.offsets, row);
      });
    }
    const rungs = rungNames.map((name, i) =>
      findingsOf(name, estimates[i].subarray(0, batches * model.parameterCount), exact, expected[name]),
    );
    yield { exact, batches, rungs };
  }
};

function drawBatch({ mdp, model, parameters, behaviour, target }: PolicyPair, count: number, random: RandomStream) {
  const drawn = sampleTrajectories(mdp, behaviour, count, random);
  const ratios = new Float64Array(drawn.states.length);
  logRatios(trajectoryLogProb(drawn, target, 2), trajectoryLogProb(drawn, behaviour, 2), ratios);
  return {
    episodes: { ...drawn, logRatios: ratios, gamma: mdp.gamma },
    scores: trajectoryScores(drawn, model, parameters),
  };
}

function findingsOf(name: RungName, rows: Float64Array, exact: Float64Array, expected?: Float64Array): Rung {
  const norm = lengthOf(exact);
  const { mean, traceOfCovariance } = gradientDiagnostics(rows, exact.length);
  const deviation = (variance: number) => Math.sqrt(variance) / norm;
  return {
    name,
    ...(expected && { expected, exactBias: lengthOf(expected.map((g, j) => g - exact[j])) / norm }),
    mean,
    bias: relativeBias(rows, exact),
    noise: {
      value: deviation(traceOfCovariance.value),
      low: deviation(traceOfCovariance.low),
      high: deviation(traceOfCovariance.high),
    },
  };
}

function lengthOf(vector: Float64Array): number {
  return Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));
}
