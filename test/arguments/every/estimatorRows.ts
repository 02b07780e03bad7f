/** Valid arguments of the functions of "ascent-rl/estimators": two trajectories of two steps, two parameters. */

import { add, input, mul, parameter, sum } from "../../../src/tensor/index.ts";
import { also, maybe, options, parts } from "./harness.ts";

const four = () => Float64Array.of(0.1, 0.2, 0.3, 0.4);
const two = () => Float64Array.of(1, 2);
const offsets = () => Int32Array.of(0, 2, 4);
const flags = () => Uint8Array.of(0, 1);
const own = { offsets: offsets(), rewards: four() };
const bootstrapped = { ...own, values: four(), finalValues: two(), terminated: flags(), gamma: 0.9 };
const episodes = () => parts(own);
const withValues = () => parts(bootstrapped);
const offPolicy = () => parts({ ...own, logRatios: four(), gamma: 0.9, behind: maybe(two()) });

export function estimatorRows(): Record<string, () => unknown[]> {
  const x = input("x", [3, 2]);
  const p = parameter("p", [2]);
  const all = (names: readonly string[], make: () => unknown[]) =>
    Object.fromEntries(names.map((name) => [name, make]));
  return {
    ...all(["meanReturnBaseline", "leaveOneOutBaseline"], () => [offsets(), two(), four()]),
    ...all(["cumulativeLogRatios", "stepMeanBaseline"], () => [offsets(), four(), four()]),
    ...all(["tdLambdaReturns", "episodeAdvantages"], () => [withValues(), 0.9, four()]),
    ...all(["importanceWeights", "selfNormalisedWeights"], () => [also(four(), "list"), four()]),
    ...all(["totalReturn", "rewardToGo"], () => [episodes(), 0.9, four(), maybe(two())]),
    ...all(["causalWeights", "fullTrajectoryWeights", "policyIterationWeights"], () => [offPolicy(), four()]),
    ...all(["policyGradient"], () => [new Float64Array(8), four(), offsets(), two()]),
    selfNormalisedTrajectoryWeights: () => [offPolicy(), four()],
    applyTimeDiscount: () => [offsets(), 0.9, four()],
    clippedCausalWeights: () => [offPolicy(), 2, four()],
    diagnosticsByBatchSize: () => [new Float64Array(16).fill(1), 2, [1, 2], options({ exact: two() })],
    discountedReturnGradientWeights: () => [episodes(), 0.9, four()],
    effectiveSampleSize: () => [also(four(), "list")],
    episodesFromRollout: () => [2, 2, new Uint8Array(4), new Uint8Array(4)],
    explainedVariance: () => [four(), four()],
    firstOrderWeights: () => [four(), four(), four()],
    gatherSteps: () => [also(four(), "list"), Int32Array.of(1), two()],
    generalisedAdvantages: () => [
      parts({
        ...{ steps: 2, environments: 2, rewards: four(), values: four(), terminated: new Uint8Array(4) },
        ...{ truncated: new Uint8Array(4), finalValues: four(), lastValues: two(), gamma: 0.9, lambda: 0.9 },
      }),
      four(),
      four(),
    ],
    gradientDiagnostics: () => [Float64Array.from({ length: 16 }, (_, i) => i), 2, options({ exact: two() })],
    jackknife: () => [1, 4, (i: number) => i],
    logRatios: () => [four(), four(), four()],
    meanInterval: () => [also(four(), "list")],
    pairedDifference: () => [also(four(), "list"), also(four(), "list")],
    nStepReturns: () => [withValues(), 2, four()],
    offPolicyWeights: () => [
      parts({ ...bootstrapped, logRatios: four() }),
      parts({ estimator: "vtrace", ratioClip: 1, gaeLambda: 0.9 }),
      four(),
      four(),
    ],
    optimalBaseline: () => [four(), two(), two(), maybe(two())],
    perSampleScores: () => [sum(add(mul(x, p), 0), -1), [p]],
    policyGradientWithParameterBaseline: () => [four(), two(), two(), two()],
    reinforceWeights: () => [
      withValues(),
      parts({ weighting: "toGo", baseline: "none", discounting: "exact", gaeLambda: 0.9 }),
      four(),
    ],
    subtractBaseline: () => [four(), four(), four()],
    subtractReachedBaseline: () => [offPolicy(), four(), four()],
    timeStepMeanBaseline: () => [offsets(), four(), four(), options({ leaveOneOut: true })],
    trajectoryGradients: () => [new Float64Array(8), four(), offsets(), four()],
    trajectoryLogRatios: () => [offsets(), four(), two()],
    trajectoryReturns: () => [episodes(), 0.9, two(), maybe(two())],
    trajectoryScoreSums: () => [new Float64Array(8), offsets(), four()],
    truncatedLogRatios: () => [also(four(), "list"), 1, four()],
    valuesBehind: () => [withValues()],
    vTrace: () => [
      parts({ ...bootstrapped, logRatios: four(), rhoBar: maybe(1), cBar: maybe(1), lambda: maybe(0.9) }),
      four(),
      four(),
    ],
  };
}
