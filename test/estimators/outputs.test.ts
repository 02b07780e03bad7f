/**
 * What every estimator promises of the array it writes: an array that is too short is refused, what stood in it before does not
 * matter, and what lies behind the last entry is left as it is.
 */

import { describe, expect, test } from "vitest";
import type { Output } from "../../src/estimators/index.ts";
import * as estimators from "../../src/estimators/index.ts";

const offsets = Int32Array.of(0, 2, 3, 6);
const rewards = [1, -2, 3, 0.5, 4, -1];
const values = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6];
const logRatios = [0.3, -0.2, 0.1, 0.4, -0.5, 0.2];
const episodes = { offsets, rewards, values, logRatios, gamma: 0.9, finalValues: [1, 2, 3], terminated: [1, 0, 0] };
const offPolicy = { offsets, rewards, logRatios, gamma: 0.9 };
const scores = Float64Array.from({ length: 12 }, (_, i) => Math.cos(i));
const scoreSums = Float64Array.from({ length: 6 }, (_, i) => Math.sin(i + 1));
const returns = [2, 3, -1];
const rollout = {
  ...{ steps: 3, environments: 2, rewards, values, terminated: [0, 0, 1, 0, 0, 0], truncated: [0, 1, 0, 0, 0, 0] },
  ...{ finalValues: values, lastValues: [0.3, 0.7], gamma: 0.9, lambda: 0.8 },
};
const other = () => new Float64Array(6);

/** Name, entries that are written, and the call. */
const calls: [string, number, (out: Output) => unknown][] = [
  ["meanReturnBaseline", 6, (out) => estimators.meanReturnBaseline(offsets, returns, out)],
  ["leaveOneOutBaseline", 6, (out) => estimators.leaveOneOutBaseline(offsets, returns, out)],
  ["stepMeanBaseline", 6, (out) => estimators.stepMeanBaseline(offsets, rewards, out)],
  ["timeStepMeanBaseline", 6, (out) => estimators.timeStepMeanBaseline(offsets, rewards, out)],
  ["subtractBaseline", 6, (out) => estimators.subtractBaseline(rewards, values, out)],
  ["nStepReturns", 6, (out) => estimators.nStepReturns(episodes, 2, out)],
  ["tdLambdaReturns", 6, (out) => estimators.tdLambdaReturns(episodes, 0.5, out)],
  ["episodeAdvantages", 6, (out) => estimators.episodeAdvantages(episodes, 0.5, out)],
  ["gatherSteps", 6, (out) => estimators.gatherSteps(values, Int32Array.of(5, 4, 3, 2, 1, 0), out)],
  ["logRatios", 6, (out) => estimators.logRatios(values, rewards, out)],
  ["cumulativeLogRatios", 6, (out) => estimators.cumulativeLogRatios(offsets, logRatios, out)],
  ["trajectoryLogRatios", 3, (out) => estimators.trajectoryLogRatios(offsets, logRatios, out)],
  ["importanceWeights", 6, (out) => estimators.importanceWeights(logRatios, out)],
  ["selfNormalisedWeights", 6, (out) => estimators.selfNormalisedWeights(logRatios, out)],
  ["truncatedLogRatios", 6, (out) => estimators.truncatedLogRatios(logRatios, 1.1, out)],
  ["fullTrajectoryWeights", 6, (out) => estimators.fullTrajectoryWeights(offPolicy, out)],
  ["selfNormalisedTrajectoryWeights", 6, (out) => estimators.selfNormalisedTrajectoryWeights(offPolicy, out)],
  ["causalWeights", 6, (out) => estimators.causalWeights(offPolicy, out)],
  ["policyIterationWeights", 6, (out) => estimators.policyIterationWeights(offPolicy, out)],
  ["clippedCausalWeights", 6, (out) => estimators.clippedCausalWeights(offPolicy, 1.1, out)],
  ["firstOrderWeights", 6, (out) => estimators.firstOrderWeights(logRatios, values, out)],
  ["trajectoryReturns", 3, (out) => estimators.trajectoryReturns(episodes, 0.9, out)],
  ["totalReturn", 6, (out) => estimators.totalReturn(episodes, 0.9, out)],
  ["rewardToGo", 6, (out) => estimators.rewardToGo(episodes, 0.9, out)],
  ["vTrace: targets", 6, (out) => estimators.vTrace(episodes, out, other())],
  ["vTrace: advantages", 6, (out) => estimators.vTrace(episodes, other(), out)],
  ["generalisedAdvantages: advantages", 6, (out) => estimators.generalisedAdvantages(rollout, out, other())],
  ["generalisedAdvantages: targets", 6, (out) => estimators.generalisedAdvantages(rollout, other(), out)],
];

/** Written whole: the output's length is the number of parameters. */
const gradients: [string, number, (out: Output) => unknown][] = [
  ["policyGradient", 2, (out) => estimators.policyGradient(scores, values, offsets, out)],
  ["trajectoryGradients", 6, (out) => estimators.trajectoryGradients(scores, values, offsets, out)],
  ["trajectoryScoreSums", 6, (out) => estimators.trajectoryScoreSums(scores, offsets, out)],
  ["optimalBaseline", 2, (out) => estimators.optimalBaseline(scoreSums, returns, out)],
  [
    "policyGradientWithParameterBaseline",
    2,
    (out) => estimators.policyGradientWithParameterBaseline(scoreSums, returns, [0.5, -0.5], out),
  ],
];

describe.each([...calls, ...gradients])("%s", (_, length, write) => {
  test("does not depend on what the output held", () => {
    const [clean, dirty] = [new Float64Array(length), new Float64Array(length).fill(Number.NaN)];
    write(clean);
    write(dirty);
    expect(dirty).toEqual(clean);
    expect(clean.every(Number.isFinite)).toBe(true);
  });
});

describe.each(calls)("%s", (_, length, write) => {
  test("refuses an output that is one short, and leaves what lies behind the last", () => {
    const error = expect.objectContaining({
      code: "shape",
      problem: expect.objectContaining({ got: `${length - 1} entries`, expected: `at least ${length}` }),
    });
    expect(() => write(new Float64Array(length - 1))).toThrow(error);
    const longer = new Float64Array(length + 2).fill(7);
    write(longer);
    expect([...longer.subarray(length)]).toEqual([7, 7]);
  });
});

test.each(gradients)("%s refuses an output of another number of parameters", (_, length, write) => {
  expect(() => write(new Float64Array(length + 1))).toThrow(expect.objectContaining({ code: "shape" }));
});

describe("offsets that do not cut steps into trajectories", () => {
  const out = new Float64Array(6);
  test.each([
    [[], "none"],
    [[1, 6], "1 at entry 0"],
    [[0, 4, 3, 6], "3 at entry 2"],
  ])("%j", (bad, got) => {
    const error = expect.objectContaining({ code: "shape", problem: expect.objectContaining({ got }) });
    expect(() => estimators.stepMeanBaseline(Int32Array.from(bad), rewards, out)).toThrow(error);
  });

  test("an empty trajectory is one", () => {
    estimators.timeStepMeanBaseline(Int32Array.of(0, 3, 3, 6), [1, 2, 3, 4, 5, 6], out);
    expect([...out]).toEqual([2.5, 3.5, 4.5, 2.5, 3.5, 4.5]);
  });
});

describe("arrays of another length", () => {
  const out = new Float64Array(6);
  test.each<[string, () => unknown]>([
    [
      "episodesFromRollout: terminated",
      () => estimators.episodesFromRollout(2, 3, new Uint8Array(5), new Uint8Array(6)),
    ],
    ["timeStepMeanBaseline: weights", () => estimators.timeStepMeanBaseline(offsets, [1], out)],
    ["cumulativeLogRatios: log ratios", () => estimators.cumulativeLogRatios(offsets, [1], out)],
    ["trajectoryLogRatios: log ratios", () => estimators.trajectoryLogRatios(offsets, [1], out)],
    ["policyGradient: weights", () => estimators.policyGradient(scores, [1], offsets, out)],
    ["trajectoryGradients: weights", () => estimators.trajectoryGradients(scores, [1], offsets, out)],
    [
      "optimalBaseline: probabilities",
      () => estimators.optimalBaseline(scoreSums, returns, new Float64Array(2), [1, 1]),
    ],
    [
      "policyGradientWithParameterBaseline: baselines",
      () => estimators.policyGradientWithParameterBaseline(scoreSums, returns, [1], new Float64Array(2)),
    ],
    ["applyTimeDiscount: weights", () => estimators.applyTimeDiscount(offsets, 0.9, new Float64Array(5))],
    ["vTrace: log ratios", () => estimators.vTrace({ ...episodes, logRatios: [0] }, out, other())],
    ["causalWeights: rewards", () => estimators.causalWeights({ ...offPolicy, rewards: [1] }, out)],
    ["trajectoryReturns: rewards", () => estimators.trajectoryReturns({ offsets, rewards: [1] }, 1, out)],
    ["trajectoryReturns: values behind", () => estimators.trajectoryReturns(episodes, 1, out, [1])],
    ["subtractReachedBaseline: values", () => estimators.subtractReachedBaseline(offPolicy, [1], new Float64Array(6))],
    [
      "generalisedAdvantages: values",
      () => estimators.generalisedAdvantages({ ...rollout, values: [1] }, out, other()),
    ],
    [
      "generalisedAdvantages: terminated",
      () => estimators.generalisedAdvantages({ ...rollout, terminated: [1] }, out, other()),
    ],
    [
      "generalisedAdvantages: truncated",
      () => estimators.generalisedAdvantages({ ...rollout, truncated: [1] }, out, other()),
    ],
  ])("%s", (what, call) => {
    expect(call).toThrow(expect.objectContaining({ code: "shape", message: expect.stringContaining(what) }));
  });

  test.each<[string, () => unknown]>([
    ["trajectoryReturns: γ", () => estimators.trajectoryReturns(episodes, 1.1, out)],
    ["rewardToGo: γ", () => estimators.rewardToGo(episodes, -0.1, out)],
    ["applyTimeDiscount: γ", () => estimators.applyTimeDiscount(offsets, 2, new Float64Array(6))],
    ["causalWeights: γ", () => estimators.causalWeights({ ...offPolicy, gamma: 1.5 }, out)],
    ["truncatedLogRatios: bound", () => estimators.truncatedLogRatios(logRatios, 0, out)],
    ["generalisedAdvantages: γ", () => estimators.generalisedAdvantages({ ...rollout, gamma: 1.5 }, out, other())],
    ["generalisedAdvantages: λ", () => estimators.generalisedAdvantages({ ...rollout, lambda: -1 }, out, other())],
  ])("%s out of its range", (what, call) => {
    const message = expect.stringContaining(what.replace(": bound", ""));
    expect(call).toThrow(expect.objectContaining({ code: "option", message }));
  });
});
